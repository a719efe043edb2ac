import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { newId } from '@doorstep/kernel';
import {
  type Actor,
  IDENTITY_HEADER,
  loadConfig,
  problem,
  type RunningService,
  startService,
  verifyIdentity,
} from '@doorstep/platform';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import request from 'supertest';
import { AppModule } from './app.module';
import { GatewayConfig } from './config';

/** What a service behind the gateway saw of one request. */
export interface Seen {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  actor?: Actor;
}

export interface Upstream {
  url: string;
  seen: Seen[];
  /** Answers every request that has no route of its own. */
  answer: (seen: Seen, reply: FastifyReply) => unknown;
  server: FastifyInstance;
  stop(): Promise<void>;
}

export interface Harness {
  gateway: RunningService;
  upstream: Upstream;
  /** API keys and logins that the operators' side knows. */
  keys: Map<string, Actor>;
  logins: Map<string, { password: string; actor: Actor }>;
  refreshTokens: Map<string, Actor>;
  oidcLogins: Map<string, Actor>;
  http: ReturnType<typeof request>;
  redisPrefix: string;
  stop(): Promise<void>;
}

const pem = (key: KeyObject, type: 'pkcs8' | 'spki'): string =>
  Buffer.from(key.export({ type, format: 'pem' } as never) as string).toString('base64');

export const IDENTITY = generateKeyPairSync('ed25519');
export const ACCESS = generateKeyPairSync('ed25519');

function stackRedisUrl(): string {
  return (JSON.parse(process.env.DOORSTEP_TEST_STACK ?? '{}') as { redisUrl: string }).redisUrl;
}

export function gatewayEnv(upstreamUrl: string, redisPrefix = `${newId()}:`): Record<string, string> {
  return {
    REDIS_URL: stackRedisUrl(),
    REDIS_PREFIX: redisPrefix,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    FACILITIES_URL: upstreamUrl,
    OPERATORS_URL: upstreamUrl,
    BOOKINGS_URL: upstreamUrl,
    BILLING_URL: upstreamUrl,
    NOTIFICATIONS_URL: upstreamUrl,
    IDENTITY_PRIVATE_KEY: pem(IDENTITY.privateKey, 'pkcs8'),
    ACCESS_TOKEN_PRIVATE_KEY: pem(ACCESS.privateKey, 'pkcs8'),
  };
}

export async function startGateway(env: Record<string, string>): Promise<RunningService> {
  const config = loadConfig(GatewayConfig, env);
  return startService({ name: 'gateway', config, module: AppModule.with(config), signals: false });
}

/** A gateway on real Redis with one real HTTP server behind it that stands where the five services do. */
export async function startHarness(env: Record<string, string> = {}): Promise<Harness> {
  const redisPrefix = `${newId()}:`;
  const upstream = await startUpstream();
  const parts = { keys: new Map(), logins: new Map(), refreshTokens: new Map(), oidcLogins: new Map() };
  serveOperators(upstream.server, parts);
  await upstream.server.listen({ port: 0, host: '127.0.0.1' });
  upstream.url = addressOf(upstream.server);
  const gateway = await startGateway({ ...gatewayEnv(upstream.url, redisPrefix), ...env });
  return {
    gateway,
    upstream,
    ...parts,
    http: request(gateway.url),
    redisPrefix,
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  };
}

export function addressOf(server: FastifyInstance): string {
  const { port } = server.server.address() as { port: number };
  return `http://127.0.0.1:${port}`;
}

async function startUpstream(): Promise<Upstream> {
  const server = fastify({ bodyLimit: 64 * 1024 * 1024 });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const upstream: Upstream = {
    url: '',
    seen: [],
    answer: (seen, reply) => reply.send({ method: seen.method, path: seen.path }),
    server,
    stop: () => server.close(),
  };
  server.all('/v1/*', async (incoming, reply) => {
    const seen = await seenOf(incoming);
    upstream.seen.push(seen);
    return upstream.answer(seen, reply);
  });
  return upstream;
}

async function seenOf({ method, url, headers, body }: FastifyRequest): Promise<Seen> {
  const token = headers[IDENTITY_HEADER];
  const actor = typeof token === 'string' ? await verifyIdentity(token, IDENTITY.publicKey) : undefined;
  return { method, path: url, headers, body: (body as Buffer | undefined) ?? Buffer.alloc(0), actor };
}

type Accounts = Pick<Harness, 'keys' | 'logins' | 'refreshTokens' | 'oidcLogins'>;

/** The operators service's internal operations, over accounts that the spec sets. */
function serveOperators(
  server: FastifyInstance,
  { keys, logins, refreshTokens, oidcLogins }: Accounts,
): void {
  const refused = problem(401, 'login_refused', 'Login or password is wrong.', { mend: 'Try again.' });
  const serve = (path: string, answer: (body: Record<string, string>) => unknown): void => {
    server.post(path, async (incoming, reply) => {
      const { actor, body } = await seenOf(incoming);
      if (actor?.kind !== 'system') return reply.status(403).send(problem(403, 'not_allowed', 'No.'));
      const found = answer(JSON.parse(body.toString('utf8')) as Record<string, string>);
      return found ? reply.send(found) : reply.status(401).send(refused);
    });
  };
  const session = (actor: Actor): unknown => {
    const refreshToken = `dsr_${newId()}`;
    refreshTokens.set(refreshToken, actor);
    return { actor, refreshToken };
  };
  serve('/internal/sessions', ({ login, password }) => {
    const known = logins.get(login);
    return known?.password === password ? session(known.actor) : undefined;
  });
  serve('/internal/sessions/refresh', ({ refreshToken }) => {
    const actor = refreshTokens.get(refreshToken);
    refreshTokens.delete(refreshToken);
    return actor && session(actor);
  });
  serve('/internal/api-keys/verify', ({ key }) => {
    const actor = keys.get(key);
    return actor && { actor, clientId: actor.id };
  });
  serve('/internal/oidc/resolve', ({ issuer, subject }) => {
    const actor = oidcLogins.get(`${issuer} ${subject}`);
    return actor && { actor };
  });
  server.delete('/internal/sessions', async (incoming, reply) => {
    const { body } = await seenOf(incoming);
    refreshTokens.delete((JSON.parse(body.toString('utf8')) as { refreshToken: string }).refreshToken);
    return reply.status(204).send();
  });
}
