import { allEvents, classOfType, contractOf, type DomainEvent, type EventClass } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { eventually } from './eventually';
import { testStack } from './stack-address';

/** An event with parts of the envelope that a test wants to choose. */
export interface Letter {
  event: DomainEvent;
  /** CloudEvents id; the same one twice is a duplicate delivery. */
  id?: string;
  correlationId?: string;
  /** Replaces the JSON of the event: for poison messages. */
  rawValue?: string;
}

const FETCH_WAIT_MS = 100;

/** Where the broker has put a message. */
export interface Posted {
  id: string;
  topic: string;
  partition: number;
  offset: number;
}

/**
 * The test's own way to the broker, apart from the service's: plain kafkajs and the CloudEvents headers written
 * out, so that a change of the wire format shows in tests.
 */
export class TestBroker {
  private readonly kafka: Kafka;
  private readonly admin;
  private producer?: Promise<Producer>;
  private collector?: Promise<Consumer>;
  private readonly collected: { topic: string; partition: number; offset: number; event: DomainEvent }[] = [];

  constructor(private readonly prefix: string) {
    const brokers = testStack().kafkaBrokers.split(',');
    this.kafka = new Kafka({ clientId: `${prefix}test`, brokers, logLevel: logLevel.NOTHING });
    this.admin = this.kafka.admin();
  }

  async post(letters: Letter[]): Promise<Posted[]> {
    this.producer ??= this.openProducer();
    const producer = await this.producer;
    const posted: Posted[] = [];
    // One by one: each answer tells the offset of exactly one message, and the order stays as written.
    for (const letter of letters) {
      const { topic, type, key } = this.addressOf(letter.event);
      const id = letter.id ?? newId();
      const value = letter.rawValue ?? JSON.stringify(letter.event);
      const headers = headersOf(letter, id, type, key);
      const [answer] = await producer.send({ topic, messages: [{ key, value, headers }], acks: -1 });
      posted.push({ id, topic, partition: answer?.partition ?? 0, offset: Number(answer?.baseOffset ?? 0) });
    }
    return posted;
  }

  /** Waits until the group has committed offsets beyond every message. */
  async consumed(groupId: string, posted: Posted[], timeoutMs: number): Promise<void> {
    const topics = [...new Set(posted.map(({ topic }) => topic))];
    await this.connectAdmin();
    await eventually(
      async () => {
        const committed = await this.admin.fetchOffsets({ groupId, topics });
        for (const { id, topic, partition, offset } of posted) {
          const partitions = committed.find((each) => each.topic === topic)?.partitions;
          const at = Number(partitions?.find((each) => each.partition === partition)?.offset ?? -1);
          if (at <= offset) throw new Error(`event ${id} on ${topic} was not consumed by ${groupId} in time`);
        }
      },
      { timeoutMs },
    );
  }

  /** Every event of the class that is in its topic now, in the order of the partitions' offsets. */
  async read<E extends DomainEvent>(type: EventClass<E>): Promise<E[]> {
    this.collector ??= this.openCollector();
    await this.collector;
    const topic = this.prefix + contractOf(type).topic.name;
    // A topic that was made a moment ago may still be looking for its leader.
    const ends = await eventually(() => this.admin.fetchTopicOffsets(topic));
    await eventually(() => {
      for (const { partition, high } of ends) {
        const last = this.collected.findLast((each) => each.topic === topic && each.partition === partition);
        if (Number(high) > (last?.offset ?? -1) + 1) throw new Error(`${topic} was not read to its end`);
      }
    });
    return this.collected.map(({ event }) => event).filter((event): event is E => event instanceof type);
  }

  async close(): Promise<void> {
    await (await this.producer)?.disconnect();
    await (await this.collector)?.disconnect();
    await this.connectAdmin();
    const topics = (await this.admin.listTopics()).filter((topic) => topic.startsWith(this.prefix));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
    await this.admin.disconnect();
  }

  private addressOf(event: DomainEvent): { topic: string; type: string; key: string } {
    const { topic, type, key } = contractOf(event.constructor as EventClass);
    return { topic: this.prefix + topic.name, type, key: String(event[key as keyof DomainEvent]) };
  }

  private async openProducer(): Promise<Producer> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  private async openCollector(): Promise<Consumer> {
    await this.connectAdmin();
    const present = new Set(await this.admin.listTopics());
    const told = new Set(allEvents().map((type) => this.prefix + contractOf(type).topic.name));
    // A consumer's end waits for the fetch in hand, which without this may last five seconds.
    const consumer = this.kafka.consumer({
      groupId: `${this.prefix}test-${newId()}`,
      maxWaitTimeInMs: FETCH_WAIT_MS,
    });
    await consumer.connect();
    await consumer.subscribe({
      topics: [...told].filter((topic) => present.has(topic)),
      fromBeginning: true,
    });
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const type = classOfType(String(message.headers?.ce_type));
        const data = JSON.parse(String(message.value ?? '{}')) as object;
        const event = Object.assign(type ? new type() : {}, data) as DomainEvent;
        this.collected.push({ topic, partition, offset: Number(message.offset), event });
      },
    });
    return consumer;
  }

  private connecting?: Promise<void>;
  private connectAdmin(): Promise<void> {
    return (this.connecting ??= this.admin.connect());
  }
}

function headersOf(letter: Letter, id: string, type: string, key: string): Record<string, string> {
  const { event } = letter;
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: '/doorstep/test',
    ce_subject: key,
    ce_time: event.at,
    ce_aggregateversion: String(event.version),
    ce_correlationid: letter.correlationId ?? newId(),
    'content-type': 'application/json; charset=utf-8',
    ...(event.operatorId ? { ce_operatorid: event.operatorId } : {}),
  };
}
