import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** An API that is no page: nothing of it may run, be framed or be guessed at. The page at /v1/docs says otherwise for itself. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What a browser's script may read of an answer. */
const EXPOSED = [
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Idempotency-Replayed',
  'X-Request-Id',
];

export function secure(server: FastifyInstance, corsOrigins: string[]): void {
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(HEADERS);
    done();
  });
  if (corsOrigins.length === 0) return;
  void server.register(cors, {
    origin: corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Hold-Token',
      'Idempotency-Key',
      'If-Match',
      'Prefer',
      'X-Api-Key',
      'X-Request-Id',
    ],
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
}
