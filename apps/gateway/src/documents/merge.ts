import type { OpenAPIObject } from '@nestjs/swagger';

type Json = { [name: string]: unknown };
const KINDS = ['schemas', 'responses', 'parameters', 'headers', 'requestBodies', 'examples'] as const;

/**
 * One document out of the services' documents. Components that say the same under the same name are shared;
 * where two differ, each gets its service's name in front.
 */
export function mergeDocuments(documents: Record<string, OpenAPIObject>): OpenAPIObject {
  const services = Object.keys(documents);
  const renamed = Object.fromEntries(services.map((service) => [service, new Map<string, string>()]));
  for (const kind of KINDS) {
    for (const name of clashes(services.map((service) => componentsOf(documents[service], kind)))) {
      for (const service of services) {
        if (!(name in componentsOf(documents[service], kind))) continue;
        renamed[service].set(
          `#/components/${kind}/${name}`,
          `#/components/${kind}/${capital(service)}${name}`,
        );
      }
    }
  }
  const parts = services.map((service) => part(service, documents[service], renamed[service]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Doorstep',
      version: '1',
      description:
        'Run embedded community service sites under one contract, book them, and reconcile the subsidised fees to the cent. Every refusal is a problem document (RFC 9457); every list is paged by cursor; every POST takes an Idempotency-Key.',
    },
    servers: [{ url: '/', description: 'This gateway.' }],
    tags: tagsOf(parts),
    paths: sorted(Object.assign({}, ...parts.map(({ paths }) => paths))),
    components: Object.assign(
      {
        securitySchemes: Object.assign(
          {},
          ...parts.map(({ components }) => components?.securitySchemes ?? {}),
        ),
      },
      ...KINDS.map((kind) => {
        const all: Json = Object.assign({}, ...parts.map((document) => componentsOf(document, kind)));
        return Object.keys(all).length > 0 ? { [kind]: sorted(all) } : {};
      }),
    ),
  } as OpenAPIObject;
}

/** A service's document with its clashing components renamed, and only what the gateway passes on. */
function part(service: string, document: OpenAPIObject, renamed: Map<string, string>): OpenAPIObject {
  const rewritten = rewrite(document, renamed) as OpenAPIObject;
  const components = { ...rewritten.components } as Record<string, Json>;
  for (const kind of KINDS) {
    const entries = Object.entries((components[kind] ?? {}) as Json);
    const named = entries.map(([name, value]) => [nameAfter(renamed, kind, name), value]);
    if (entries.length > 0) components[kind] = Object.fromEntries(named) as Json;
  }
  const paths = Object.entries(rewritten.paths).filter(([path]) => path.startsWith('/v1/'));
  for (const [, item] of paths) {
    for (const operation of Object.values(item as Json)) prefixOperationId(service, operation);
  }
  return { ...rewritten, paths: Object.fromEntries(paths), components } as OpenAPIObject;
}

function prefixOperationId(service: string, operation: unknown): void {
  const known = operation as { operationId?: string } | null;
  if (typeof known?.operationId === 'string') known.operationId = `${service}.${known.operationId}`;
}

/** A deep copy with every reference to a renamed component rewritten. */
function rewrite(value: unknown, renamed: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, renamed));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => {
      if (name === '$ref' && typeof child === 'string') return [name, renamed.get(child) ?? child];
      return [name, rewrite(child, renamed)];
    }),
  );
}

function nameAfter(renamed: Map<string, string>, kind: string, name: string): string {
  return (renamed.get(`#/components/${kind}/${name}`) ?? name).split('/').pop() as string;
}

/** Names that stand for different things in different documents. */
function clashes(all: Json[]): string[] {
  const names = [...new Set(all.flatMap((components) => Object.keys(components)))];
  return names.filter((name) => {
    const meanings = all
      .filter((components) => name in components)
      .map((components) => JSON.stringify(components[name]));
    return new Set(meanings).size > 1;
  });
}

function componentsOf(document: OpenAPIObject, kind: (typeof KINDS)[number]): Json {
  return (document.components?.[kind] ?? {}) as Json;
}

function tagsOf(parts: OpenAPIObject[]): { name: string; description?: string }[] {
  const described = new Map(parts.flatMap(({ tags = [] }) => tags).map((tag) => [tag.name, tag]));
  const operations = parts.flatMap(({ paths }) =>
    Object.values(paths).flatMap((item) => Object.values(item as Json)),
  );
  const used = operations.flatMap((operation) => (operation as { tags?: string[] } | null)?.tags ?? []);
  return [...new Set([...described.keys(), ...used])].sort().map((name) => described.get(name) ?? { name });
}

function sorted(object: Json): Json {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function capital(service: string): string {
  return service[0].toUpperCase() + service.slice(1);
}
