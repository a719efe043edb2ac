import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Change, EventClass } from '@doorstep/contracts';
import { Clock } from '../context';
import { dataSourceOf } from './data-source';
import { Database } from './database';

export interface DatabaseModuleOptions {
  /** The service's name. */
  name: string;
  config: { databaseUrl: string; databasePoolMax?: number };
  entities: DataSourceOptions['entities'];
  /** The event by which every change that a person asks for is told. */
  changes?: EventClass<Change>;
}

/** Global: `Database`, and TypeORM's `DataSource` behind it. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly source: DataSource) {}

  static forService({ name, config, entities, changes: type }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        {
          provide: DataSource,
          useFactory: () =>
            dataSourceOf(config.databaseUrl, name, entities, {
              poolMax: config.databasePoolMax,
            }).initialize(),
        },
        {
          provide: Database,
          // A process that tells no changes may do without a clock.
          inject: type ? [DataSource, Clock] : [DataSource],
          useFactory: (source: DataSource, clock: Clock) =>
            new Database(source, name, type && { type, now: () => clock.now() }),
        },
      ],
      exports: [DataSource, Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }
}
