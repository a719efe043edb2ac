import './kafkajs-headers';
import { type Admin, type Consumer, Kafka, logLevel } from 'kafkajs';
import { Logger } from '@nestjs/common';
import type { Topic } from '@doorstep/contracts';
import { type BrokerLog, brokerLogger } from './broker-logger';
import { newId } from '@doorstep/kernel';
import { type Consumption, type ConsumptionOptions, consume } from './consumption';
import type { OnFetch } from './fetched';
import { byKey } from './partitioner';
import { rewind } from './rewind';
import { type OnMessage, scan } from './scan';

export interface OutgoingMessage {
  /** Without the installation's prefix. */
  topic: string;
  key: string;
  value: string | Buffer;
  headers: Record<string, string>;
}

export interface BrokerOptions {
  brokers: string[];
  clientId: string;
  /** Put before every topic and group, so that several installations share one broker. */
  topicPrefix?: string;
  log?: BrokerLog;
}

/** Sends batches with acks from all in-sync replicas, as an idempotent producer. */
export interface BatchProducer {
  /** Resolves when all of it is acknowledged. After a failure close this producer and take a new one. */
  produce(batch: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

/** How long a topic that was just created may go without a leader that answers. */
const LEADER_TRIES_MAX = 60;
const LEADER_PAUSE_MS = 250;

const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };

/** The narrow door to Kafka: produce a batch, consume batches, ensure topics. Only files beside it know kafkajs. */
export class Broker {
  private readonly kafka: Kafka;
  private readonly prefix: string;

  constructor(options: BrokerOptions) {
    this.prefix = options.topicPrefix ?? '';
    this.kafka = new Kafka({
      brokers: options.brokers,
      clientId: options.clientId,
      connectionTimeout: 3_000,
      requestTimeout: 15_000,
      retry: RETRY,
      logLevel: logLevel.INFO,
      logCreator: brokerLogger(options.log ?? new Logger('Kafka')),
    });
  }

  /**
   * A new producer id each time. A failed send leaves the numbering of an idempotent producer in doubt: the broker
   * could take the next batch for a repeat of the failed one and drop it, so a failed producer must not send again.
   */
  async producer(): Promise<BatchProducer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: byKey,
      retry: RETRY,
    });
    await producer.connect();
    return {
      produce: async (batch) => {
        await producer.sendBatch({ acks: -1, topicMessages: this.byTopic(batch) });
      },
      close: () => producer.disconnect(),
    };
  }

  /** Joins `group` and hands what each fetch brings to `onFetch`; lives through lost brokers until stopped. */
  consume(
    group: string,
    topics: readonly string[],
    onFetch: OnFetch,
    options: Partial<ConsumptionOptions> = {},
  ): Consumption {
    return consume(this.kafka, this.prefix, group, topics, onFetch, options);
  }

  /** Creates what is missing and adds partitions where the contract asks for more; never takes anything away. */
  ensureTopics(topics: readonly Topic[]): Promise<void> {
    return this.administer(async (admin) => {
      await admin.createTopics({
        waitForLeaders: true,
        topics: topics.map((topic) => ({
          topic: this.prefix + topic.name,
          numPartitions: topic.partitions,
          configEntries: configOf(topic),
        })),
      });
      await this.addPartitions(admin, topics);
      await Promise.all(topics.map((topic) => leadersAnswer(admin, this.prefix + topic.name)));
    });
  }

  /** Messages that `group` has not finished yet, over all partitions of `topics`. */
  lag(group: string, topics: readonly string[]): Promise<number> {
    return this.administer(async (admin) => {
      const names = topics.map((topic) => this.prefix + topic);
      const committed = await admin.fetchOffsets({ groupId: this.prefix + group, topics: names });
      let lag = 0;
      for (const { topic, partitions } of committed) {
        const done = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
          lag += Number(high) - Math.max(done.get(partition) ?? -1, Number(low));
        }
      }
      return lag;
    });
  }

  /** Topics that `group` has ever finished a message of. */
  topicsOf(group: string): Promise<string[]> {
    return this.administer(async (admin) => {
      const offsets = await admin.fetchOffsets({ groupId: this.prefix + group });
      return offsets.map(({ topic }) => topic.slice(this.prefix.length));
    });
  }

  /** Puts `group` back to the beginning of `topics`; fails while a member of it runs. */
  rewind(group: string, topics: readonly string[]): Promise<void> {
    const groupId = this.prefix + group;
    return this.asMember(groupId, (admin, consumer) => rewind(admin, consumer, groupId, this.named(topics)));
  }

  /** Every message that topics have now, each partition's in order. A group of its own reads them, and is gone afterwards. */
  async scan(topics: readonly string[], onMessage: OnMessage): Promise<void> {
    const groupId = `${this.prefix}scan-${newId()}`;
    const hasJoined = await this.asMember(groupId, (admin, consumer) =>
      scan(admin, consumer, this.prefix, topics, onMessage),
    );
    if (hasJoined) await this.administer((admin) => admin.deleteGroups([groupId]));
  }

  private named(topics: readonly string[]): string[] {
    return topics.map((topic) => this.prefix + topic);
  }

  private asMember<T>(groupId: string, work: (admin: Admin, consumer: Consumer) => Promise<T>): Promise<T> {
    return this.administer(async (admin) => {
      const consumer = this.kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 });
      try {
        return await work(admin, consumer);
      } finally {
        await consumer.disconnect();
      }
    });
  }

  private async administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin({ retry: RETRY });
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private async addPartitions(admin: Admin, topics: readonly Topic[]): Promise<void> {
    const { topics: known } = await admin.fetchTopicMetadata({
      topics: topics.map((t) => this.prefix + t.name),
    });
    const now = new Map(known.map(({ name, partitions }) => [name, partitions.length]));
    const growing = topics.filter((topic) => (now.get(this.prefix + topic.name) ?? 0) < topic.partitions);
    if (growing.length === 0) return;
    await admin.createPartitions({
      topicPartitions: growing.map((topic) => ({ topic: this.prefix + topic.name, count: topic.partitions })),
    });
  }

  private byTopic(batch: readonly OutgoingMessage[]) {
    const topics = new Map<
      string,
      { key: string; value: string | Buffer; headers: Record<string, string> }[]
    >();
    for (const { topic, key, value, headers } of batch) {
      const messages = topics.get(topic) ?? [];
      topics.set(topic, messages);
      messages.push({ key, value, headers });
    }
    return [...topics].map(([topic, messages]) => ({ topic: this.prefix + topic, messages }));
  }
}

/**
 * A young topic has leaders on paper before they know of it themselves; until then they refuse, and a batch over several
 * partitions arrives by half. Looking up offsets asks the leaders.
 */
async function leadersAnswer(admin: Admin, topic: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (attempt === LEADER_TRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, LEADER_PAUSE_MS));
    }
  }
}

function configOf(topic: Topic) {
  return topic.compacted
    ? [{ name: 'cleanup.policy', value: 'compact' }]
    : [
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: String(topic.retentionMs) },
      ];
}
