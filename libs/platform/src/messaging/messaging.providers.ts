import { type InjectionToken, Logger, type Provider } from '@nestjs/common';
import { TOPICS } from '@doorstep/contracts';
import { Database } from '../database/database';
import { Broker } from './broker';
import { EventStrategy } from './event-strategy';
import { MESSAGING_HOOKS, type MessagingHooks, NO_HOOKS } from './hooks';
import { Hygiene } from './hygiene';
import { Messaging } from './messaging';
import { OutboxRelay } from './relay';
import { MessagingStats } from './stats';
import { Topics } from './topics';
import { MESSAGING_TUNING, MESSAGING_TUNING_DEFAULTS, type MessagingTuning } from './tuning';

export interface MessagingOptions {
  /** The service's name: its consumer group, and the source of its events. */
  name: string;
  config: {
    databaseUrl: string;
    kafkaBrokers: string[];
    topicPrefix?: string;
    topicPartitions?: number;
    eventsGatherMs?: number;
  };
  /** Other bounds than the defaults: for proofs that can't wait for them. */
  tuning?: Partial<MessagingTuning>;
  hooks?: MessagingHooks;
}

/** Bound to Nest's injection here and nowhere else, so that the parts stay plain classes. */
export function messagingProviders({ name, config, tuning, hooks }: MessagingOptions): Provider[] {
  const { databaseUrl, kafkaBrokers: brokers, topicPrefix, topicPartitions, eventsGatherMs } = config;
  const { gatherMs, ...defaults } = MESSAGING_TUNING_DEFAULTS;
  const topics = TOPICS.map((topic) => ({ ...topic, partitions: topicPartitions ?? topic.partitions }));
  return [
    { provide: MESSAGING_TUNING, useValue: { ...defaults, gatherMs: eventsGatherMs ?? gatherMs, ...tuning } },
    { provide: MESSAGING_HOOKS, useValue: hooks ?? NO_HOOKS },
    MessagingStats,
    made(Broker, [], () => new Broker({ brokers, clientId: name, topicPrefix })),
    made(Topics, [Broker], (broker: Broker) => new Topics(broker, topics)),
    made(Hygiene, [Database], (database: Database) => new Hygiene(database)),
    made(
      OutboxRelay,
      [Broker, Topics, MESSAGING_TUNING, MessagingStats, MESSAGING_HOOKS],
      (
        broker: Broker,
        topics: Topics,
        tuning: MessagingTuning,
        stats: MessagingStats,
        hooks: MessagingHooks,
      ) => new OutboxRelay(broker, topics, { databaseUrl, name }, tuning, stats, hooks, new Logger('Relay')),
    ),
    made(
      EventStrategy,
      [Broker, Topics, Database, MessagingStats, MESSAGING_TUNING, MESSAGING_HOOKS],
      (
        broker: Broker,
        topics: Topics,
        database: Database,
        stats: MessagingStats,
        tuning: MessagingTuning,
        hooks: MessagingHooks,
      ) => new EventStrategy(name, broker, topics, database, stats, tuning, hooks),
    ),
    made(
      Messaging,
      [Database, OutboxRelay, EventStrategy, MessagingStats],
      (database: Database, relay: OutboxRelay, strategy: EventStrategy, stats: MessagingStats) =>
        new Messaging(database, relay, strategy, stats),
    ),
  ];
}

function made<Args extends unknown[]>(
  provide: InjectionToken,
  inject: InjectionToken[],
  useFactory: (...args: Args) => unknown,
): Provider {
  return { provide, inject, useFactory: useFactory as (...args: unknown[]) => unknown };
}
