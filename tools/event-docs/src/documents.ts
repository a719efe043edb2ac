import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TOPICS } from '@doorstep/contracts';
import { asyncApi } from './asyncapi';
import { type Change, changesBetween } from './compatibility';
import { type DescribedEvent, EVENTS_FOLDER, ROOT, schemaPath } from './events';
import { publishedSchemas } from './published';
import { eventsReadme } from './readme';

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

/** How the classes differ from the published contract. */
export function changesSincePublished(events: readonly DescribedEvent[]): TypedChange[] {
  const published = publishedSchemas(ROOT, 'docs/events/schemas');
  return [...published].flatMap(([type, before]): TypedChange[] => {
    const now = events.find((event) => event.type === type);
    if (!now) return [{ type, field: '', severity: 'breaking', what: 'has no class any more' }];
    return changesBetween(before, now.schema).map((change) => ({ type, ...change }));
  });
}

/** Names of the golden samples: `<type>`, or `<type>.<label>` for one that shows what came later. */
export function sampleNames(): string[] {
  return readdirSync(join(EVENTS_FOLDER, 'samples'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''))
    .sort();
}

export function typeOfSample(name: string): string {
  return name.replace(/(\.v\d+)\..*$/, '$1');
}
