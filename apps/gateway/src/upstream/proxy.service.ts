import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { IDENTITY_HEADER, nameRoute, openContext, signIdentity, Tracing } from '@doorstep/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config';
import { ApiDocuments } from '../documents/api-documents.service';
import { Idempotency } from '../idempotency/idempotency.service';
import { isFinal, remembered, type RememberedAnswer, requestHash } from '../idempotency/remembered-answer';
import { Admission } from '../limits/admission.service';
import type { Caller } from '../identity/caller';
import { Keys } from '../identity/keys.provider';
import { passingBody, readBody } from './body.streams';
import { requestHeaders, responseHeaders } from './headers';
import { ownerOf, segmentOf, type ServiceName } from './services';
import { type Answer, Upstreams } from './upstreams.client';

/** Answers up to this size are passed on in one piece, larger ones and those of unknown size as they arrive. */
const WHOLE_BYTES_MAX = 256 * 1024;

interface Target {
  service: ServiceName;
  /** Streamed, and never held in memory. */
  isFile: boolean;
}

/** Passes requests under /v1 on to the service that owns the first path segment. */
@Injectable()
export class Proxy {
  constructor(
    private readonly config: GatewayConfig,
    private readonly upstreams: Upstreams,
    private readonly admission: Admission,
    private readonly idempotency: Idempotency,
    private readonly keys: Keys,
    private readonly tracing: Tracing,
    private readonly documents: ApiDocuments,
  ) {}

  /** In a scope of its own: bodies are passed on as they are, whatever their type. */
  register(server: FastifyInstance): void {
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));
      scope.route({
        method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        url: '/v1/*',
        config: { anyBody: true },
        handler: (request, reply) => this.handle(request, reply),
      });
      done();
    });
  }

  private async handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const service = await this.serviceOf(request.url);
    if (!service) throw noSuchPath(request);
    nameRoute(request, `/v1/${segmentOf(request.url)}`);
    const target = { service, isFile: isFile(request) };
    const caller = await this.admission.admit(request, reply);
    const declared = Number(request.headers['content-length'] ?? 0);
    const stream = request.body as Readable | undefined;
    if (target.isFile) {
      const body = passingBody(stream, declared, this.config.uploadBytesMax);
      return this.pass(reply, await this.forward(request, target, caller, body));
    }
    const body = await readBody(stream, declared, this.config.bodyBytesMax);
    const key = openContext()?.idempotencyKey;
    if (request.method !== 'POST' || !key || !caller.actor) {
      return this.pass(reply, await this.forward(request, target, caller, body));
    }
    return this.once(request, reply, target, caller, body, key);
  }

  private async serviceOf(path: string): Promise<ServiceName | undefined> {
    const segment = segmentOf(path);
    return segment ? (ownerOf(segment) ?? this.documents.ownerOf(segment)) : undefined;
  }

  /** A POST with an Idempotency-Key: done once, answered the same way again. */
  private async once(
    request: FastifyRequest,
    reply: FastifyReply,
    target: Target,
    caller: Caller,
    body: Buffer,
    key: string,
  ): Promise<FastifyReply> {
    const hash = requestHash(request.method, request.url, body);
    const turn = await this.idempotency.begin(caller.principal, key, hash);
    if (turn.kind === 'again') return replay(reply, turn.answer);
    if (turn.kind === 'unknown') return this.pass(reply, await this.forward(request, target, caller, body));
    let settled = false;
    try {
      const answer = await this.forward(request, target, caller, body);
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      const headers = responseHeaders(answer.headers);
      if (isFinal(answer.statusCode, bytes, headers)) {
        await turn.finish(remembered(answer.statusCode, headers, bytes));
        settled = true;
      }
      return await reply.status(answer.statusCode).headers(headers).send(bytes);
    } finally {
      if (!settled) await turn.abandon();
    }
  }

  private async forward(
    request: FastifyRequest,
    { service, isFile }: Target,
    caller: Caller,
    body: Buffer | Readable,
  ): Promise<Answer> {
    const { method, url: path } = request;
    const parent = openContext()?.traceparent;
    const span = this.tracing.span(`${method} ${service}`, 'client', parent, {
      'peer.service': `doorstep-${service}`,
    });
    const identity =
      caller.actor && (await signIdentity(caller.actor, this.keys.identity, { requestId: request.id }));
    try {
      const answer = await this.upstreams.call({
        service,
        method,
        path,
        body: Buffer.isBuffer(body) && body.length === 0 ? undefined : body,
        headers: requestHeaders(request.headers, {
          [IDENTITY_HEADER]: identity,
          'x-request-id': request.id,
          'x-forwarded-for': request.ip,
          traceparent: span?.traceparent ?? parent,
          'content-length': isFile ? request.headers['content-length'] : undefined,
        }),
        repeatable: method === 'GET' || method === 'HEAD' || request.headers['idempotency-key'] !== undefined,
        secondsMax: isFile ? this.config.uploadSecondsMax : undefined,
      });
      span?.end({ 'http.response.status_code': answer.statusCode });
      return answer;
    } catch (error) {
      span?.end({}, error);
      throw error;
    }
  }

  private async pass(reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
    const size = Number(answer.headers['content-length'] ?? Infinity);
    void reply.status(answer.statusCode).headers(responseHeaders(answer.headers));
    if (size > WHOLE_BYTES_MAX) return reply.send(answer.body);
    return reply.send(Buffer.from(await answer.body.arrayBuffer()));
  }
}

/** JSON is small and held; everything else is a file, which the service takes or refuses as it comes. */
function isFile({ headers }: FastifyRequest): boolean {
  const type = headers['content-type']?.split(';')[0].trim().toLowerCase();
  return type !== undefined && type !== 'application/json';
}

function replay(reply: FastifyReply, answer: RememberedAnswer): FastifyReply {
  return reply
    .status(answer.status)
    .headers({ ...answer.headers, 'idempotency-replayed': 'true' })
    .send(Buffer.from(answer.body, 'base64'));
}

function noSuchPath(request: FastifyRequest): DomainError {
  const path = request.url.split('?')[0].slice(0, 200);
  return new DomainError('not_found', 'route_not_found', `There is no ${request.method} ${path}.`, {
    mend: 'See /v1/openapi.json for the operations that exist.',
  });
}
