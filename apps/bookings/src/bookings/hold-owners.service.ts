import { Injectable } from '@nestjs/common';
import { currentActor, type Tx } from '@doorstep/platform';
import { ResidentKeys } from '../residents/resident-keys.service';
import type { BookingRow } from './bookings.queries';
import { assertOwner } from './hold-owner';

/** For OpenAPI: the header that says whose hold it is; named as the operations read it, so that it stands there once. */
export const HOLD_TOKEN = {
  name: 'hold-token',
  description:
    'holdToken of the answer that made the hold: needed by an API client that did not make it itself, while it is held or ' +
    'offered. A wrong one is refused with hold_token_wrong, none with hold_of_other_client.',
  required: false,
};

/** Whose a hold is. Tokens are derived, so that they are stored nowhere and a repeated request gets the same one. */
@Injectable()
export class HoldOwners {
  constructor(private readonly keys: ResidentKeys) {}

  tokenOf(subject: string): string {
    return this.keys.ring.holdToken(subject);
  }

  /** @param subject what was asked for: a booking, a series, an entry of a waiting list */
  assertOwner(subject: string, ownerId: string | null, given: string | undefined): void {
    assertOwner(currentActor(), { ownerId, token: this.tokenOf(subject) }, given);
  }

  /** Of a booking while it is held or offered; what is confirmed goes by permissions alone. */
  async assertOwnerOf(
    tx: Tx,
    { id, status, holdOwnerId = null }: BookingRow,
    given: string | undefined,
  ): Promise<void> {
    if (status === 'held') this.assertOwner(id, holdOwnerId, given);
    if (status !== 'offered') return;
    // Who was offered a place has the token of their entry.
    const [entry] = await tx.sql<{ id: string }>(`SELECT id FROM waiting_entry WHERE booking_id = $1`, [id]);
    this.assertOwner(entry?.id ?? id, holdOwnerId, given);
  }
}
