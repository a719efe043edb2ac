import type { Topic } from '@doorstep/contracts';
import { ENVELOPE } from './envelope';
import type { DescribedEvent } from './events';
import type { Schema } from './schema';

type Json = Record<string, unknown>;
const ref = (path: string) => ({ $ref: `#/${path}` });

/** The AsyncAPI 3.0 document: channels are topics, messages are events, each service's operations are what it sends. */
export function asyncApi(events: readonly DescribedEvent[], topics: readonly Topic[]): Json {
  const used = topics.filter((topic) => events.some((event) => event.topic.name === topic.name));
  const of = (topic: Topic) => events.filter((event) => event.topic.name === topic.name);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Doorstep events',
      version: '1.0.0',
      description:
        'What the services of Doorstep tell each other over Kafka. Delivery is at least once and in order per key; ' +
        'know a repeat by ce_id. Every topic name may carry an installation prefix (TOPIC_PREFIX).',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(used.map((topic) => [topic.name, channel(topic, of(topic))])),
    operations: Object.fromEntries(used.map((topic) => [`send.${topic.name}`, operation(topic, of(topic))])),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.type, message(event)])),
      schemas: {
        CloudEventHeaders: ENVELOPE,
        ...Object.fromEntries(events.map((event) => [event.type, embedded(event.schema)])),
      },
    },
  };
}

function channel(topic: Topic, events: DescribedEvent[]): Json {
  return {
    address: topic.name,
    title: topic.name,
    description: topic.compacted
      ? 'Snapshots: the newest of each key is kept for ever, so a reader can start from zero.'
      : 'Facts, kept for a time; they live on in the service that tells them.',
    messages: Object.fromEntries(events.map(({ type }) => [type, ref(`components/messages/${type}`)])),
    bindings: {
      kafka: {
        topic: topic.name,
        partitions: topic.partitions,
        topicConfiguration: topic.compacted
          ? { 'cleanup.policy': ['compact'] }
          : { 'cleanup.policy': ['delete'], 'retention.ms': topic.retentionMs },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function operation(topic: Topic, events: DescribedEvent[]): Json {
  const [{ producer }] = events;
  return {
    action: 'send',
    title: `${producer} sends to ${topic.name}`,
    channel: ref(`channels/${topic.name}`),
    tags: [{ name: producer }],
    messages: events.map(({ type }) => ref(`channels/${topic.name}/messages/${type}`)),
  };
}

function message({ type, title, description, key, producer, sample }: DescribedEvent): Json {
  return {
    name: type,
    title,
    ...(description && { summary: description }),
    contentType: 'application/json',
    headers: ref('components/schemas/CloudEventHeaders'),
    payload: ref(`components/schemas/${type}`),
    correlationId: { location: '$message.header#/ce_correlationid' },
    tags: [{ name: producer }],
    ...(sample !== undefined && { examples: [{ name: 'sample', payload: sample }] }),
    bindings: {
      kafka: { key: { type: 'string', description: `The event's ${key}.` }, bindingVersion: '0.5.0' },
    },
  };
}

/** A schema inside the document needs neither its own address nor its dialect. */
function embedded(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([word]) => word !== '$schema' && word !== '$id'));
}
