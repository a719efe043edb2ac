import { Clock } from '@doorstep/platform';

/** A clock that stands still until the test moves it. */
export class FixedClock extends Clock {
  private at: Date;

  constructor(at: Date | string = '2026-11-02T01:00:00Z') {
    super();
    this.at = new Date(at);
  }

  override now(): Date {
    return new Date(this.at);
  }

  set(at: Date | string): void {
    this.at = new Date(at);
  }

  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = by;
    this.at = new Date(this.at.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}
