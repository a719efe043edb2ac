import type { OpenAPIObject } from '@nestjs/swagger';

type Json = { [name: string]: unknown };
const KINDS = ['schemas', 'responses', 'parameters', 'headers', 'requestBodies', 'examples'] as const;
type Kind = (typeof KINDS)[number];

/**
 * One document out of the services' documents. Components that say the same under the same name are shared;
 * where two differ, each gets its service's name in front. Tags stand in the order of `tagNames`, what is not on it last.
 */
export function mergeDocuments(
  sources: Record<string, OpenAPIObject>,
  tagNames: readonly string[] = [],
): OpenAPIObject {
  const services = Object.keys(sources);
  const documents = Object.fromEntries(services.map((service) => [service, publicPart(sources[service])]));
  const clashing = clashes(Object.values(documents));
  const renamed = Object.fromEntries(
    services.map((service) => [service, renamesOf(service, documents[service], clashing)]),
  );
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
    tags: tagsOf(parts, tagNames),
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

/** What the gateway passes on of a service's document, and the components that this needs. */
function publicPart(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')),
  );
  const needed = new Set<string>();
  const visit = (text: string): void => {
    for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (needed.has(`${kind}/${name}`)) continue;
      needed.add(`${kind}/${name}`);
      visit(JSON.stringify(componentsOf(document, kind as Kind)[name] ?? null));
    }
  };
  visit(JSON.stringify(paths));
  const components: Record<string, Json> = { securitySchemes: { ...document.components?.securitySchemes } };
  for (const kind of KINDS) {
    const kept = Object.entries(componentsOf(document, kind)).filter(([name]) =>
      needed.has(`${kind}/${name}`),
    );
    if (kept.length > 0) components[kind] = Object.fromEntries(kept);
  }
  return { ...document, paths, components } as OpenAPIObject;
}

/** A service's document with its clashing components renamed. */
function part(service: string, document: OpenAPIObject, renamed: Map<string, string>): OpenAPIObject {
  const rewritten = rewrite(document, renamed) as OpenAPIObject;
  const components = { ...rewritten.components } as Record<string, Json>;
  for (const kind of KINDS) {
    const entries = Object.entries((components[kind] ?? {}) as Json);
    const named = entries.map(([name, value]) => [nameAfter(renamed, kind, name), value]);
    if (entries.length > 0) components[kind] = Object.fromEntries(named) as Json;
  }
  for (const item of Object.values(rewritten.paths)) {
    for (const operation of Object.values(item as Json)) prefixOperationId(service, operation);
  }
  return { ...rewritten, components } as OpenAPIObject;
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

/** References that stand for different things in different documents: themselves, or through what they refer to. */
function clashes(documents: OpenAPIObject[]): Set<string> {
  const meanings = new Map<string, string[]>();
  for (const document of documents) {
    for (const [reference, component] of referencesOf(document)) {
      meanings.set(reference, [...(meanings.get(reference) ?? []), JSON.stringify(component)]);
    }
  }
  const clashing = new Set<string>();
  for (let before = -1; before < clashing.size;) {
    before = clashing.size;
    for (const [reference, texts] of meanings) {
      const differs = texts.some((text) => text !== texts[0]);
      const refersToOne = texts.length > 1 && [...clashing].some((other) => texts[0].includes(`"${other}"`));
      if (differs || refersToOne) clashing.add(reference);
    }
  }
  return clashing;
}

/** What a service's clashing components are called in the merged document. */
function renamesOf(service: string, document: OpenAPIObject, clashing: Set<string>): Map<string, string> {
  const own = referencesOf(document).filter(([reference]) => clashing.has(reference));
  return new Map(own.map(([reference]) => [reference, reference.replace(/[^/]+$/, `${capital(service)}$&`)]));
}

function referencesOf(document: OpenAPIObject): [reference: string, component: unknown][] {
  return KINDS.flatMap((kind) =>
    Object.entries(componentsOf(document, kind)).map(([name, component]): [string, unknown] => [
      `#/components/${kind}/${name}`,
      component,
    ]),
  );
}

function componentsOf(document: OpenAPIObject, kind: Kind): Json {
  return (document.components?.[kind] ?? {}) as Json;
}

function tagsOf(
  parts: OpenAPIObject[],
  tagNames: readonly string[],
): { name: string; description?: string }[] {
  const described = new Map(parts.flatMap(({ tags = [] }) => tags).map((tag) => [tag.name, tag]));
  const operations = parts.flatMap(({ paths }) =>
    Object.values(paths).flatMap((item) => Object.values(item as Json)),
  );
  const used = new Set(
    operations.flatMap((operation) => (operation as { tags?: string[] } | null)?.tags ?? []),
  );
  const listed = tagNames.filter((name) => used.has(name));
  return [...new Set([...listed, ...[...used].sort()])].map((name) => described.get(name) ?? { name });
}

function sorted(object: Json): Json {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function capital(service: string): string {
  return service[0].toUpperCase() + service.slice(1);
}
