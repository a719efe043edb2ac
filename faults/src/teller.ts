import type { DataSource } from 'typeorm';
import { newId } from '@doorstep/kernel';
import { Database, SYSTEM_ACTOR, dataSourceOf } from '@doorstep/platform';
import { CounterRaised } from './counter-service';

export interface Acknowledged {
  counterId: string;
  version: number;
}

/** Raises counters through the real `Database.write`, from the spec's own process, and remembers what was promised. */
export class Teller {
  /** Writes that returned without an error: each must have its effect, whatever is killed. */
  readonly acknowledged: Acknowledged[] = [];

  private constructor(
    private readonly source: DataSource,
    private readonly database: Database,
  ) {}

  static async open(databaseUrl: string): Promise<Teller> {
    const source = await dataSourceOf(databaseUrl, 'teller', [], {
      poolMax: 4,
      connectMs: 2_000,
    }).initialize();
    return new Teller(source, new Database(source, 'faults'));
  }

  /** Raises each of `counters` new counters from 1 to `versions`; counters side by side, versions in order. */
  async tell(counters: number, versions: number, pauseMs = 0): Promise<string[]> {
    const ids = Array.from({ length: counters }, () => newId());
    await Promise.all(
      ids.map(async (counterId) => {
        for (let version = 1; version <= versions; version++) {
          await this.raise(counterId, version);
          if (pauseMs > 0) await sleep(pauseMs);
        }
      }),
    );
    return ids;
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  /** Tries until the write is known to be there; after an error in between it may have been committed or not. */
  private async raise(counterId: string, version: number): Promise<void> {
    for (;;) {
      try {
        if (await this.raiseOnce(counterId, version)) this.acknowledged.push({ counterId, version });
        return;
      } catch {
        await sleep(100);
      }
    }
  }

  /** @returns false when an earlier try, whose answer was lost, had been committed */
  private raiseOnce(counterId: string, version: number): Promise<boolean> {
    return this.database.writeAs(SYSTEM_ACTOR, async (tx) => {
      const added = await tx.sql(
        `INSERT INTO told (counter_id, version) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1`,
        [counterId, version],
      );
      if (added.length === 0) return false;
      tx.tell(Object.assign(new CounterRaised(), { counterId, version, at: new Date().toISOString() }));
      return true;
    });
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
