import type { EachBatchPayload } from 'kafkajs';

type Offsets = Pick<EachBatchPayload, 'commitOffsetsIfNecessary' | 'uncommittedOffsets'>;

/**
 * Commits a group's offsets now and then, not after each fetch: what a crash forgets is delivered again, and the inbox takes
 * it for what it is. What comes alone is committed at once.
 */
export class Commits {
  private offsets?: Offsets;
  private timer?: NodeJS.Timeout;
  private last = -Infinity;

  constructor(private readonly everyMs: number) {}

  /** Something is finished: it is committed within `everyMs`. */
  async due(offsets: Offsets): Promise<void> {
    this.offsets = offsets;
    const restMs = this.last + this.everyMs - performance.now();
    if (restMs <= 0) return this.now();
    // One that fails was late: the group's next heartbeat says why, and the next commit says it all again.
    this.timer ??= setTimeout(() => void this.now().catch(() => undefined), restMs);
  }

  async now(offsets = this.offsets): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = performance.now();
    if (offsets) await offsets.commitOffsetsIfNecessary(offsets.uncommittedOffsets());
  }

  /** The consumer is gone, and its offsets with it. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.offsets = undefined;
  }
}
