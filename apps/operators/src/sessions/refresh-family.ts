import { randomBytes } from 'node:crypto';
import { sha256Hex } from '@doorstep/kernel';

/** A log-in lasts at most this long, however often it is refreshed. */
export const FAMILY_DAYS_MAX = 30;
/** A refresh token that nobody used in this time is dead. */
export const REFRESH_IDLE_DAYS_MAX = 7;

const DAY_MS = 86_400_000;

/** One log-in: the chain of refresh tokens that grew from it. */
export interface RefreshFamily {
  id: string;
  personId: string;
  startedAt: Date;
  revokedAt: Date | null;
}

export interface RefreshToken {
  familyId: string;
  issuedAt: Date;
  /** When it was exchanged for the next; a second use is theft or a copy, and ends the family. */
  usedAt: Date | null;
}

export type RefreshOutcome = 'rotate' | 'revoke' | 'refuse';

/** 256 random bits; the prefix lets secret scanners find one that leaked. */
export function newRefreshToken(): { token: string; hash: string } {
  const token = `dsr_${randomBytes(32).toString('base64url')}`;
  return { token, hash: sha256Hex(token) };
}

/** What presenting a token leads to: a new one, the end of its family, or a refusal that changes nothing. */
export function decideRefresh(token: RefreshToken, family: RefreshFamily, now: Date): RefreshOutcome {
  if (family.revokedAt) return 'refuse';
  if (token.usedAt) return 'revoke';
  const idle = now.getTime() - token.issuedAt.getTime() >= REFRESH_IDLE_DAYS_MAX * DAY_MS;
  const over = now.getTime() - family.startedAt.getTime() >= FAMILY_DAYS_MAX * DAY_MS;
  return idle || over ? 'refuse' : 'rotate';
}
