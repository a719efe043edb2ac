import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  NotFoundException,
} from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openContext } from '../context/context';
import type { AppLogger } from '../observability/logger';
import type { RouteTable } from './route-table';
import { problemOfPostgres } from './postgres-problem';
import { problem, type Problem, PROBLEM_TYPE, ProblemError, problemOfDomainError } from './problem';

/** Turns whatever is thrown into an RFC 9457 problem document. Only our own defects are 500, and are logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: AppLogger,
    private readonly routes?: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    sendProblem(
      request,
      reply,
      this.wrongMethod(error, request) ?? problemOf(error, request),
      error,
      this.logger,
    );
  }

  /** A path that exists under other methods is a 405 that names them. */
  private wrongMethod(error: unknown, request: FastifyRequest): Problem | undefined {
    if (!this.routes || !request.is404 || !(error instanceof NotFoundException)) return undefined;
    const allow = this.routes.methodsOf(pathOf(request));
    if (allow.length === 0 || allow.includes(request.method)) return undefined;
    return problem(405, 'method_not_allowed', `${pathOf(request)} does not answer to ${request.method}.`, {
      mend: `Use ${allow.join(' or ')}.`,
      details: { allow },
    });
  }
}

/** Sends a problem; logs the error behind it when the fault is ours. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  found: Problem,
  error: unknown,
  logger: AppLogger,
): void {
  if (found.status >= 500 && found.status !== 503) {
    logger.failure('request failed', error, { method: request.method, route: request.routeOptions?.url });
  }
  if (reply.sent) return;
  const retry = found.details?.retryAfterSeconds;
  if (typeof retry === 'number') void reply.header('retry-after', String(retry));
  else if (found.status === 503) void reply.header('retry-after', '1');
  // The rest of a refused body is not waited for.
  if (found.status === 413) void reply.header('connection', 'close');
  if (found.status === 401) void reply.header('www-authenticate', 'Bearer');
  if (found.status === 405 && Array.isArray(found.details?.allow)) {
    void reply.header('allow', (found.details.allow as string[]).join(', '));
  }
  void reply
    .status(found.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ ...found, correlationId: openContext()?.correlationId ?? request.id }));
}

/** The problem document of anything thrown. */
export function problemOf(error: unknown, request?: FastifyRequest): Problem {
  if (error instanceof DomainError) return problemOfDomainError(error);
  if (error instanceof ProblemError) return error.problem;
  const transport = problemOfTransport(error, request);
  if (transport) return transport;
  return (
    problemOfPostgres(error) ??
    problem(500, 'internal', 'Something went wrong on our side.', {
      mend: 'Try again; when it stays, tell us the correlationId.',
    })
  );
}

/** What Fastify and Nest refuse before any of our code runs. */
function problemOfTransport(error: unknown, request?: FastifyRequest): Problem | undefined {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
  if (typeof status !== 'number' || status < 400 || status >= 500) {
    return status === 503
      ? problem(503, 'unavailable', 'Not available at the moment.', { mend: 'Try again in a moment.' })
      : undefined;
  }
  if (status === 404) {
    return problem(404, 'route_not_found', `There is no ${request?.method ?? ''} ${pathOf(request)}.`, {
      mend: 'See /v1/openapi.json for the operations that exist.',
    });
  }
  if (status === 413) {
    return problem(413, 'body_too_large', 'The body is larger than this operation takes.', {
      mend: 'Send less at once.',
    });
  }
  if (status === 415) {
    return problem(
      415,
      'content_type_not_supported',
      `Content type ${typeOf(request)} is not supported here.`,
      {
        mend: `Send ${((error as { accepts?: string[] }).accepts ?? ['application/json']).join(' or ')}.`,
      },
    );
  }
  if (status === 400) {
    return problem(400, 'malformed', readable(error), {
      mend: 'Send one well-formed JSON document and a well-formed address.',
    });
  }
  if (status === 414) {
    return problem(414, 'address_too_long', 'A part of the address is longer than any name or id here.', {
      mend: 'Take ids from the answers of this API, as they are.',
    });
  }
  return problem(status, 'refused', readable(error), {
    mend: 'See /v1/openapi.json for what this operation takes.',
  });
}

function readable(error: unknown): string {
  const message = error instanceof Error ? error.message : 'The request cannot be read.';
  return message.endsWith('.') ? message : `${message}.`;
}

function pathOf(request?: FastifyRequest): string {
  return (request?.url ?? '').split('?')[0].slice(0, 200);
}

function typeOf(request?: FastifyRequest): string {
  return request?.headers['content-type']?.slice(0, 100) ?? '(none)';
}
