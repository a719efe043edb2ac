import {
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  type INestApplication,
  Inject,
  Module,
  type NestInterceptor,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { NestMicroservice } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import { Database } from '../database/database';
import { Broker } from './broker';
import { EventStrategy } from './event-strategy';
import { Hygiene } from './hygiene';
import { Messaging } from './messaging';
import { type MessagingOptions, messagingProviders } from './messaging.providers';
import { OutboxRelay } from './relay';
import { MessagingStats } from './stats';
import { Topics } from './topics';

/** Global: `Messaging` and `MessagingStats`. Needs DatabaseModule beside it; handlers start with `connectMessaging`. */
@Module({})
export class MessagingModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Topics) private readonly topics: Topics,
    @Inject(Database) private readonly database: Database,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(Hygiene) private readonly hygiene: Hygiene,
  ) {}

  static forService(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: messagingProviders(options),
      exports: [Messaging, MessagingStats, EventStrategy, Broker],
    };
  }

  onApplicationBootstrap(): void {
    this.database.onTold(() => this.relay.nudge());
    this.relay.start();
    this.hygiene.start();
  }

  /** After the last request and the last batch: what they told still goes out. */
  async onApplicationShutdown(): Promise<void> {
    this.topics.stop();
    await Promise.all([this.relay.stop(), this.hygiene.stop()]);
  }
}

/**
 * Attaches the consumer to an application that has a MessagingModule; without one (the gateway) there is nothing to do.
 * Call it before `app.init()`, and `app.startAllMicroservices()` after. The handlers are registered here and not by
 * `connectMicroservice` itself, because a global filter counts only for handlers that come after it.
 */
export function connectMessaging(app: INestApplication, interceptors: NestInterceptor[] = []): void {
  const modules = [...app.get(ModulesContainer).values()];
  if (!modules.some(({ metatype }) => metatype === MessagingModule)) return;
  const options = { strategy: app.get(EventStrategy) };
  const microservice = app.connectMicroservice(options, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(new Unswallowed());
  microservice.useGlobalInterceptors(...interceptors);
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
}

/** Nest's own last filter makes every error an opaque object; the strategy needs the error itself. */
@Catch()
class Unswallowed implements ExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
