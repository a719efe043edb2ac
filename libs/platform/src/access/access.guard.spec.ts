import { generateKeyPairSync } from 'node:crypto';
import { Controller, Get, Post } from '@nestjs/common';
import { SignJWT } from 'jose';
import request from 'supertest';
import { currentActor } from '../context/context';
import type { Actor } from '../context/actor';
import type { RunningService } from '../bootstrap/start-service';
import { anActor, EDGE_KEYS, identityOf, startEdge } from '../http/edge.harness';
import { IdempotencyRequired } from '../http/idempotency-required';
import { Access, Public } from './access.decorator';
import { IDENTITY_AUDIENCE, IDENTITY_HEADER, IDENTITY_ISSUER, signIdentity } from './identity';

@Controller('v1/claims')
class ClaimsController {
  @Get()
  @Access('claims:read')
  who(): Actor {
    return currentActor();
  }

  @Post()
  @Access('claims:create')
  @IdempotencyRequired()
  create(): Actor {
    return currentActor();
  }

  @Get('open')
  @Public()
  open(): string {
    return 'open';
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  nobodyThoughtOfMe(): string {
    return 'leak';
  }
}

describe('access', () => {
  let service: RunningService;
  const ask = (identity: string) => request(service.url).get('/v1/claims').set(IDENTITY_HEADER, identity);

  beforeAll(async () => {
    service = await startEdge([ClaimsController]);
  });
  afterAll(() => service.stop());

  it('is 401 without identity, 403 without the role, 200 with it', async () => {
    expect((await request(service.url).get('/v1/claims')).body.code).toBe('identity_missing');
    const caregiver = await ask(await identityOf(anActor('caregiver')));
    expect([caregiver.status, caregiver.body.code, caregiver.body.details]).toEqual([
      403,
      'not_allowed',
      { permission: 'claims:read' },
    ]);
    // when the roles would do, it says what narrows them
    const novice = await ask(await identityOf(anActor('finance', { scopes: ['account:password'] })));
    expect([novice.status, novice.body.code]).toEqual([403, 'password_must_change']);
    const key = { kind: 'client' as const, scopes: ['claims:create'] };
    const narrow = await ask(await identityOf(anActor('finance', key)));
    expect([narrow.body.code, narrow.body.detail]).toEqual([
      'not_allowed',
      'The scopes of this API key leave out claims:read.',
    ]);
    const finance = anActor('finance', { operatorId: 'o', siteIds: ['s'], scopes: ['claims:*'] });
    expect((await ask(await identityOf(finance))).body).toEqual(finance);
    expect((await request(service.url).get('/v1/claims/open')).text).toBe('open');
  });

  it('refuses a service with an operation that nobody marked', async () => {
    await expect(startEdge([ForgottenController])).rejects.toThrow('ForgottenController.nobodyThoughtOfMe');
  });

  it('asks for an idempotency key where the operation needs one', async () => {
    const identity = await identityOf(anActor('finance'));
    const post = () => request(service.url).post('/v1/claims').set(IDENTITY_HEADER, identity);
    expect((await post()).body.code).toBe('idempotency_key_missing');
    expect((await post().set('idempotency-key', 'k')).status).toBe(201);
  });

  const now = Math.floor(Date.now() / 1000);
  const forged: [string, () => Promise<string> | string][] = [
    [
      'signed with another key',
      () => signIdentity(anActor('administrator'), generateKeyPairSync('ed25519').privateKey),
    ],
    ['run out', () => token({ issuedAt: now - 120, expires: now - 60 })],
    ['long-lived', () => token({ issuedAt: now - 300, expires: now + 3600 })],
    ['without an end', () => token({ issuedAt: now })],
    ['for another audience', () => token({ issuedAt: now, expires: now + 60, audience: 'doorstep-api' })],
    ['of another issuer', () => token({ issuedAt: now, expires: now + 60, issuer: 'doorstep' })],
    ['unsigned', () => `${part({ alg: 'none' })}.${part({ sub: 'x', roles: ['administrator'] })}.`],
    ['nonsense', () => 'nonsense'],
  ];

  it.each(forged)('refuses an identity that is %s', async (_what, make) => {
    const answer = await ask(await make());
    expect([answer.status, answer.body.code]).toEqual([401, 'identity_invalid']);
  });

  it('drops roles that do not exist', async () => {
    const odd = await identityOf(anActor('finance', { roles: ['finance', 'superuser' as never] }));
    expect((await ask(odd)).body.roles).toEqual(['finance']);
  });

  interface Claims {
    issuedAt: number;
    expires?: number;
    audience?: string;
    issuer?: string;
  }

  function token({
    issuedAt,
    expires,
    audience = IDENTITY_AUDIENCE,
    issuer = IDENTITY_ISSUER,
  }: Claims): Promise<string> {
    const signed = new SignJWT({
      kind: 'person',
      roles: ['administrator'],
      jti: 'j',
      sub: 's',
      iat: issuedAt,
    });
    if (expires) signed.setExpirationTime(expires);
    return signed
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(issuer)
      .setAudience(audience)
      .sign(EDGE_KEYS.privateKey);
  }

  function part(value: object): string {
    return Buffer.from(JSON.stringify(value)).toString('base64url');
  }
});
