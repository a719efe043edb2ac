import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { BillingConfig } from '../config';

/** Files that are read at the same time, and their progress; more wait for their turn. */
const CONNECTIONS_MAX = 3;

/** Connections beside the pipelined ones: for COPY, which can't share one and may take minutes, and for progress. */
@Injectable()
export class SideConnections implements OnApplicationShutdown {
  readonly pool: Pool;

  constructor(config: BillingConfig) {
    this.pool = new Pool({
      connectionString: config.databaseUrl,
      max: CONNECTIONS_MAX,
      application_name: 'doorstep billing import',
    });
    this.pool.on('error', () => undefined); // a lost idle connection is replaced by the next use
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
