import { Logger } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { Periodic } from '../bootstrap/periodic';
import type { Database } from '../database';
import type { SideConnections } from './side-connections';

/** Pause between two words about the same work. */
const PAUSE_MS = 500;

/** Tells how far something is; `total` is null while nobody knows. */
export type Report = (stage: string, done: number, total: number | null) => void;

/** The last word about some work. */
export interface ProgressWord {
  id: string;
  stage: string;
  done: number;
  total: number | null;
  changedAt: Date;
}

/**
 * How far long work is, readable while its transaction is still open: hence on a connection of its own. Whoever wants to
 * know gives the work an id first. Progress that can't be written is logged and never stops the work.
 */
export abstract class ProgressBoard {
  private readonly logger = new Logger(ProgressBoard.name);

  /** @param table with columns id, stage, done, total, changed_at and, where tenants' work is told, operator_id */
  constructor(
    private readonly db: Database,
    private readonly side: SideConnections,
    private readonly table: string,
  ) {}

  /**
   * @param id given by whoever waits; without it nobody does
   * @param operatorId whose work it is; null where no tenant has any
   */
  reporter(id: string | undefined, operatorId: string | null): Report {
    if (!id) return () => undefined;
    let [stageTold, toldAt, writing] = ['', 0, Promise.resolve()];
    return (stage, done, total) => {
      const now = Date.now();
      if (stage === stageTold && now - toldAt < PAUSE_MS) return;
      [stageTold, toldAt] = [stage, now];
      // One after the other, so that an earlier word never overwrites a later one.
      writing = writing.then(() => this.write({ id, stage, done, total }, operatorId));
    };
  }

  find(id: string): Promise<ProgressWord> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<ProgressWord>(
        `SELECT id, stage, done, total, changed_at AS "changedAt" FROM ${this.table} WHERE id = $1`,
        [id],
      );
      if (!row) throw notFound('progress', id);
      return row;
    });
  }

  @Periodic({ everyMs: 3_600_000, name: 'forget old progress' })
  async forgetOld(): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`DELETE FROM ${this.table} WHERE changed_at < now() - interval '1 day'`),
    );
  }

  private async write(
    { id, stage, done, total }: Omit<ProgressWord, 'changedAt'>,
    operatorId: string | null,
  ): Promise<void> {
    const [whose, value] = operatorId === null ? ['', ''] : [', operator_id', ', $5'];
    try {
      await this.side.transaction(async (client) => {
        if (operatorId !== null)
          await client.query(`SELECT set_config('app.operator_id', $1, true)`, [operatorId]);
        await client.query(
          `INSERT INTO ${this.table} (id, stage, done, total, changed_at${whose})
           VALUES ($1, $2, $3, $4, now()${value})
           ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, done = excluded.done, total = excluded.total,
             changed_at = excluded.changed_at`,
          [id, stage, done, total, ...(operatorId === null ? [] : [operatorId])],
        );
      });
    } catch (error) {
      this.logger.warn(`progress ${id} could not be written: ${(error as Error).message}`);
    }
  }
}
