import { writeFileSync } from 'node:fs';

/** Moves the platform's clock (CLOCK_FILE) so that one run plays a morning of booking and an evening of attendance. */
export class DayClock {
  private aheadMs = 0;

  constructor(readonly file: string) {
    writeFileSync(file, '0');
  }

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Forward only; waits until every service has seen it (they look ten times a second). */
  async moveTo(instant: Date): Promise<void> {
    this.aheadMs = Math.max(this.aheadMs, instant.getTime() - Date.now());
    writeFileSync(this.file, String(Math.round(this.aheadMs)));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
