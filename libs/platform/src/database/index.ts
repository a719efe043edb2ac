export * from './backoff';
export { changeBy, type Done } from './change-log';
export { DATABASE_LIMITS, type DatabaseLimits, dataSourceOf } from './data-source';
export { Database } from './database';
export { DatabaseModule, type DatabaseModuleOptions } from './database.module';
export { type Migration, type ServiceUrls, ensureDatabaseAndRoles, migrate } from './migrate';
export { isContention, isOutage, isTwin, sqlStateOf } from './pg-errors';
export { platformMigrations } from './platform-migrations';
export {
  type Scope,
  type TenantTableOptions,
  appendOnlyTable,
  policiesCompareIds,
  readModelOf,
  scopeOf,
  tenantTable,
} from './tenancy';
export * from './plan-anew';
export type { Sql } from './sql';
export type { TellOptions, Tx } from './transaction';
