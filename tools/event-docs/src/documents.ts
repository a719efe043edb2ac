import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS } from '@doorstep/contracts';
import { asyncApi } from './asyncapi';
import { type Change, changesBetween } from './compatibility';
import { type DescribedEvent, EVENTS_FOLDER, readJson, schemaPath } from './events';
import { eventsReadme } from './readme';
import type { Schema } from './schema';

export interface GeneratedFile {
  path: string;
  text: string;
}

/** Everything under docs/events but the samples, as it should be. */
export function generatedFiles(events: readonly DescribedEvent[]): GeneratedFile[] {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    ...events.map(({ type, schema }) => ({ path: schemaPath(type), text: json(schema) })),
    { path: join(EVENTS_FOLDER, 'asyncapi.json'), text: json(asyncApi(events, TOPICS)) },
    { path: join(EVENTS_FOLDER, 'README.md'), text: eventsReadme(events, TOPICS) },
  ];
}

export interface TypedChange extends Change {
  type: string;
}

/** How the classes differ from the committed schemas, which are the published contract. */
export function changesSincePublished(events: readonly DescribedEvent[]): TypedChange[] {
  return jsonNames('schemas').flatMap((type): TypedChange[] => {
    const now = events.find((event) => event.type === type);
    if (!now) return [{ type, field: '', severity: 'breaking', what: 'has no class any more' }];
    const before = readJson(schemaPath(type)) as Schema;
    return changesBetween(before, now.schema).map((change) => ({ type, ...change }));
  });
}

/** Names of the golden samples: `<type>`, or `<type>.<label>` for one that shows what came later. */
export function sampleNames(): string[] {
  return jsonNames('samples');
}

export function typeOfSample(name: string): string {
  return name.replace(/(\.v\d+)\..*$/, '$1');
}

function jsonNames(folder: 'schemas' | 'samples'): string[] {
  return readdirSync(join(EVENTS_FOLDER, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''))
    .sort();
}
