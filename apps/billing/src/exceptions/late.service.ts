import { Injectable } from '@nestjs/common';
import { Clock, Database, EachAlone, Periodic, runAs, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { beginMatch } from '../matches/matches.queries';
import { beginMatching } from '../reconciliations/matching.queries';
import { ExceptionPairsService } from './exception-pairs.service';
import {
  ALL_THERE_IS,
  LATELY,
  lateIn,
  nameLate,
  SAME_NUMBERS,
  type LateIn,
  type Since,
} from './late.queries';

const CHANNELS_PER_PAGE = 100;
const PAGES_MAX = 1_000;
const PAIRS_AT_ONCE = 200;

/**
 * What is recorded, or recorded anew, after the bill of its day was reconciled: no later bill speaks of it, so it is named like
 * what a bill lacks, and meets the line that nobody knew when that has its numbers and amount.
 */
@Injectable()
export class LateService {
  /** Whatever was recorded while nobody looked is found by the first look. */
  private since: Since = ALL_THERE_IS;
  /** Channels that a look could not be ended for: what is theirs may lie further back by the time it can. */
  private readonly behind = new Map<string, LateIn>();
  private readonly alone = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly pairs: ExceptionPairsService,
  ) {}

  @Periodic({ everyMs: 600_000, name: 'name what was recorded after its bill' })
  async nameAll(): Promise<void> {
    const { since } = this;
    const found = await this.found(since);
    this.since = LATELY;
    for (const of of found) if (since === ALL_THERE_IS) this.behind.set(keyOf(of), of);
    const all = new Map([...found, ...this.behind.values()].map((of) => [keyOf(of), of]));
    await this.alone.run([...all.values()], keyOf, (of) => this.look(of), this.clock.now());
  }

  private async found(since: Since): Promise<LateIn[]> {
    const found: LateIn[] = [];
    for (let page = 0; page < PAGES_MAX; page++) {
      const next = await this.db.read((tx) => lateIn(tx, since, CHANNELS_PER_PAGE, found.at(-1)));
      found.push(...next);
      if (next.length < CHANNELS_PER_PAGE) break;
    }
    return found;
  }

  private async look(of: LateIn): Promise<void> {
    const key = keyOf(of);
    const since = this.behind.has(key) ? ALL_THERE_IS : LATELY;
    // Behind until the look is over, whatever comes in between.
    this.behind.set(key, of);
    await this.db.writeAs(SYSTEM_ACTOR, (tx) => this.name(tx, since, of));
    this.behind.delete(key);
  }

  /** Waits for whoever reconciles the channel, then for whoever matches or settles. */
  private async name(tx: Tx, since: Since, of: LateIn): Promise<void> {
    await beginMatching(tx, of);
    await beginMatch(tx, of.operatorId);
    await this.meet(tx, of, since);
  }

  /**
   * Names what is late, and brings together what is the same: nobody says so, the numbers do. In the caller's transaction, who
   * has both locks.
   */
  meet(tx: Tx, of: LateIn, since: Since = LATELY): Promise<void> {
    return runAs(SYSTEM_ACTOR, () => this.nameAndPair(tx, of, since));
  }

  private async nameAndPair(tx: Tx, of: LateIn, since: Since): Promise<void> {
    await nameLate(tx, since, of, { at: this.clock.now(), by: SYSTEM_ACTOR.id });
    for (let pairs = PAIRS_AT_ONCE; pairs === PAIRS_AT_ONCE;) {
      const asked = [of.operatorId, PAIRS_AT_ONCE];
      const same = await tx.sql<{ lineId: string; oursId: string }>(SAME_NUMBERS, asked);
      for (const { lineId, oursId } of same)
        await this.pairs.makeOne(tx, lineId, oursId, 'Recorded after its bill.');
      pairs = same.length;
    }
  }
}

const keyOf = ({ operatorId, channel }: LateIn): string => `${channel} of ${operatorId}`;
