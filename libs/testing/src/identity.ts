import { generateKeyPairSync, sign } from 'node:crypto';
import { newId } from '@doorstep/kernel';
import {
  type Actor,
  claimsOf,
  IDENTITY_AUDIENCE,
  IDENTITY_ISSUER,
  IDENTITY_SECONDS,
} from '@doorstep/platform';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** For a service's IDENTITY_PUBLIC_KEY: base64 of the SPKI PEM of this process' own test key. */
export const TEST_IDENTITY_PUBLIC_KEY = Buffer.from(
  publicKey.export({ type: 'spki', format: 'pem' }),
).toString('base64');

/** The identity header's value, as the gateway would sign it; a service reads it for a minute. */
export function signTestIdentity(actor: Actor, requestId: string = newId()): string {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = {
    ...claimsOf(actor),
    sub: actor.id,
    iss: IDENTITY_ISSUER,
    aud: IDENTITY_AUDIENCE,
    jti: requestId,
    iat: issuedAt,
    exp: issuedAt + IDENTITY_SECONDS,
  };
  const signed = `${part({ alg: 'EdDSA' })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
