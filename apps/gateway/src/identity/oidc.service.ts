import { Injectable } from '@nestjs/common';
import {
  AppLogger,
  ConfigError,
  INTERNAL,
  type OidcRequest,
  problem,
  ProblemError,
  type ResolvedLogin,
} from '@doorstep/platform';
import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { GatewayConfig } from '../config';
import type { VerifiedToken } from './access-tokens.service';
import { notValid } from './caller';
import { OperatorsClient } from './operators.client';
import { type OidcIssuer, parseOidcIssuers } from './oidc-issuers';

const DISCOVERY_MS_MAX = 5000;

interface TrustedIssuer extends OidcIssuer {
  keys?: Promise<JWTVerifyGetKey>;
}

/** Tokens of outside issuers, by configuration alone: algorithm, issuer and audience are pinned. */
@Injectable()
export class Oidc {
  private readonly issuers: Map<string, TrustedIssuer>;

  constructor(
    config: GatewayConfig,
    private readonly operators: OperatorsClient,
    private readonly logger: AppLogger,
  ) {
    const { issuers, faults } = parseOidcIssuers(config.oidcIssuers);
    if (faults.length > 0) throw new ConfigError('gateway', faults);
    this.issuers = new Map(issuers.map((issuer) => [issuer.issuer, { ...issuer }]));
  }

  /** Whether a token says that it comes from an issuer we trust; nothing is verified yet. */
  claims(token: string): boolean {
    return this.issuerOf(token) !== undefined;
  }

  async verify(token: string): Promise<VerifiedToken> {
    const issuer = this.issuerOf(token);
    if (!issuer) throw notValid();
    const payload = await this.verified(token, issuer);
    const subject = payload[issuer.loginClaim];
    if (typeof subject !== 'string' || subject === '') throw notValid();
    const request: OidcRequest = { issuer: issuer.issuer, subject };
    const { actor } = await this.operators.post<ResolvedLogin>(INTERNAL.oidc, request);
    return { actor, expiresAtMs: Number(payload.exp) * 1000 };
  }

  private async verified(token: string, issuer: TrustedIssuer): Promise<Record<string, unknown>> {
    try {
      issuer.keys ??= this.keysOf(issuer);
      const { payload } = await jwtVerify(token, await issuer.keys, {
        algorithms: issuer.algorithms,
        issuer: issuer.issuer,
        audience: issuer.audience,
        requiredClaims: ['exp', 'iat'],
        clockTolerance: 10,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && error.code !== 'ERR_JWKS_TIMEOUT') throw notValid();
      issuer.keys = undefined;
      this.logger.warn(`the keys of ${issuer.issuer} cannot be read`, { reason: (error as Error).message });
      throw issuerAway(issuer.issuer);
    }
  }

  private async keysOf(issuer: OidcIssuer): Promise<JWTVerifyGetKey> {
    const address = issuer.jwksUri ?? (await discover(issuer.issuer));
    return createRemoteJWKSet(new URL(address), {
      timeoutDuration: DISCOVERY_MS_MAX,
      cooldownDuration: 10_000,
    });
  }

  private issuerOf(token: string): TrustedIssuer | undefined {
    try {
      return this.issuers.get(String(decodeJwt(token).iss));
    } catch {
      return undefined;
    }
  }
}

async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(DISCOVERY_MS_MAX), redirect: 'error' });
  const document = (await response.json()) as { issuer?: string; jwks_uri?: string };
  if (!response.ok || document.issuer !== issuer || !document.jwks_uri)
    throw new Error('no usable discovery document');
  return document.jwks_uri;
}

function issuerAway(issuer: string): ProblemError {
  return new ProblemError(
    problem(503, 'issuer_unavailable', `The keys of ${issuer} cannot be read at the moment.`, {
      mend: 'Try again in a moment.',
    }),
  );
}
