import 'reflect-metadata';
import { contractOf, type EventClass } from '@doorstep/contracts';
// class-transformer keeps what @Type declares in this store and has no public way to read it.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { ClassDocs } from './doc-comments';
import { DIALECT, SCHEMA_BASE, type Schema } from './schema';

type Class = new () => object;
type ConverterOptions = NonNullable<Parameters<typeof targetConstructorToSchema>[1]>;
type Converters = NonNullable<ConverterOptions['additionalConverters']>;

/** The JSON Schema of one event type, self-contained: nested classes are written where they are used. */
export function eventSchema(event: EventClass, docs: ClassDocs): Schema {
  const { type, topic, key } = contractOf(event);
  return {
    $schema: DIALECT,
    $id: `${SCHEMA_BASE}${type}.json`,
    'x-topic': topic.name,
    'x-key': key,
    ...classSchema(event, docs),
  };
}

/** No `additionalProperties`: a reader of an older schema must let new fields pass. */
function classSchema(target: Class, docs: ClassDocs, inside: Class[] = []): Schema {
  if (inside.includes(target)) {
    throw new Error(`${target.name} contains itself; an event is a finite document: break the circle`);
  }
  const converted = targetConstructorToSchema(target, {
    classTransformerMetadataStorage: defaultMetadataStorage,
    additionalConverters: converters(docs, [...inside, target]),
  }) as Schema;
  const names = fieldsInOrder(target, Object.keys(converted.properties ?? {}));
  const properties: Record<string, Schema> = {};
  for (const name of names) {
    const { description, ...rest } = converted.properties?.[name] ?? {};
    const text = fieldDoc(target, name, docs) ?? description;
    properties[name] = tidy({ ...(text && { description: text }), ...rest });
  }
  const description = docs.get(target.name)?.description;
  const required = names.filter((name) => isRequired(target, name));
  return { title: target.name, ...(description && { description }), type: 'object', properties, required };
}

/** Where the library's own conversion is looser than our classes or would depend on the decorators' order. */
function converters(docs: ClassDocs, inside: Class[]): Converters {
  return {
    isIso8601: { type: 'string', format: 'date-time' },
    isNotEmpty: { minLength: 1 },
    min: (meta) => ({ minimum: meta.constraints[0] as number }),
    max: (meta) => ({ maximum: meta.constraints[0] as number }),
    [ValidationTypes.NESTED_VALIDATION]: (meta) => {
      const typed = defaultMetadataStorage.findTypeMetadata(meta.target as Class, meta.propertyName);
      const child = typed?.typeFunction() as Class | undefined;
      if (!child) throw new Error(`${(meta.target as Class).name}.${meta.propertyName} needs @Type(() => …)`);
      return classSchema(child, docs, inside) as ReturnType<typeof targetConstructorToSchema>;
    },
  };
}

/**
 * The class nearest to the event that decorates a field decides whether it may be absent, so a subclass can demand what
 * its base leaves open.
 */
function isRequired(target: Class, field: string): boolean {
  const nearest = lineage(target).find((owner) =>
    decoratorsOf(owner).some((meta) => meta.propertyName === field),
  );
  return !decoratorsOf(nearest ?? target).some(
    (meta) => meta.propertyName === field && meta.type === ValidationTypes.CONDITIONAL_VALIDATION,
  );
}

/** Base fields first, each class's own in the order of its source: the order people read them in. */
function fieldsInOrder(target: Class, known: string[]): string[] {
  const declared = lineage(target)
    .reverse()
    .flatMap((owner) => decoratorsOf(owner).map((meta) => meta.propertyName));
  return [...new Set(declared)].filter((name) => known.includes(name));
}

function fieldDoc(target: Class, field: string, docs: ClassDocs): string | undefined {
  return lineage(target)
    .map((owner) => docs.get(owner.name)?.fields.get(field))
    .find((text) => text !== undefined);
}

/** The class and its bases, nearest first. */
function lineage(target: Class): Class[] {
  const owners: Class[] = [];
  for (let owner = target; owner?.name; owner = Object.getPrototypeOf(owner) as Class) owners.push(owner);
  return owners;
}

function decoratorsOf(owner: Class) {
  return getMetadataStorage()
    .getTargetValidationMetadatas(owner, '', true, false)
    .filter((meta) => meta.target === owner);
}

/** A stable order of keywords, so that a diff shows what changed and nothing else. */
function tidy(schema: Schema): Schema {
  const first = ['title', 'description', 'type', 'format', 'pattern', 'enum'];
  const rest = Object.keys(schema)
    .filter((keyword) => !first.includes(keyword))
    .sort();
  const kept = [...first, ...rest].filter((keyword) => schema[keyword] !== undefined);
  return Object.fromEntries(kept.map((keyword) => [keyword, schema[keyword]]));
}
