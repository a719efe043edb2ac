import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { type DomainEvent, TOPICS } from '@doorstep/contracts';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { sayChange } from './compatibility';
import { changesSincePublished, generatedFiles, sampleNames, typeOfSample } from './documents';
import { ENVELOPE } from './envelope';
import { describeEvents, EVENTS_FOLDER, type DescribedEvent, readJson, ROOT, samplePath } from './events';

const events = describeEvents();
const byType = new Map(events.map((event) => [event.type, event]));
const ajv = new Ajv({ strict: true, allErrors: true, schemas: [] });
addFormats(ajv);
ajv.addVocabulary(['x-topic', 'x-key']);

/** What a service does with a message: JSON to the class, then its validators; every name must be known. */
function faultsOfClass({ event }: DescribedEvent, data: unknown): string[] {
  const instance = plainToInstance(event, data) as DomainEvent;
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  return errors.map((error) => error.toString());
}

describe('docs/events', () => {
  it('is a compatible continuation of the last commit', () => {
    const breaking = changesSincePublished(events).filter(({ severity }) => severity === 'breaking');
    expect(breaking.map((change) => sayChange(change.type, change))).toEqual([]);
  });

  it('is up to date: else run npm run events', () => {
    const stale = generatedFiles(events).filter(
      ({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
    );
    expect(stale.map(({ path }) => `${relative(ROOT, path)} is stale: run npm run events`)).toEqual([]);
  });

  it('has an event for every topic', () => {
    const idle = TOPICS.filter((topic) => !events.some((event) => event.topic.name === topic.name));
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('describes the headers that the platform writes', () => {
    // Read as text: loading the platform for a list of names would take longer than all the rest.
    const source = readFileSync(join(ROOT, 'libs/platform/src/messaging/envelope.ts'), 'utf8');
    const written = source.match(/(?<=')(ce_[a-z]+|content-type|traceparent)(?=')/g) ?? [];
    expect(Object.keys(ENVELOPE.properties ?? {}).sort()).toEqual([...new Set(written)].sort());
  });

  it('is a valid AsyncAPI 3.0 document', async () => {
    const path = `${EVENTS_FOLDER}/asyncapi.json`;
    const { document, diagnostics } = await new Parser().parse(readFileSync(path, 'utf8'), { source: path });
    // Severities: 0 error, 1 warning. What is left is advice, such as to name a contact.
    expect(diagnostics.filter(({ severity }) => severity <= 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(
      document
        ?.allMessages()
        .all()
        .map((message) => message.name())
        .sort(),
    ).toEqual([...byType.keys()].sort());
    expect(
      document
        ?.operations()
        .all()
        .every((operation) => operation.isSend()),
    ).toBe(true);
  });
});

describe.each(events)('$type', (event) => {
  it('names its producer first, its major last, and its key among its required fields', () => {
    expect(event.type).toMatch(/^[a-z]+\.[A-Z][A-Za-z]+\.v[1-9]\d*$/);
    expect(event.topic.name.split('.')[0]).toBe(event.producer);
    expect(event.schema.required).toContain(event.key);
  });

  it('has a golden sample that its schema and its class accept', () => {
    const mend = `write docs/events/samples/${event.type}.json`;
    expect([event.sample === undefined ? mend : 'there']).toEqual(['there']);
    const validate = ajv.compile(event.schema);
    expect([validate(event.sample), validate.errors]).toEqual([true, null]);
    expect(faultsOfClass(event, event.sample)).toEqual([]);
  });

  it('gives every field a type', () => {
    const fields = event.schema.properties ?? {};
    expect(Object.keys(fields).filter((name) => !fields[name].type)).toEqual([]);
  });

  it('is refused by its class when a required field is missing', () => {
    const required = event.schema.required ?? [];
    const lenient = required.filter((name) => faultsOfClass(event, without(event.sample, name)).length === 0);
    expect(lenient).toEqual([]);
  });
});

describe('golden samples are replayed for ever', () => {
  it.each(sampleNames())('%s', (name) => {
    const event = byType.get(typeOfSample(name));
    const missing = `${name} has no class any more: bring it back, old events of it are still in the topics`;
    expect(event ? name : missing).toBe(name);
    expect(event && faultsOfClass(event, readJson(samplePath(name)))).toEqual([]);
  });
});

function without(sample: unknown, field: string): unknown {
  return Object.fromEntries(Object.entries(sample ?? {}).filter(([name]) => name !== field));
}
