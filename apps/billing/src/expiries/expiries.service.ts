import { Injectable } from '@nestjs/common';
import type { DomainEvent } from '@doorstep/contracts';
import { Clock, Database, Periodic, type Tx } from '@doorstep/platform';
import { BillingConfig } from '../config';
import { packageExpiring } from '../packages/packages.events';
import { prepaidCardExpiring } from '../prepaid/prepaid.events';
import { chinaDay } from '../shared/days';
import { endingCards, endingPackages, noteNotices } from './expiries.queries';

const BATCH = 200;
const BATCHES_MAX = 500;

type Notice = Parameters<typeof noteNotices>[1][number] & { told: DomainEvent };

/** Tells of what a resident has paid for and soon can't use any more: once at each of the days before the end that are set. */
@Injectable()
export class ExpiriesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
  ) {}

  @Periodic({ everyMs: 3_600_000, name: 'tell of what expires soon' })
  async tellOfEndings(): Promise<void> {
    await this.inBatches((tx) => this.packages(tx));
    await this.inBatches((tx) => this.cards(tx));
  }

  /** What has been told of is not found again, so each batch is the next one. */
  private async inBatches(next: (tx: Tx) => Promise<Notice[]>): Promise<void> {
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const found = await this.db.write(async (tx) => {
        const notices = await next(tx);
        const given = await noteNotices(tx, notices, this.clock.now());
        for (const { id, told } of notices) if (given.has(id)) tx.tell(told);
        return notices.length;
      });
      if (found < BATCH) return;
    }
  }

  private async packages(tx: Tx): Promise<Notice[]> {
    const now = this.clock.now();
    const endings = await endingPackages(tx, this.asked());
    return endings.map((one) => ({ ...one, told: packageExpiring(one, now) }));
  }

  private async cards(tx: Tx): Promise<Notice[]> {
    const now = this.clock.now();
    const endings = await endingCards(tx, this.asked());
    return endings.map((card) => ({ ...card, told: prepaidCardExpiring(card, card.endsOn, now) }));
  }

  private asked(): Parameters<typeof endingCards>[1] {
    const noticeDays = this.config.expiryNoticeDays.map(Number);
    return { today: chinaDay(this.clock.now()), noticeDays, limit: BATCH };
  }
}
