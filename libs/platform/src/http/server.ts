import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type {
  FastifyHttpOptions,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify';
import type { AppLogger } from '../observability/logger';
import { problem, PROBLEM_TYPE } from './problem';
import { problemOf, sendProblem } from './problem.filter';
import { openContextPerRequest, requestIdOf } from './request-context';
import { RouteTable } from './route-table';
import { UPLOAD_TYPES } from './upload';

/** Longest that a client may take to send its headers. */
const HEADERS_MS_MAX = 15_000;
/** Longer than the gateway's keep-alive, so that the gateway never writes into a socket that closes. */
const KEEP_ALIVE_MS = 65_000;

export interface ServerOptions {
  logger: AppLogger;
  /** Largest JSON body. */
  bodyBytesMax: number;
  /** Addresses of reverse proxies in front whose X-Forwarded-For is believed. */
  trustedProxies: string[];
}

export interface Server {
  adapter: FastifyAdapter;
  routes: RouteTable;
}

/** The Fastify server of a process, with every framework refusal turned into a problem document. */
export function createServer(options: ServerOptions): Server {
  const { logger } = options;
  const fastifyOptions = {
    bodyLimit: options.bodyBytesMax,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_MS_MAX },
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdOf(request.headers),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    skipMiddie: true,
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, problemOf(error, request), error, logger),
    clientErrorHandler: answerBrokenHttp,
  };
  const adapter = new FastifyAdapter(fastifyOptions as FastifyHttpOptions<RawServerDefault>);
  const server: FastifyInstance = adapter.getInstance();
  const routes = new RouteTable();
  server.addHook('onRoute', (route) => routes.add(route.method, route.url));
  openContextPerRequest(server);
  readBodies(server);
  return { adapter, routes };
}

/** What a route says about the bodies that it takes. */
interface RouteBodies {
  uploadTypes?: readonly string[];
  /** It passes bodies on as they are. */
  anyBody?: boolean;
}

/** JSON everywhere; files are streamed, and only where an operation is marked with @Upload. */
function readBodies(server: FastifyInstance): void {
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser([...UPLOAD_TYPES], (_request, payload, done) => done(null, payload));
  server.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type']?.split(';')[0].trim().toLowerCase();
    const config = request.routeOptions.config as RouteBodies | undefined;
    const known = config?.uploadTypes ?? ['application/json'];
    if (type === undefined || config?.anyBody || known.includes(type) || request.is404) return done();
    done(Object.assign(new Error('content type'), { statusCode: 415, accepts: known }));
  });
}

/** What isn't HTTP, or has too large headers, is refused on the bare socket, in the same form as all else. */
function answerBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const found =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? problem(431, 'header_too_large', 'The headers are too large.', {
          mend: 'Send fewer and shorter headers.',
        })
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? problem(408, 'request_timeout', 'The request took too long to arrive.', {
            mend: 'Send it faster or in parts.',
          })
        : problem(400, 'malformed', 'This is not a well-formed HTTP request.', {
            mend: 'Use an HTTP client library.',
          });
  const body = JSON.stringify(found);
  const head = `HTTP/1.1 ${found.status} ${found.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nConnection: close`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
