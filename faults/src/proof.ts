import { Pool } from 'pg';
import { eventually } from '@doorstep/testing';
import type { Acknowledged } from './teller';

/** What the tables say, read as the superuser and apart from all code of the platform. */
export class Proof {
  private readonly pool: Pool;

  constructor(superuserUrl: string) {
    this.pool = new Pool({ connectionString: superuserUrl, max: 2 });
    // Lost connections are part of the proofs; the next query takes a new one.
    this.pool.on('error', () => undefined);
  }

  async count(
    table: 'told' | 'effect' | 'answer' | 'outbox' | 'parked_event' | 'dead_letter',
  ): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0].count);
  }

  async versions(table: 'effect' | 'answer', counterId: string): Promise<number[]> {
    const { rows } = await this.pool.query<{ version: number }>(
      `SELECT version FROM ${table} WHERE counter_id = $1 ORDER BY seq`,
      [counterId],
    );
    return rows.map(({ version }) => version);
  }

  /** Waits until every told event has come through the whole chain, then holds the result against what was promised. */
  async exactlyOnce(acknowledged: readonly Acknowledged[], timeoutMs = 60_000): Promise<void> {
    await eventually(
      async () => {
        const [told, effects, answers, waiting] = await Promise.all(
          (['told', 'effect', 'answer', 'outbox'] as const).map((table) => this.count(table)),
        );
        if (effects < told || answers < told || waiting > 0) {
          throw new Error(`${told} told, ${effects} effects, ${answers} answers, ${waiting} in the outbox`);
        }
      },
      { timeoutMs, pauseMs: 50 },
    );
    expect(await this.missing(acknowledged)).toEqual([]);
    for (const table of ['effect', 'answer'] as const) {
      expect(await this.differences(table)).toEqual([]);
      expect(await this.outOfOrder(table)).toEqual([]);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Promises that the table of told events doesn't know: lost with the crash of Postgres. */
  private async missing(acknowledged: readonly Acknowledged[]): Promise<unknown[]> {
    const { rows } = await this.pool.query(
      `SELECT * FROM unnest($1::uuid[], $2::int[]) AS promised (counter_id, version)
       EXCEPT SELECT counter_id, version FROM told`,
      [acknowledged.map(({ counterId }) => counterId), acknowledged.map(({ version }) => version)],
    );
    return rows;
  }

  /** Told events without exactly one effect, and effects that nobody told. */
  private async differences(table: 'effect' | 'answer'): Promise<unknown[]> {
    const { rows } = await this.pool.query(
      `SELECT counter_id, version, count(seq) FROM told FULL JOIN ${table} USING (counter_id, version)
       GROUP BY counter_id, version HAVING count(seq) <> 1 OR bool_or(told IS NULL)`,
    );
    return rows;
  }

  private async outOfOrder(table: 'effect' | 'answer'): Promise<unknown[]> {
    const { rows } = await this.pool.query(
      `SELECT * FROM (SELECT *, lag(version) OVER (PARTITION BY counter_id ORDER BY seq) AS before FROM ${table}) AS t
       WHERE version <> coalesce(before, 0) + 1`,
    );
    return rows;
  }
}
