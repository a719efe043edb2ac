/** The parts of an OpenAPI 3.1 document that these requests are made from. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  example?: unknown;
  minimum?: number;
}

/** One request that no operation may answer with a 5xx, and whose refusal must be a problem document. */
export interface BadRequest {
  method: string;
  path: string;
  what: string;
  body?: string;
  contentType?: string;
}

const SOME_ID = '00000000-0000-7000-8000-000000000000';
const JSON_TYPE = 'application/json';

/** Values that break or strain a field, whatever it is. */
const HOSTILE: [what: string, value: unknown][] = [
  ['null', null],
  ['an object', { a: { b: 1 } }],
  ['an array', [[]]],
  ['a negative number', -1],
  ['a number beyond safe integers', 1e300],
  ['a fraction', 0.5],
  ['an empty text', ''],
  ['a NUL character', 'a\u0000b'],
  ['a lone surrogate', '\ud800'],
  ['a very long text', 'x'.repeat(20_000)],
  ['30 February', '2026-02-30'],
  ['an unknown zone', 'Mars/Olympus'],
  ['a query', "'; DROP TABLE booking; --"],
  ['true', true],
];

/** Every operation of the document with broken paths, queries and bodies: a few thousand requests. */
export function badRequests(document: ApiDocument): BadRequest[] {
  return operationsOf(document).flatMap(({ template, method, operation }) =>
    ofOperation(document, template, method, operation),
  );
}

/** Every operation that takes JSON with the body that the document shows as its example. */
export function shownRequests(document: ApiDocument): BadRequest[] {
  return operationsOf(document).flatMap(({ template, method, operation }) => {
    const schema = operation.requestBody?.content?.[JSON_TYPE]?.schema;
    if (!schema) return [];
    const body = JSON.stringify(exampleOf(document, schema, 0));
    return [{ method, path: pathOf(template), what: 'its example', body, contentType: JSON_TYPE }];
  });
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function operationsOf(document: ApiDocument) {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ template, method: method.toUpperCase(), operation })),
  );
}

const pathOf = (template: string): string => template.replaceAll(/\{\w+\}/g, SOME_ID);

function ofOperation(
  document: ApiDocument,
  template: string,
  method: string,
  operation: Operation,
): BadRequest[] {
  const path = pathOf(template);
  const requests: BadRequest[] = [];
  if (template.includes('{')) {
    for (const id of ['not-a-uuid', '%00', '..%2f..', 'x'.repeat(3_000)]) {
      requests.push({
        method,
        path: template.replaceAll(/\{\w+\}/g, id),
        what: `path with ${id.slice(0, 12)}`,
      });
    }
  }
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== 'query') continue;
    for (const value of ['', '%00', '-1', '99999999999999999999', '2026-02-30', 'a%ed%a0%80b', '[]', '1&1']) {
      requests.push({
        method,
        path: `${path}?${parameter.name}=${value}`,
        what: `?${parameter.name}=${value}`,
      });
    }
  }
  if (method === 'GET' || method === 'DELETE') return requests;
  for (const body of ['', '{', 'null', '[]', '"text"', '12', '{"__proto__":{"x":1}}', '{"unexpected":1}']) {
    requests.push({ method, path, what: `body ${body || '(none)'}`, body, contentType: JSON_TYPE });
  }
  requests.push({
    method,
    path,
    what: 'a body of another type',
    body: '<a/>',
    contentType: 'application/xml',
  });
  const schema = operation.requestBody?.content?.[JSON_TYPE]?.schema;
  if (schema) requests.push(...hostileBodies(document, method, path, schema));
  return requests;
}

/** A plausible body with one field replaced by each hostile value, or left out. */
function hostileBodies(document: ApiDocument, method: string, path: string, schema: Schema): BadRequest[] {
  const whole = exampleOf(document, schema, 0) as Record<string, unknown>;
  if (whole === null || typeof whole !== 'object' || Array.isArray(whole)) return [];
  return Object.keys(whole).flatMap((field) => {
    const rest = { ...whole };
    delete rest[field];
    return [
      { method, path, what: `without ${field}`, body: JSON.stringify(rest), contentType: JSON_TYPE },
      ...HOSTILE.map(([what, value]) => ({
        method,
        path,
        what: `${field} is ${what}`,
        body: JSON.stringify({ ...whole, [field]: value }),
        contentType: JSON_TYPE,
      })),
    ];
  });
}

function exampleOf(document: ApiDocument, schema: Schema, depth: number): unknown {
  const resolved = resolve(document, schema);
  if (resolved.example !== undefined) return resolved.example;
  if (resolved.enum) return resolved.enum[0];
  if (depth > 6) return null;
  if (resolved.anyOf) return exampleOf(document, resolved.anyOf[0], depth + 1);
  const type = Array.isArray(resolved.type) ? resolved.type[0] : resolved.type;
  if (resolved.properties) {
    return Object.fromEntries(
      Object.entries(resolved.properties).map(([name, property]) => [
        name,
        exampleOf(document, property, depth + 1),
      ]),
    );
  }
  if (type === 'array') return resolved.items ? [exampleOf(document, resolved.items, depth + 1)] : [];
  if (type === 'integer' || type === 'number') return Math.max(1, resolved.minimum ?? 1);
  if (type === 'boolean') return true;
  if (resolved.format === 'uuid') return SOME_ID;
  if (resolved.format === 'date') return '2026-11-01';
  if (resolved.format === 'date-time') return '2026-11-01T08:00:00Z';
  return type === 'object' ? {} : 'text';
}

function resolve(document: ApiDocument, schema: Schema): Schema {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return resolve(document, document.components?.schemas?.[name] ?? {});
  }
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => resolve(document, part));
    return Object.assign({}, ...parts, schema, {
      properties: Object.assign({}, ...parts.map((p) => p.properties)),
    });
  }
  return schema;
}
