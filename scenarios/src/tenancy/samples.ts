import { randomBytes, randomUUID } from 'node:crypto';

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  example?: unknown;
  minimum?: number;
  minItems?: number;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
  example?: unknown;
}

interface RawOperation {
  'x-permission'?: string;
  'x-public'?: boolean;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
}

export interface ApiDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation {
  method: string;
  path: string;
  permission?: string;
  open: boolean;
  parameters: Parameter[];
  body?: Schema;
  isUpload: boolean;
}

/** Names an id: `siteId` → the id to use. Undefined: leave it to chance, or out where it is not required. */
export type IdOf = (name: string, required?: boolean) => string | undefined;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method];
      const content = operation.requestBody?.content;
      return {
        method: method.toUpperCase(),
        path,
        permission: operation['x-permission'],
        open: operation['x-public'] === true,
        parameters: (operation.parameters ?? []).filter(({ $ref }) => !$ref),
        body: content?.['application/json']?.schema,
        isUpload: content !== undefined && !content['application/json'],
      };
    }),
  );
}

/** Requests made from the document: paths, queries and bodies as a reader of it would write them. */
export class Samples {
  constructor(private readonly document: ApiDocument) {}

  /** The path with its ids; `optional` also gives every id-like query parameter. */
  path(operation: Operation, idOf: IdOf, optional = false): string {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(this.pathValue(operation, name, idOf)),
    );
    const query = operation.parameters
      .filter((parameter) => parameter.in === 'query')
      .filter(({ name, required }) => required || (optional && isIdName(name) && idOf(name)))
      .map(({ name, required, schema, example }) => {
        const value =
          (isIdName(name) && idOf(name, required)) ||
          legibleFormat(name, this.resolve(schema ?? {})) ||
          example ||
          this.value(schema ?? {}, name, idOf);
        return `${name}=${encodeURIComponent(String(value))}`;
      });
    return query.length > 0 ? `${path}?${query.join('&')}` : path;
  }

  /** A body that is as valid as its schema's examples make it; undefined when there is none. */
  body(operation: Operation, idOf: IdOf): unknown {
    if (operation.isUpload) return 'no,such,file\n';
    return operation.body ? this.value(operation.body, '', idOf) : undefined;
  }

  /** `{id}` is named by the segment before it: /v1/contracts/{id} → contractId. */
  private pathValue({ path }: Operation, name: string, idOf: IdOf): string {
    if (name === 'code') return '440106003';
    if (name === 'purpose') return 'booking';
    if (name === 'day') return '2030-01-02';
    if (name === 'month') return '2030-01';
    const before = path.split(`/{${name}}`)[0].split('/').pop() ?? '';
    const named = name === 'id' ? idNameOf(before) : name;
    return idOf(named) ?? randomUUID();
  }

  private value(schema: Schema, name: string, idOf: IdOf): unknown {
    const known = this.resolve(schema);
    const given = isIdName(name) ? idOf(name.replace(/Ids$/, 'Id')) : undefined;
    if (isIdName(name)) return /Ids$/.test(name) ? [given ?? randomUUID()] : (given ?? randomUUID());
    if (known.properties) return this.object(known, idOf);
    if (typeof known.example === 'string' && isUniqueName(name)) return unique();
    if (known.example !== undefined && known.example !== null && !holdsObjects(known)) return known.example;
    if (known.enum) return known.enum.find((one) => one !== null);
    const type = [known.type].flat().find((one) => one !== 'null');
    if (type === 'array') return [this.value(known.items ?? {}, name, idOf)];
    if (type === 'integer' || type === 'number') return known.minimum ?? 1;
    if (type === 'boolean') return true;
    return this.text(known.format);
  }

  private object(schema: Schema, idOf: IdOf): Record<string, unknown> {
    const wanted = Object.keys(schema.properties ?? {}).filter(
      (name) => schema.required?.includes(name) || (isIdName(name) && idOf(name.replace(/Ids$/, 'Id'))),
    );
    return Object.fromEntries(
      wanted.map((name) => [name, this.value(schema.properties?.[name] ?? {}, name, idOf)]),
    );
  }

  private text(format?: string): string {
    if (format === 'date') return '2026-12-01';
    if (format === 'date-time') return '2026-12-01T00:00:00Z';
    if (format === 'uuid') return randomUUID();
    return unique();
  }

  private resolve(schema: Schema): Schema {
    const inner = schema.$ref
      ? this.document.components.schemas[schema.$ref.split('/').pop() as string]
      : undefined;
    const parts = [inner, ...(schema.allOf ?? []), schema.oneOf?.[0]].filter(
      (part): part is Schema => !!part,
    );
    return Object.assign({}, ...parts.map((part) => this.resolve(part)), schema.$ref ? {} : schema) as Schema;
  }
}

/** Of files that come in several formats the one whose text shows whether a row leaks. */
function legibleFormat(name: string, schema: Schema): string | undefined {
  return name === 'format' ? ['json', 'csv'].find((format) => schema.enum?.includes(format)) : undefined;
}

function holdsObjects({ items, example }: Schema): boolean {
  return items !== undefined && (Array.isArray(example) ? example.length === 0 : true);
}

function isIdName(name: string): boolean {
  return /(^id|Ids?)$/.test(name);
}

/** Fields that must differ from row to row. */
function isUniqueName(name: string): boolean {
  return ['code', 'number', 'login', 'merchantOrderNo', 'merchantRefundNo'].includes(name);
}

function unique(): string {
  return `uq${BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10)}`;
}

/** contracts → contractId, settlement-files → settlementFileId, people → personId. */
export function idNameOf(segment: string): string {
  if (segment === 'people') return 'personId';
  const camel = segment.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${camel.replace(/ies$/, 'y').replace(/s$/, '')}Id`;
}
