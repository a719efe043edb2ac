/** Any JSON of an OpenAPI document. */
export type Schema = { [name: string]: unknown };

/** OpenAPI 3.0 spellings become 3.1 (JSON Schema 2020-12): nullable, boolean exclusive bounds, single examples. */
export function modernSchema<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => modernSchema(item)) as T;
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, modernSchema(child)]));
  return withoutNullable(exclusiveBounds(inner)) as T;
}

function withoutNullable(schema: Schema): Schema {
  if (schema.nullable !== true) {
    if (schema.nullable === false) delete schema.nullable;
    return schema;
  }
  const { nullable: _nullable, ...rest } = schema;
  if (typeof rest.type === 'string') {
    return {
      ...rest,
      type: [rest.type, 'null'],
      ...(Array.isArray(rest.enum) && { enum: [...rest.enum, null] }),
    };
  }
  const { description, ...reference } = rest;
  return { ...(description !== undefined && { description }), oneOf: [reference, { type: 'null' }] };
}

function exclusiveBounds(schema: Schema): Schema {
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ]) {
    if (typeof schema[flag] !== 'boolean') continue;
    const exclusive = schema[flag];
    delete schema[flag];
    if (exclusive && typeof schema[bound] === 'number') {
      schema[flag] = schema[bound];
      delete schema[bound];
    }
  }
  return schema;
}
