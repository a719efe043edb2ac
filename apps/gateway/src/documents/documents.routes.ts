import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDocuments } from './api-documents.service';

/** The page loads nothing from elsewhere and runs no inline script; Swagger UI sets inline styles. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Swagger UI's files as they are in its package. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doorstep API</title>
<link rel="stylesheet" href="/v1/docs/assets/swagger-ui.css">
<link rel="icon" type="image/png" href="/v1/docs/assets/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<script src="/v1/docs/assets/swagger-ui-bundle.js"></script>
<script src="/v1/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#api', deepLinking: true, docExpansion: 'none', filter: true, tryItOutEnabled: true, requestSnippetsEnabled: true });
`;

/** GET /v1/openapi.json, and the page that reads it at /v1/docs. */
export function documentRoutes(server: FastifyInstance, documents: ApiDocuments): void {
  server.get('/v1/openapi.json', async (_request: FastifyRequest, reply: FastifyReply) => {
    const { json, missing } = await documents.read();
    if (missing.length > 0) void reply.header('x-doorstep-missing', missing.join(', '));
    void reply.header('cache-control', missing.length > 0 ? 'no-store' : 'max-age=60');
    return reply.header('content-type', 'application/json; charset=utf-8').send(json);
  });
  server.get('/v1/docs', (_request, reply) => {
    void reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'max-age=3600');
    return reply.header('content-type', 'text/html; charset=utf-8').send(PAGE);
  });
  server.get('/v1/docs/start.js', (_request, reply) =>
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', 'max-age=3600')
      .send(START),
  );
  const root = dirname(require.resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of Object.entries(ASSETS)) {
    server.get(`/v1/docs/assets/${name}`, (_request, reply) =>
      reply
        .headers({ 'content-type': type, 'cache-control': 'max-age=86400' })
        .send(createReadStream(join(root, name))),
    );
  }
}
