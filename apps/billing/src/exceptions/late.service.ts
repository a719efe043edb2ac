import { Injectable } from '@nestjs/common';
import { Clock, Database, Periodic, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { beginMatch } from '../matches/matches.queries';
import { beginMatching } from '../reconciliations/matching.queries';
import { ExceptionPairsService } from './exception-pairs.service';
import { lateIn, nameLate, SAME_NUMBERS, type LateIn } from './late.queries';

const CHANNELS_AT_ONCE = 100;
const PAIRS_AT_ONCE = 200;

/**
 * What is recorded after the bill of its day was reconciled: no later bill speaks of it, so it is named like what a bill lacks,
 * and meets the line that nobody knew when that has its numbers and amount.
 */
@Injectable()
export class LateService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly pairs: ExceptionPairsService,
  ) {}

  @Periodic({ everyMs: 600_000, name: 'name what was recorded after its bill' })
  async nameAll(): Promise<void> {
    const found = await this.db.read((tx) => lateIn(tx, CHANNELS_AT_ONCE));
    for (const of of found) await this.db.writeAs(SYSTEM_ACTOR, (tx) => this.name(tx, of));
  }

  /** Waits for whoever reconciles the channel, then for whoever matches or settles. */
  private async name(tx: Tx, of: LateIn): Promise<void> {
    await beginMatching(tx, of);
    await beginMatch(tx, of.operatorId);
    await nameLate(tx, of, { at: this.clock.now(), by: SYSTEM_ACTOR.id });
    const same = await tx.sql<{ lineId: string; oursId: string }>(SAME_NUMBERS, [
      of.operatorId,
      PAIRS_AT_ONCE,
    ]);
    for (const { lineId, oursId } of same)
      await this.pairs.makeOne(tx, lineId, oursId, 'Recorded after its bill.');
  }
}
