import { createHash } from 'node:crypto';
import type { Actor } from '@doorstep/platform';

/** Beyond this many the oldest entry goes. */
const ENTRIES_MAX = 10_000;

interface Entry {
  actor: Actor;
  untilMs: number;
}

/** Verified credentials by the SHA-256 of their text, for a few seconds; forgotten at once when revoked. */
export class CredentialCache {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly lifeMs: number) {}

  get(hash: string, nowMs: number): Actor | undefined {
    const entry = this.entries.get(hash);
    if (entry && entry.untilMs > nowMs) return entry.actor;
    if (entry) this.entries.delete(hash);
    return undefined;
  }

  /** Keeps a credential; never beyond its own end. */
  put(hash: string, actor: Actor, nowMs: number, expiresAtMs = Infinity): void {
    if (this.entries.size >= ENTRIES_MAX) this.entries.delete(this.entries.keys().next().value as string);
    this.entries.set(hash, { actor, untilMs: Math.min(nowMs + this.lifeMs, expiresAtMs) });
  }

  forget(actorId: string): void {
    for (const [hash, { actor }] of this.entries) if (actor.id === actorId) this.entries.delete(hash);
  }
}

export function credentialHash(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url');
}
