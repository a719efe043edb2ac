/** The first pause after a failure; each further one is twice as long. */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** Of so many it is remembered that they failed; the oldest is tried again first. */
const REMEMBERED_MAX = 10_000;

interface Trouble {
  times: number;
  /** Left alone until then. */
  until: number;
}

/**
 * Does a periodic round's work for each of many, so that one that fails stops none of the others: it is left alone for a
 * growing while, an hour at the longest, and the round says at its end what failed.
 */
export class EachAlone {
  private readonly troubles = new Map<string, Trouble>();

  /**
   * @param keyOf tells them apart, and names them in the error
   * @returns whether all were done; false: some are left alone just now
   * @throws AggregateError when all have had their turn, with what failed in this round
   */
  async run<One>(
    all: readonly One[],
    keyOf: (one: One) => string,
    work: (one: One) => Promise<unknown>,
    now: Date,
  ): Promise<boolean> {
    const failed = new Map<string, unknown>();
    let waiting = 0;
    for (const one of all) {
      const key = keyOf(one);
      if ((this.troubles.get(key)?.until ?? 0) > now.getTime()) {
        waiting += 1;
        continue;
      }
      try {
        await work(one);
        this.troubles.delete(key);
      } catch (error) {
        this.note(key, now);
        failed.set(key, error);
      }
    }
    if (failed.size > 0) throw new AggregateError(failed.values(), `could not do ${saying(failed)}`);
    return waiting === 0;
  }

  private note(key: string, now: Date): void {
    const times = (this.troubles.get(key)?.times ?? 0) + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
    this.troubles.delete(key);
    const [oldest] = this.troubles.size >= REMEMBERED_MAX ? this.troubles.keys() : [];
    if (oldest !== undefined) this.troubles.delete(oldest);
    this.troubles.set(key, { times, until: now.getTime() + pauseMs });
  }
}

const NAMED_MAX = 5;

function saying(failed: ReadonlyMap<string, unknown>): string {
  const named = [...failed].slice(0, NAMED_MAX).map(([key, error]) => `${key} (${wordsOf(error)})`);
  const more = failed.size - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
