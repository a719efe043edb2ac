import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './openapi';
import type { Schema } from './openapi-schema';

/** What a reader would miss in an API document, one sentence each; an empty list is what specs ask for. */
export function holesOf(document: OpenAPIObject): string[] {
  const operations = operationsOf(document).flatMap(([path, method, operation]) =>
    operationHoles(`${method.toUpperCase()} ${path}`, operation as unknown as Schema),
  );
  const schemas = Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) =>
    schemaHoles(name, schema as Schema),
  );
  return [...operations, ...tagHoles(document), ...schemas];
}

function tagHoles(document: OpenAPIObject): string[] {
  const described = new Set(document.tags?.map(({ name }) => name));
  const used = new Set(operationsOf(document).flatMap(([, , { tags = [] }]) => tags));
  return [...used]
    .filter((name) => !described.has(name))
    .map((name) => `tag ${name} has no sentence: add one to openapi-tags.ts.`);
}

function operationHoles(where: string, operation: Schema): string[] {
  const holes: string[] = [];
  if (!operation.summary) holes.push(`${where} has no summary: add @ApiOperation({ summary }).`);
  if (!operation['x-permission'] && !operation['x-public'])
    holes.push(`${where} has neither @Access nor @Public.`);
  const responses = (operation.responses ?? {}) as Record<string, Schema>;
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  if (good.length === 0) holes.push(`${where} documents no success.`);
  for (const [status, response] of good) {
    const content = response.content as Record<string, Schema> | undefined;
    const bare = !content || Object.values(content).some((media) => !media.schema);
    if (status !== '204' && status !== '205' && bare)
      holes.push(`${where} answers ${status} with an undescribed body.`);
  }
  for (const parameter of (operation.parameters ?? []) as Schema[]) {
    const named = `${where}, ${String(parameter.in)} parameter ${String(parameter.name)}`;
    if (!parameter.$ref && !parameter.description && parameter.in !== 'path')
      holes.push(`${named} has no description.`);
  }
  return holes;
}

function schemaHoles(name: string, schema: Schema): string[] {
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (schema.type === 'object' && !properties && !schema.additionalProperties) {
    return [`schema ${name} has no properties: add @ApiProperty to its fields.`];
  }
  return Object.entries(properties ?? {})
    .filter(([, property]) => !described(property))
    .map(([field]) => `schema ${name}.${field} has no description.`);
}

/** A field that refers to a described schema may leave its own description out. */
function described(property: Schema): boolean {
  return Boolean(property.description ?? property.$ref ?? property.allOf ?? property.oneOf);
}
