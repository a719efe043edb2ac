import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AppLogger, Clock, Database, Periodic, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import type { Mail } from '../channels/channel';
import { MessageChannels } from '../channels/channels.service';
import { NotificationsConfig } from '../config';
import { type Contact, Keyring } from '../sealing/keyring';
import { CLAIMED, type Claimed, claimSql, record } from './deliveries.queries';
import { type Outcome, type Settled, settle } from './delivery';
import { Drain } from './drain';
import {
  type BookingFacts,
  compose,
  composePaper,
  type Known,
  mayGo,
  mayPaperGo,
  type PaperFacts,
} from './message';

/** Deliveries taken at once, and how many of them are under way at the same time. */
const CLAIM_MAX = 50;
const CONCURRENT_MAX = 5;

type ClaimedMessage = Claimed & Known & { payload: BookingFacts | PaperFacts };

/**
 * Sends what is queued for residents. Between the sending and the mark lies a moment: a crash in it sends the message
 * again after the lease, with the same Message-ID, so the receiver's mail system can tell. At least once, never lost.
 */
@Injectable()
export class MessagesSender implements BeforeApplicationShutdown {
  private readonly drain = new Drain(() => this.round());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly channels: MessageChannels,
    private readonly keyring: Keyring,
    private readonly config: NotificationsConfig,
    private readonly logger: AppLogger,
  ) {}

  /** Looks at the queue now rather than at the next round; called after a commit that filled it. */
  nudge(): void {
    if (!this.config.periodic) return;
    this.drain.run().catch((error: unknown) => this.logger.failure('could not send messages', error));
  }

  @Periodic({ everyMs: 1_000, name: 'send messages' })
  sendDue(): Promise<void> {
    return this.drain.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.drain.stop();
  }

  private async round(): Promise<boolean> {
    const now = this.clock.now();
    const leaseMs = this.config.deliveryLeaseSeconds * 1000;
    const claimed = await this.database.writeAs(SYSTEM_ACTOR, (tx) =>
      claimMessages(tx, this.channels.names, now, new Date(now.getTime() + leaseMs)),
    );
    if (claimed.length === 0) return false;
    // What has not begun by half of the lease may not end within it.
    const beginBefore = now.getTime() + leaseMs / 2;
    const settled: { delivery: Claimed; result: Settled }[] = [];
    const waiting = [...claimed];
    const work = async () => {
      for (let delivery = waiting.shift(); delivery; delivery = waiting.shift()) {
        const outcome = await this.attempt(delivery, beginBefore).catch((error: unknown) =>
          this.troubleOf(delivery, error),
        );
        const { channel, attempts } = delivery;
        settled.push({
          delivery,
          result: settle(channel, attempts, outcome, this.clock.now(), Math.random()),
        });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_MAX }, work));
    await this.database.writeAs(SYSTEM_ACTOR, (tx) => record(tx, settled, this.clock.now()));
    return claimed.length === CLAIM_MAX;
  }

  private async attempt(delivery: ClaimedMessage, beginBefore: number): Promise<Outcome> {
    const now = this.clock.now();
    if (this.drain.stopping || now.getTime() > beginBefore) {
      return { kind: 'deferred', until: now, reason: 'sender_busy' };
    }
    const { id, subject, payload } = delivery;
    const verdict = 'start' in payload ? mayGo(delivery, payload, now) : mayPaperGo(delivery, payload, now);
    if ('kind' in verdict) return verdict;
    const contact = this.open(verdict.contact, id);
    if (!contact) return { kind: 'failed', reason: 'contact_unreadable' };
    const message =
      'operator' in verdict
        ? composePaper(subject, payload as PaperFacts, verdict, contact)
        : compose(subject, payload as BookingFacts, verdict, contact);
    const mail: Mail = { id, to: contact, at: now, ...message };
    return this.channels.send(delivery.channel, mail);
  }

  /** Ours to mend; one delivery's trouble must not hold up the others. */
  private troubleOf({ id }: Claimed, error: unknown): Outcome {
    this.logger.failure('could not attempt a message', error, { deliveryId: id });
    return { kind: 'failed', reason: 'internal' };
  }

  private open(sealed: Parameters<Keyring['openContact']>[0], deliveryId: string): Contact | undefined {
    try {
      return this.keyring.openContact(sealed);
    } catch {
      this.logger.warn('a sealed contact does not open: is CONTACT_KEY the one that bookings seals with?', {
        deliveryId,
        keyId: sealed.keyId,
      });
      return undefined;
    }
  }
}

/** Takes due messages together with what the read models know about each. */
function claimMessages(tx: Tx, channels: string[], now: Date, leaseUntil: Date): Promise<ClaimedMessage[]> {
  return tx.prepared<ClaimedMessage>(
    `WITH ${claimSql()}
     SELECT ${CLAIMED},
       CASE WHEN r.resident_id IS NOT NULL THEN jsonb_build_object('consent', r.consent, 'erased', r.erased,
         'contact', CASE WHEN r.sealed IS NOT NULL
           THEN jsonb_build_object('keyId', r.key_id, 'wrappedKey', r.wrapped_key, 'sealed', r.sealed) END)
       END AS resident,
       CASE WHEN p.resident_id IS NOT NULL THEN jsonb_build_object('enabled', p.enabled, 'language', p.language,
         'quietFrom', p.quiet_from, 'quietTo', p.quiet_to) END AS preference,
       CASE WHEN s.site_id IS NOT NULL THEN jsonb_build_object('nameZh', s.name_zh, 'nameEn', s.name_en,
         'timeZone', s.time_zone) END AS site,
       CASE WHEN o.offering_id IS NOT NULL THEN jsonb_build_object('nameZh', o.name_zh, 'nameEn', o.name_en)
       END AS offering,
       CASE WHEN c.operator_id IS NOT NULL THEN jsonb_build_object('name', c.name) END AS operator
     FROM d
     -- Who was written to under an id that leads on is found under the one that it leads to.
     LEFT JOIN resident_merge AS m ON m.merged_id = d.recipient_id
     LEFT JOIN resident_contact AS r
       ON r.resident_id = coalesce(m.survivor_id, d.recipient_id) AND r.operator_id = d.operator_id
     LEFT JOIN preference AS p
       ON p.resident_id = coalesce(m.survivor_id, d.recipient_id) AND p.operator_id = d.operator_id AND p.channel = 'email'
     LEFT JOIN site_name AS s ON s.site_id = d.site_id
     LEFT JOIN offering_name AS o ON o.offering_id = (d.payload->>'offeringId')::uuid
     LEFT JOIN operator_name AS c ON c.operator_id = d.operator_id
     ORDER BY d.id`,
    [channels, now, leaseUntil, CLAIM_MAX],
  );
}
