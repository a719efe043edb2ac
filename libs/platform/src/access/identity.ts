import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { DomainError, newId } from '@doorstep/kernel';
import { jwtVerify, SignJWT } from 'jose';
import { type Actor, ROLES, type Role } from '../context/actor';

/** The header that carries who acts from the gateway to a service. */
export const IDENTITY_HEADER = 'x-doorstep-identity';
export const IDENTITY_ISSUER = 'doorstep-gateway';
export const IDENTITY_AUDIENCE = 'doorstep-services';
/** Life of an identity token. */
export const IDENTITY_SECONDS = 60;
/** Clocks of two machines may differ by this much. */
const CLOCK_SKEW_SECONDS = 5;

/** Reads a key from the environment's form: base64 of a PEM. */
export function privateKeyFrom(base64Pem: string): KeyObject {
  return createPrivateKey(Buffer.from(base64Pem, 'base64').toString('utf8'));
}

/** Reads a public key from the environment's form: base64 of an SPKI PEM. */
export function publicKeyFrom(base64Pem: string): KeyObject {
  return createPublicKey(Buffer.from(base64Pem, 'base64').toString('utf8'));
}

/** Signs who acts for one request; only the gateway (and tests, with their own key) hold the private key. */
export function signIdentity(
  actor: Actor,
  key: KeyObject,
  options: { requestId?: string; now?: Date } = {},
): Promise<string> {
  const issuedAt = Math.floor((options.now ?? new Date()).getTime() / 1000);
  return new SignJWT(claimsOf(actor))
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(actor.id)
    .setIssuer(IDENTITY_ISSUER)
    .setAudience(IDENTITY_AUDIENCE)
    .setJti(options.requestId ?? newId())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + IDENTITY_SECONDS)
    .sign(key);
}

/** Verifies the identity header with pinned algorithm, issuer, audience and life; 401 when anything is off. */
export async function verifyIdentity(token: string, key: KeyObject): Promise<Actor> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      issuer: IDENTITY_ISSUER,
      audience: IDENTITY_AUDIENCE,
      maxTokenAge: IDENTITY_SECONDS,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['sub', 'exp', 'jti'],
    });
    return actorOf(payload);
  } catch {
    throw new DomainError(
      'unauthenticated',
      'identity_invalid',
      "The request's identity can't be verified.",
      {
        mend: 'Call through the gateway; an identity lives for one request only.',
      },
    );
  }
}

/** The claims that carry an actor, in the gateway's access tokens and in the identity header alike. */
export function claimsOf(actor: Actor): Record<string, unknown> {
  const { kind, organisationId, operatorId, regionPrefix, roles, siteIds, scopes } = actor;
  return { kind, org: organisationId, op: operatorId, rgn: regionPrefix, roles, sites: siteIds, scopes };
}

/** The actor that verified claims tell of. */
export function actorOf(claims: Record<string, unknown>): Actor {
  const known = new Set<string>(ROLES);
  return {
    id: String(claims.sub),
    kind: claims.kind === 'system' || claims.kind === 'client' ? claims.kind : 'person',
    organisationId: text(claims.org),
    operatorId: text(claims.op),
    regionPrefix: text(claims.rgn),
    roles: strings(claims.roles)?.filter((role): role is Role => known.has(role)) ?? [],
    ...(strings(claims.sites) && { siteIds: strings(claims.sites) }),
    ...(strings(claims.scopes) && { scopes: strings(claims.scopes) }),
  };
}

function text(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim : null;
}

function strings(claim: unknown): string[] | undefined {
  return Array.isArray(claim) ? claim.map(String) : undefined;
}
