import { DataSource, type DataSourceOptions } from 'typeorm';
import './pg-types';

export interface DatabaseLimits {
  poolMax: number;
  /** Longest that one statement may run. */
  statementMs: number;
  /** Longest wait for a lock that another transaction holds. */
  lockMs: number;
  /** Longest pause between two statements of one transaction. */
  idleInTransactionMs: number;
  /** Longest wait for a free connection of the pool, or a new one. */
  connectMs: number;
}

export const DATABASE_LIMITS: DatabaseLimits = {
  poolMax: 10,
  statementMs: 15_000,
  lockMs: 5_000,
  idleInTransactionMs: 30_000,
  connectMs: 5_000,
};

/** How long a connection beyond the need of the moment is kept. */
const POOL_IDLE_MS = 60_000;

/** TypeORM on the service's database: no synchronisation, no migrations at start, pipelined connections. */
export function dataSourceOf(
  url: string,
  name: string,
  entities: DataSourceOptions['entities'],
  limits: Partial<DatabaseLimits> = {},
): DataSource {
  const { poolMax, statementMs, lockMs, idleInTransactionMs, connectMs } = { ...DATABASE_LIMITS, ...limits };
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    poolSize: poolMax,
    connectTimeoutMS: connectMs,
    applicationName: `doorstep ${name}`,
    installExtensions: false,
    extra: {
      pipeline: true,
      keepAlive: true,
      // A new connection costs as much as a dozen bookings: its process, its password, its plans.
      idleTimeoutMillis: POOL_IDLE_MS,
      statement_timeout: statementMs,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: idleInTransactionMs,
      // A cut connection ends its statement soon, instead of holding its locks until the statement is through.
      options: '-c client_connection_check_interval=2000',
    },
  });
}
