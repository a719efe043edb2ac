import { Injectable } from '@nestjs/common';
import { DomainError, sha256Hex } from '@doorstep/kernel';
import { Clock, Database, Periodic, SYSTEM_ACTOR } from '@doorstep/platform';
import { countAttempt, type Throttle } from './login-throttle';
import { normaliseLogin } from './person';

interface ThrottleRow {
  failures: number;
  attempted_at: Date;
  locked_until: Date | null;
}

/** Slows down guessing of passwords. Lives in the database, so that a restart or a second process forgives nothing. */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Counts an attempt before its password is looked at, or refuses it. */
  async admit(login: string): Promise<void> {
    const hash = hashOf(login);
    const now = this.clock.now();
    const lockedSeconds = await this.db.writeAs(SYSTEM_ACTOR, async (tx) => {
      await tx.sql(
        `INSERT INTO login_throttle (login_hash, failures, attempted_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING`,
        [hash, now],
      );
      const [row] = await tx.sql<ThrottleRow>(
        `SELECT failures, attempted_at, locked_until FROM login_throttle WHERE login_hash = $1 FOR UPDATE`,
        [hash],
      );
      const outcome = countAttempt(throttleOf(row), now);
      if ('lockedSeconds' in outcome) return outcome.lockedSeconds;
      const { failures, attemptedAt, lockedUntil } = outcome.admitted;
      await tx.sql(
        `UPDATE login_throttle SET failures = $2, attempted_at = $3, locked_until = $4 WHERE login_hash = $1`,
        [hash, failures, attemptedAt, lockedUntil],
      );
      return 0;
    });
    if (lockedSeconds === 0) return;
    throw new DomainError('limited', 'login_locked', 'There were too many wrong passwords for this login.', {
      mend: `Wait ${lockedSeconds} seconds, or ask a colleague for a new one-time password.`,
      retryAfterSeconds: lockedSeconds,
    });
  }

  /** The right password forgives the wrong ones. */
  async forgive(login: string): Promise<void> {
    await this.db.writeAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(`DELETE FROM login_throttle WHERE login_hash = $1`, [hashOf(login)]),
    );
  }

  /** Attempts of days ago count no more; without this, guessed logins would fill the table. */
  @Periodic({ name: 'forget-login-attempts', everyMs: 3_600_000 })
  async forget(): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`DELETE FROM login_throttle WHERE attempted_at < $1::timestamptz - interval '2 days'`, [
        this.clock.now(),
      ]),
    );
  }
}

function throttleOf(row: ThrottleRow): Throttle {
  return { failures: row.failures, attemptedAt: row.attempted_at, lockedUntil: row.locked_until };
}

function hashOf(login: string): string {
  return sha256Hex(normaliseLogin(login));
}
