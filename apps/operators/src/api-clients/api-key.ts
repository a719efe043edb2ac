import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@doorstep/kernel';

const KEY = /^dsk_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A front-end's key: `dsk_<client id>_<256 random bits>`. Only the secret's SHA-256 is stored; it needs no slow hash. */
export function newApiKey(clientId: string): { key: string; secretHash: string } {
  const secret = randomBytes(32).toString('base64url');
  return { key: `dsk_${clientId}_${secret}`, secretHash: sha256Hex(secret) };
}

/** The parts of a key, undefined when it doesn't look like one. */
export function parseApiKey(key: string): { clientId: string; secretHash: string } | undefined {
  const match = KEY.exec(key);
  return match ? { clientId: match[1], secretHash: sha256Hex(match[2]) } : undefined;
}

/** Compares two hashes in a time that says nothing about where they differ. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
