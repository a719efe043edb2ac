/** Rounds of one run at most: a bound, should rounds find work for ever. */
const ROUNDS_MAX = 1_000;

/**
 * Runs rounds until one says that nothing more is due. One run at a time; a call during a run makes it look once more,
 * so nothing that was queued before the call is overlooked.
 */
export class Drain {
  private running?: Promise<void>;
  private again = false;
  private stopped = false;

  /** @param round does a portion of the work; true when there may be more */
  constructor(private readonly round: () => Promise<boolean>) {}

  run(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.again = true;
    this.running ??= this.loop().finally(() => (this.running = undefined));
    return this.running;
  }

  get stopping(): boolean {
    return this.stopped;
  }

  /** No further round begins; resolves when the one in hand is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    // Whoever started the run hears of its failure.
    await this.running?.catch(() => undefined);
  }

  private async loop(): Promise<void> {
    for (let rounds = 0; this.again && !this.stopped && rounds < ROUNDS_MAX; rounds++) {
      this.again = false;
      if (await this.round()) this.again = true;
    }
  }
}
