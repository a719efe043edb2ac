import type { OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ConfigError } from '../config/env';
import { type Migration, platformMigrations, sqlStateOf } from '../database';

const UNDEFINED_TABLE = '42P01';

/** A service doesn't start on a database that its migrations have not been through. */
export class SchemaCheck implements OnModuleInit {
  constructor(
    private readonly source: DataSource,
    private readonly service: string,
    private readonly migrations: readonly Migration[],
  ) {}

  async onModuleInit(): Promise<void> {
    const wanted = [...platformMigrations, ...this.migrations].map((Class) => nameOf(Class));
    const done = await migrationsDone(this.source);
    const missing = wanted.filter((name) => !done.has(name));
    if (missing.length === 0) return;
    throw new ConfigError(this.service, [`the database lacks ${missing.join(', ')}: run npm run migrate`]);
  }
}

async function migrationsDone(source: DataSource): Promise<Set<string>> {
  try {
    const rows: { name: string }[] = await source.query('SELECT name FROM migration');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return new Set();
    throw error;
  }
}

/** As TypeORM names it. */
function nameOf(Class: Migration): string {
  return new Class().name ?? Class.name;
}
