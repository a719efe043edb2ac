import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@doorstep/kernel';

/** A hold as far as it matters whose it is. */
export interface OwnedHold {
  /** The API client that asked for it; null: one of the operator's people, or the service itself. */
  ownerId: string | null;
  /** The token that it was answered with. */
  token: string;
}

/**
 * A hold is ended, or an offer answered, by the API client that made it and by who has its token; the operator's people go by
 * their role. A token that is given is always looked at.
 */
export function assertOwner(
  actor: { id: string; kind: string },
  { ownerId, token }: OwnedHold,
  given: string | undefined,
): void {
  if (given !== undefined) {
    if (!isSame(given, token)) throw wrongToken();
    return;
  }
  if (actor.kind === 'client' && ownerId !== null && ownerId !== actor.id) throw ofOtherClient();
}

/** Digests first: these are of one length, whatever was given. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((each) => createHash('sha256').update(each).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

function wrongToken(): DomainError {
  return new DomainError('forbidden', 'hold_token_wrong', 'The token is not the one of this hold.', {
    field: 'Hold-Token',
    mend: 'Send holdToken as it stood in the answer that made the hold.',
  });
}

function ofOtherClient(): DomainError {
  return new DomainError('forbidden', 'hold_of_other_client', 'Another API client holds this.', {
    field: 'Hold-Token',
    mend: 'Send the Hold-Token that the hold was answered with.',
  });
}
