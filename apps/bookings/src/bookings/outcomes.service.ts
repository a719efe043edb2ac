import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AppLogger, Redis } from '@doorstep/platform';
import { BookingsConfig } from '../config';
import type { BookingRow } from './bookings.queries';

/** How a hold ended: the row where this process wrote it, nothing where only word of it came. */
type Wake = (row: BookingRow | undefined) => void;

export interface Waiting {
  /** The row once the hold has ended, undefined when it is time to look by oneself. */
  outcome: Promise<BookingRow | undefined>;
  forget(): void;
}

/** Behind the wake-ups: how often a waiting request looks by itself. */
export const LOOK_MS = 1_000;

/**
 * Wakes HTTP requests that wait for billing's answer. Within a process by a call after the consumer's commit; between
 * processes through Redis. Both may be missed, so who waits also looks by itself now and then.
 */
@Injectable()
export class Outcomes implements OnModuleInit {
  private readonly waiting = new Map<string, Set<Wake>>();
  private readonly channel: string;

  constructor(
    private readonly redis: Redis,
    private readonly logger: AppLogger,
    config: BookingsConfig,
  ) {
    this.channel = `${config.topicPrefix}bookings.settled`;
  }

  onModuleInit(): void {
    this.redis
      .subscribe(this.channel, (message) => this.hear(message))
      .catch((error: unknown) => this.logger.failure('no wake-ups from other processes', error));
  }

  /** Begins to wait, at most `ms`; begin before the hold is committed, so that no answer comes too early to be heard. */
  await(bookingId: string, ms: number): Waiting {
    let wake: Wake = () => undefined;
    const outcome = new Promise<BookingRow | undefined>((resolve) => (wake = resolve));
    const timer = setTimeout(() => wake(undefined), ms);
    const wakes = this.waiting.get(bookingId) ?? new Set();
    this.waiting.set(bookingId, wakes.add(wake));
    const forget = (): void => {
      clearTimeout(timer);
      wakes.delete(wake);
      if (wakes.size === 0) this.waiting.delete(bookingId);
    };
    void outcome.then(forget);
    return { outcome, forget };
  }

  /** Holds have ended, and that is committed. */
  async settled(rows: readonly BookingRow[]): Promise<void> {
    const elsewhere = rows.filter((row) => !this.wake(row.id, row)).map(({ id }) => id);
    if (elsewhere.length === 0) return;
    await this.redis.publish(this.channel, JSON.stringify(elsewhere)).catch((error: unknown) => {
      this.logger.debug(`Redis: ${String(error)}`);
    });
  }

  private hear(message: string): void {
    for (const id of JSON.parse(message) as string[]) this.wake(id, undefined);
  }

  private wake(id: string, row: BookingRow | undefined): boolean {
    const wakes = this.waiting.get(id);
    wakes?.forEach((wake) => wake(row));
    return wakes !== undefined;
  }
}
