import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allEvents, contractOf, type EventClass, type Topic } from '@doorstep/contracts';
import { readClassDocs } from './doc-comments';
import { eventSchema } from './event-schema';
import type { Schema } from './schema';

/** All that the documents say about one event type. */
export interface DescribedEvent {
  event: EventClass;
  type: string;
  /** The service that tells it: the first part of the type. */
  producer: string;
  topic: Topic;
  /** The field that is the message key. */
  key: string;
  title: string;
  description?: string;
  schema: Schema;
  /** The committed golden sample; undefined until somebody writes it. */
  sample?: unknown;
}

export const ROOT = join(__dirname, '..', '..', '..');
export const EVENTS_FOLDER = join(ROOT, 'docs', 'events');
const CONTRACTS_FOLDER = join(ROOT, 'libs', 'contracts', 'src');

/** Every event type of libs/contracts, by type. */
export function describeEvents(): DescribedEvent[] {
  const docs = readClassDocs(CONTRACTS_FOLDER);
  return allEvents()
    .map((event): DescribedEvent => {
      const { type, topic, key } = contractOf(event);
      const schema = eventSchema(event, docs);
      return {
        event,
        type,
        producer: type.split('.')[0],
        topic,
        key,
        title: event.name,
        description: schema.description,
        schema,
        sample: readJson(samplePath(type)),
      };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}

export const samplePath = (type: string) => join(EVENTS_FOLDER, 'samples', `${type}.json`);
export const schemaPath = (type: string) => join(EVENTS_FOLDER, 'schemas', `${type}.json`);

export function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
