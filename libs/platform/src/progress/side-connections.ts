import type { OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';

/** Connections beside the pipelined ones: for COPY, which can't share one and may take minutes, and for progress. */
export abstract class SideConnections implements OnApplicationShutdown {
  private readonly pool: Pool;

  /** @param max work of this kind at the same time; more waits for its turn */
  constructor({ databaseUrl, name, max }: { databaseUrl: string; name: string; max: number }) {
    this.pool = new Pool({ connectionString: databaseUrl, max, application_name: name });
    this.pool.on('error', ignore); // a lost idle connection is replaced by the next use
  }

  /** A transaction on a connection of its own. When it fails the connection goes, and Postgres rolls back. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    // A connection that is cut fails the statement on it; what else it has to say comes when nobody waits any more.
    client.on('error', ignore);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.off('error', ignore);
      client.release();
      return result;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

function ignore(): void {}
