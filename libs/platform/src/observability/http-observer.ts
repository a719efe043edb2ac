import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contextOf } from '../http/request-context';
import type { AppLogger } from './logger';
import type { Metrics } from './metrics';
import type { Span, Tracing } from './tracing';

const SPAN = Symbol('doorstep:span');
const ROUTE = Symbol('doorstep:route');
/** Asked by machines every few seconds: not worth a line or a span. */
const QUIET = /^\/(health|metrics)/;

/** A metric, a span and a debug line for each answered request, all by the route's template. */
export function observeRequests(
  server: FastifyInstance,
  metrics: Metrics,
  tracing: Tracing,
  logger: AppLogger,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const context = contextOf(request);
    if (!context || QUIET.test(request.url)) return done();
    const span = tracing.span(`${request.method} ${routeOf(request)}`, 'server', context.traceparent);
    if (span) {
      context.traceparent = span.traceparent;
      (request as { [SPAN]?: Span })[SPAN] = span;
    }
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const status = reply.statusCode;
    metrics.requestDone(request.method, route, status, reply.elapsedTime / 1000);
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'http.response.status_code': status,
    };
    (request as { [SPAN]?: Span })[SPAN]?.end(
      attributes,
      status >= 500 ? new Error(String(status)) : undefined,
    );
    if (!QUIET.test(request.url)) {
      const facts = { method: request.method, route, status, ms: Math.round(reply.elapsedTime * 10) / 10 };
      logger.answered(facts, contextOf(request));
    }
    done();
  });
}

/** For a route that stands for many: what its metrics are counted under. A handful of names, never an address. */
export function nameRoute(request: FastifyRequest, name: string): void {
  (request as { [ROUTE]?: string })[ROUTE] = name;
}

function routeOf(request: FastifyRequest): string {
  const named = (request as { [ROUTE]?: string })[ROUTE];
  return named ?? (request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown'));
}
