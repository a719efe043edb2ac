import { Injectable, Logger } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Database, Periodic } from '@doorstep/platform';
import type { ProgressDto } from './progress.dto';
import { SideConnections } from './side-connections.service';

/** Pause between two words about the same work. */
const PAUSE_MS = 500;

/** Tells how far something is; `total` is null while nobody knows. */
export type Report = (stage: string, done: number, total: number | null) => void;

/**
 * How far uploads and reconciliations are, readable while their transaction is still open: hence on a connection of its
 * own. Whoever wants to know gives the work an id first. Progress that can't be written is logged and never stops the work.
 */
@Injectable()
export class Progress {
  private readonly logger = new Logger(Progress.name);

  constructor(
    private readonly db: Database,
    private readonly side: SideConnections,
  ) {}

  /** @param id given by whoever waits; without it nobody does */
  reporter(id: string | undefined, operatorId: string): Report {
    if (!id) return () => undefined;
    let [stageTold, toldAt, writing] = ['', 0, Promise.resolve()];
    return (stage, done, total) => {
      const now = Date.now();
      if (stage === stageTold && now - toldAt < PAUSE_MS) return;
      [stageTold, toldAt] = [stage, now];
      // One after the other, so that an earlier word never overwrites a later one.
      writing = writing.then(() => this.write(id, operatorId, stage, done, total));
    };
  }

  find(id: string): Promise<ProgressDto> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<ProgressDto>(
        `SELECT id, stage, done, total, changed_at AS "changedAt" FROM settlement_progress WHERE id = $1`,
        [id],
      );
      if (!row) throw notFound('progress', id);
      return row;
    });
  }

  @Periodic({ everyMs: 3_600_000, name: 'forget old progress' })
  async forgetOld(): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`DELETE FROM settlement_progress WHERE changed_at < now() - interval '1 day'`),
    );
  }

  private async write(
    id: string,
    operatorId: string,
    stage: string,
    done: number,
    total: number | null,
  ): Promise<void> {
    try {
      await this.side.transaction(async (client) => {
        await client.query(`SELECT set_config('app.operator_id', $1, true)`, [operatorId]);
        await client.query(
          `INSERT INTO settlement_progress AS p (id, operator_id, stage, done, total, changed_at)
           VALUES ($1, $2, $3, $4, $5, now())
           ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, done = excluded.done, total = excluded.total,
             changed_at = excluded.changed_at`,
          [id, operatorId, stage, done, total],
        );
      });
    } catch (error) {
      this.logger.warn(`progress ${id} could not be written: ${(error as Error).message}`);
    }
  }
}
