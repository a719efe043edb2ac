import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** The only source of the present; tests bind a fixed one. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

/**
 * A clock that a rehearsal moves: a file holds by how many milliseconds it is ahead of the real time. The demo plays a
 * whole day of sessions with it. Tokens and time limits keep to the real time.
 */
export class RehearsalClock extends Clock implements OnModuleDestroy {
  private aheadMs = 0;

  constructor(private readonly file: string) {
    super();
    this.read();
    watchFile(file, { interval: 100, persistent: false }, () => this.read());
  }

  override now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  onModuleDestroy(): void {
    unwatchFile(this.file);
  }

  private read(): void {
    const aheadMs = Number(readFileSync(this.file, 'utf8'));
    if (Number.isSafeInteger(aheadMs)) this.aheadMs = aheadMs;
  }
}
