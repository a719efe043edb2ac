import type { Change, EventClass } from '@doorstep/contracts';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { KeyObject } from 'node:crypto';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { AccessGuard } from './access/access.guard';
import { publicKeyFrom } from './access/identity';
import { IdentityKey } from './access/identity-key';
import { Revocations } from './access/revocations';
import { PeriodicRunner } from './bootstrap/periodic-runner';
import { Redis } from './bootstrap/redis';
import { SchemaCheck } from './bootstrap/schema-check';
import { HttpConfig, ServiceConfig } from './config/service-config';
import { Clock, RehearsalClock } from './context/clock';
import { OwnApi } from './http/openapi';
import { DatabaseModule, type Migration } from './database';
import { Messaging, MessagingModule } from './messaging';
import { watchMessaging } from './messaging/watch';
import { HealthChecks, HealthController } from './observability/health';
import { AppLogger } from './observability/logger';
import { Metrics } from './observability/metrics';
import { Tracing } from './observability/tracing';

/** What a service tells the platform about itself. */
export interface PlatformOptions<C extends ServiceConfig = ServiceConfig> {
  /** The service's name: log lines, metrics, consumer group, dead letters. */
  name: string;
  config: C;
  /** TypeORM entities. */
  entities: DataSourceOptions['entities'];
  /** The service's own migrations; it refuses to start on a database that lacks one. */
  migrations?: readonly Migration[];
  /** The event by which the service tells every change that a person asks for. */
  changes?: EventClass<Change>;
}

/** What a process without a database of its own (the gateway) tells the platform about itself. */
export interface EdgeOptions<C extends HttpConfig = HttpConfig> {
  name: string;
  config: C;
  /** Verifies identities that this process is called with. */
  identityPublicKey: KeyObject;
}

/** Everything that is the same in each process. Global: import it once, in app.module.ts. */
@Module({})
export class PlatformModule {
  /** A domain service: HTTP, database, messaging, sweepers. */
  static forService(options: PlatformOptions): DynamicModule {
    const { config } = options;
    const edge = PlatformModule.forEdge({
      ...options,
      identityPublicKey: publicKeyFrom(config.identityPublicKey),
    });
    return {
      ...edge,
      imports: [
        ...(edge.imports ?? []),
        DatabaseModule.forService(options),
        MessagingModule.forService(options),
      ],
      providers: [
        ...(edge.providers ?? []),
        { provide: ServiceConfig, useValue: config },
        PeriodicRunner,
        { provide: POSTGRES, inject: [DataSource, HealthChecks, Metrics], useFactory: watchPostgres },
        {
          provide: MESSAGING,
          inject: [Messaging, Metrics, HealthChecks],
          useFactory: watchMessaging,
        },
        {
          provide: SchemaCheck,
          inject: [DataSource],
          useFactory: (source: DataSource) => new SchemaCheck(source, options.name, options.migrations ?? []),
        },
      ],
      exports: [...(edge.exports ?? []), ServiceConfig, PeriodicRunner],
    };
  }

  /** HTTP, Redis, access and observability only. */
  static forEdge({ name, config, identityPublicKey }: EdgeOptions): DynamicModule {
    const logger = new AppLogger({ service: name, level: config.logLevel, format: config.logFormat });
    const ConfigClass = config.constructor as Type;
    return {
      module: PlatformModule,
      global: true,
      imports: [DiscoveryModule, TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        { provide: AppLogger, useValue: logger },
        { provide: HttpConfig, useValue: config },
        { provide: ConfigClass, useValue: config },
        { provide: Metrics, useFactory: () => new Metrics(name) },
        { provide: Tracing, useFactory: () => startTracing(name, config) },
        {
          provide: Redis,
          inject: [HealthChecks],
          useFactory: (health) => startRedis(config, logger, health),
        },
        { provide: IdentityKey, useValue: new IdentityKey(identityPublicKey) },
        HealthChecks,
        AccessGuard,
        Revocations,
        OwnApi,
        { provide: Clock, useFactory: () => clockOf(config) },
      ] satisfies Provider[],
      exports: [
        AppLogger,
        HttpConfig,
        ConfigClass,
        Metrics,
        Tracing,
        Redis,
        IdentityKey,
        HealthChecks,
        AccessGuard,
        Revocations,
        OwnApi,
        Clock,
      ],
    };
  }
}

const POSTGRES = Symbol('doorstep:postgres-watch');
const MESSAGING = Symbol('doorstep:messaging-watch');

function clockOf({ clockFile }: HttpConfig): Clock {
  return clockFile ? new RehearsalClock(clockFile) : new Clock();
}

async function startTracing(name: string, config: HttpConfig): Promise<Tracing> {
  const tracing = new Tracing(name, config.otlpEndpoint);
  await tracing.start();
  return tracing;
}

async function startRedis(config: HttpConfig, logger: AppLogger, health: HealthChecks): Promise<Redis> {
  const redis = new Redis(config.redisUrl, config.redisPrefix, logger);
  health.add({ name: 'redis', check: () => redis.ping(), required: false });
  await redis.connect();
  return redis;
}

interface PoolCounts {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

function watchPostgres(source: DataSource, health: HealthChecks, metrics: Metrics): true {
  const check = async (): Promise<void> => void (await source.query('SELECT 1'));
  health.add({ name: 'postgres', check, required: true });
  const pool = (source.driver as unknown as { master: PoolCounts }).master;
  metrics.gauge('pool_connections', 'Connections of the Postgres pool', () => pool.totalCount);
  metrics.gauge('pool_idle_connections', 'Idle connections of the Postgres pool', () => pool.idleCount);
  metrics.gauge('pool_waiting_requests', 'Work that waits for a connection', () => pool.waitingCount);
  return true;
}
