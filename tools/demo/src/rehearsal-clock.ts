import { renameSync, writeFileSync } from 'node:fs';

const SEEN_MS = 20;

/** Moves the platform's clock (CLOCK_FILE) so that one run plays a morning of booking and an evening of attendance. */
export class DayClock {
  private aheadMs = 0;

  constructor(readonly file: string) {
    writeFileSync(file, '0');
  }

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Forward only; waits until every service sees it (what they know of it is at most some milliseconds old). */
  async moveTo(instant: Date): Promise<void> {
    const aheadMs = instant.getTime() - Date.now();
    if (aheadMs <= this.aheadMs) return;
    this.aheadMs = aheadMs;
    // In one step: a service that reads meanwhile sees the old time or the new one.
    writeFileSync(`${this.file}.next`, String(aheadMs));
    renameSync(`${this.file}.next`, this.file);
    await new Promise((resolve) => setTimeout(resolve, SEEN_MS));
  }
}
