import {
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  type INestApplication,
  type INestMicroservice,
  Inject,
  Logger,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { TOPICS } from '@doorstep/contracts';
import { backoffMs, pause } from '../database/backoff';
import { Database } from '../database/database';
import { Broker } from './broker';
import { EventStrategy } from './event-strategy';
import { Hygiene } from './hygiene';
import { MESSAGING_HOOKS, type MessagingHooks, NO_HOOKS } from './hooks';
import { Messaging } from './messaging';
import { OutboxRelay } from './relay';
import { MessagingStats } from './stats';
import { MESSAGING_TUNING, MESSAGING_TUNING_DEFAULTS, type MessagingTuning } from './tuning';

export interface MessagingModuleOptions {
  /** The service's name: its consumer group, and the source of its events. */
  name: string;
  config: { databaseUrl: string; kafkaBrokers: string[]; topicPrefix?: string };
}

/** Global: `Messaging` and `MessagingStats`. Needs DatabaseModule beside it; handlers start with `connectMessaging`. */
@Module({})
export class MessagingModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(Broker) private readonly broker: Broker,
    @Inject(Database) private readonly database: Database,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(Hygiene) private readonly hygiene: Hygiene,
  ) {}

  static forService({ name, config }: MessagingModuleOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MESSAGING_TUNING, useValue: MESSAGING_TUNING_DEFAULTS },
        { provide: MESSAGING_HOOKS, useValue: NO_HOOKS },
        MessagingStats,
        { provide: Broker, useFactory: () => brokerOf(name, config) },
        {
          provide: OutboxRelay,
          inject: [Broker, MESSAGING_TUNING, MessagingStats, MESSAGING_HOOKS],
          useFactory: (
            broker: Broker,
            tuning: MessagingTuning,
            stats: MessagingStats,
            hooks: MessagingHooks,
          ) => {
            const options = { databaseUrl: config.databaseUrl, name };
            return new OutboxRelay(broker, options, tuning, stats, hooks, new Logger('Relay'));
          },
        },
        {
          provide: EventStrategy,
          inject: [Broker, Database, MessagingStats, MESSAGING_TUNING, MESSAGING_HOOKS],
          useFactory: (
            broker: Broker,
            database: Database,
            stats: MessagingStats,
            tuning: MessagingTuning,
            hooks: MessagingHooks,
          ) => new EventStrategy(name, broker, database, stats, tuning, hooks),
        },
        { provide: Hygiene, inject: [Database], useFactory: (database: Database) => new Hygiene(database) },
        {
          provide: Messaging,
          inject: [Database, OutboxRelay, EventStrategy, MessagingStats],
          useFactory: (
            database: Database,
            relay: OutboxRelay,
            strategy: EventStrategy,
            stats: MessagingStats,
          ) => new Messaging(database, relay, strategy, stats),
        },
      ],
      exports: [Messaging, MessagingStats, EventStrategy, Broker],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.database.onTold(() => this.relay.nudge());
    await ensureTopics(this.broker, this.stopping.signal);
    this.relay.start();
    this.hygiene.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.relay.stop(), this.hygiene.stop()]);
  }
}

/** Attaches the consumer to an application: call it before `startAllMicroservices`. */
export function connectMessaging(app: INestApplication): INestMicroservice {
  const microservice = app.connectMicroservice({ strategy: app.get(EventStrategy) });
  microservice.useGlobalFilters(new Unswallowed());
  return microservice;
}

/** Nest's own last filter makes every error an opaque object; the strategy needs the error itself. */
@Catch()
class Unswallowed implements ExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

function brokerOf(name: string, config: MessagingModuleOptions['config']): Broker {
  return new Broker({ brokers: config.kafkaBrokers, clientId: name, topicPrefix: config.topicPrefix });
}

/** The broker may come up after the service: keep asking in the background after a first short wait. */
async function ensureTopics(broker: Broker, signal: AbortSignal): Promise<void> {
  const logger = new Logger('Messaging');
  const persist = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await broker.ensureTopics(TOPICS);
      } catch (error) {
        logger.warn(`topics are not ensured yet: ${(error as Error).message}`);
        await pause(backoffMs({ baseMs: 500, maxMs: 10_000 }, attempt), signal);
      }
    }
  };
  await Promise.race([persist(), pause(10_000, signal)]);
}
