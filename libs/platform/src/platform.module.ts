import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access/access.guard';
import { publicKeyFrom } from './access/identity';
import { IdentityKey } from './access/identity-key';
import { Redis } from './bootstrap/redis';
import { HttpConfig, ServiceConfig } from './config/service-config';
import { Clock } from './context/clock';
import { AppLogger } from './observability/logger';
import { Metrics } from './observability/metrics';

/** What a service tells the platform about itself. */
export interface PlatformOptions<C extends ServiceConfig = ServiceConfig> {
  /** The service's name: log lines, metrics, consumer group, dead letters. */
  name: string;
  config: C;
  /** TypeORM entities. */
  entities: Type[];
  /** TypeORM migrations, oldest first. */
  migrations: Type[];
}

/** Everything that is the same in each service. Global: import it once, in app.module.ts. */
@Module({})
export class PlatformModule {
  static forService(options: PlatformOptions): DynamicModule {
    const { name, config } = options;
    return {
      module: PlatformModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        ...commonProviders(name, config),
        { provide: ServiceConfig, useValue: config },
        { provide: IdentityKey, useFactory: () => new IdentityKey(publicKeyFrom(config.identityPublicKey)) },
        AccessGuard,
      ],
      exports: [
        AppLogger,
        Metrics,
        Clock,
        Redis,
        ServiceConfig,
        HttpConfig,
        config.constructor as Type,
        IdentityKey,
      ],
    };
  }
}

function commonProviders(name: string, config: HttpConfig) {
  const logger = new AppLogger({ service: name, level: config.logLevel, format: config.logFormat });
  return [
    { provide: AppLogger, useValue: logger },
    { provide: Metrics, useFactory: () => new Metrics(name) },
    { provide: HttpConfig, useValue: config },
    { provide: config.constructor as Type, useValue: config },
    {
      provide: Redis,
      useFactory: async () => {
        const redis = new Redis(config.redisUrl, logger);
        await redis.connect();
        return redis;
      },
    },
    Clock,
  ];
}
