import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';

/** The only source of the present; tests bind a fixed one. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

/** What is known of the file is never older. */
const LOOK_AGAIN_MS = 5;

/**
 * A clock that a rehearsal moves: a file holds by how many milliseconds it is ahead of the real time. The demo plays a
 * whole day of sessions with it. Tokens and time limits keep to the real time.
 */
export class RehearsalClock extends Clock {
  private aheadMs = 0;
  private readAt = -Infinity;

  constructor(private readonly file: string) {
    super();
    this.read();
  }

  override now(): Date {
    if (performance.now() - this.readAt > LOOK_AGAIN_MS) this.read();
    return new Date(Date.now() + this.aheadMs);
  }

  private read(): void {
    const text = readFileSync(this.file, 'utf8');
    this.readAt = performance.now();
    // Whoever writes it may have emptied it first.
    if (/^\d+$/.test(text.trim())) this.aheadMs = Number(text);
  }
}
