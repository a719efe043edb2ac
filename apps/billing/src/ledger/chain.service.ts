import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Clock, currentActor, Database, Periodic, type Tx } from '@doorstep/platform';
import { GENESIS, walk, type Break } from './chain';
import { addLinks, countUnchained, hashAt, heads, horizons, linksAfter, moveHorizon } from './chain.queries';
import type { VerificationDto, VerificationQuery } from './chain.dto';

/** So few that nobody waits for long for what they hold. */
const BATCH = 500;
const ROUNDS_MAX = 1_000;
const PAGE = 1_000;

/** Chains committed entries by hash, each operator's for itself, and finds the first link that does not hold. */
@Injectable()
export class ChainService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Periodic({ everyMs: 2_000, name: 'chain the journal' })
  async chain(): Promise<void> {
    // What is chained in a full round is not looked at again in the next: only the last looks at everything.
    let beyond = 0;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const last = await this.round(beyond);
      if (last === undefined && beyond === 0) return;
      beyond = last ?? 0;
    }
  }

  /** @returns the number of the last entry of a full round; there may be more beyond it */
  private round(beyond: number): Promise<number | undefined> {
    return this.db.write(async (tx) => {
      const { horizon, next } = await horizons(tx);
      const { count, last } = await addLinks(tx, { horizon, beyond, limit: BATCH, at: this.clock.now() });
      if (count === BATCH) return last ?? undefined;
      if (beyond === 0 && next !== horizon) await moveHorizon(tx, next);
      return undefined;
    });
  }

  async verify({ operatorId, after, limit, expected }: VerificationQuery): Promise<VerificationDto> {
    const id = currentActor().operatorId ?? operatorId;
    if (!id) throw operatorMissing();
    const start = await this.startAt(id, after);
    let at: { position: number; hash: string } = start;
    let broken: Break | null = null;
    for (let left = limit; left > 0 && !broken; left -= PAGE) {
      const links = await this.db.read((tx) => linksAfter(tx, id, at.position, Math.min(PAGE, left)));
      const result = walk(links, at);
      if (result.broken) ({ broken } = result);
      else at = result;
      if (links.length < PAGE) break;
    }
    return this.db.read(async (tx) => {
      const [head] = await heads(tx, [id]);
      const expectedHolds = expected === undefined ? null : await matches(tx, id, expected, at.position);
      return {
        ...{ operatorId: id, after, verifiedTo: at.position, intact: !broken && expectedHolds !== false },
        head: head ? { position: head.position, hash: head.hash, chainedAt: head.chainedAt } : null,
        ...{ broken, expectedHolds, waiting: await countUnchained(tx, id) },
        next: !broken && head && head.position > at.position ? at.position : null,
      };
    });
  }

  private async startAt(operatorId: string, after: number): Promise<{ position: number; hash: string }> {
    if (after === 0) return { position: 0, hash: GENESIS };
    const hash = await this.db.read((tx) => hashAt(tx, operatorId, after));
    if (hash) return { position: after, hash };
    throw new DomainError('invalid', 'position_unknown', `The chain has no link ${after}.`, {
      field: 'after',
      mend: 'Begin with 0, or go on from the `next` of the answer before.',
    });
  }
}

/** `position:hash` that was noted elsewhere: whether it still stands in the chain. */
async function matches(tx: Tx, operatorId: string, expected: string, verifiedTo: number): Promise<boolean> {
  const [position, hash] = expected.split(':');
  return Number(position) <= verifiedTo && (await hashAt(tx, operatorId, Number(position))) === hash;
}

function operatorMissing(): DomainError {
  return new DomainError('invalid', 'operator_missing', 'Each operator has a chain of its own.', {
    field: 'operatorId',
    mend: 'Name the operator whose chain is to be verified.',
  });
}
