import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { bodyExampleOf } from './body-example';
import { PROBLEM_RESPONSES, PROBLEM_SCHEMAS, problemRefs } from './openapi-problems';
import { modernSchema, type Schema } from './openapi-schema';
import { TAGS } from './openapi-tags';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & Record<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const JSON_WRITES = new Set(['post', 'put', 'patch', 'delete']);

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A fresh UUID for each new operation, the same one for each repeat. A repeat with the same body gets the first answer again; with another body it is refused (409).',
  schema: { type: 'string', minLength: 1, maxLength: 200, example: '019a3f6e-0c1d-7b7e-9a55-5b8f6d3c2b1a' },
};

/** The service's OpenAPI 3.1 document: what Nest gathers, plus what holds for every operation. */
export function describeApi(app: INestApplication, service: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Doorstep ${service}`)
    .setDescription(`The ${service} service of Doorstep.`)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'accessToken')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key' }, 'apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  return completed(document);
}

/** What this process says about its own operations; made once, when somebody asks. */
export class OwnApi {
  private document?: OpenAPIObject;
  private describe?: () => OpenAPIObject;

  /** Called by startService, which knows the application. */
  describedBy(describe: () => OpenAPIObject): void {
    this.describe = describe;
  }

  read(): OpenAPIObject {
    this.document ??= this.describe?.();
    if (!this.document) throw new Error('The application has not been started by startService.');
    return this.document;
  }
}

function completed(document: OpenAPIObject): OpenAPIObject {
  const { contact: _contact, ...info } = document.info;
  for (const [path, method, operation] of operationsOf(document)) complete(path, method, operation);
  return modernSchema({
    ...document,
    info,
    tags: tagsOf(document),
    components: {
      ...document.components,
      schemas: { ...withExamples(document.components?.schemas ?? {}), ...PROBLEM_SCHEMAS },
      responses: { ...document.components?.responses, ...PROBLEM_RESPONSES },
      parameters: { ...document.components?.parameters, IdempotencyKey: IDEMPOTENCY_KEY },
    },
  } as unknown as Schema) as unknown as OpenAPIObject;
}

function tagsOf(document: OpenAPIObject): OpenAPIObject['tags'] {
  const used = new Set(operationsOf(document).flatMap(([, , { tags = [] }]) => tags));
  return Object.entries(TAGS)
    .filter(([name]) => used.has(name))
    .map(([name, description]) => ({ name, description }));
}

function withExamples(schemas: Record<string, object>): Record<string, object> {
  const shown = ([name, schema]: [string, object]) => {
    const example = bodyExampleOf(name);
    return [name, example ? { ...schema, example } : schema];
  };
  return Object.fromEntries(Object.entries(schemas).map(shown)) as Record<string, object>;
}

function complete(path: string, method: string, operation: Operation): void {
  const open = operation['x-public'] === true;
  const refs = problemRefs({ open, writes: JSON_WRITES.has(method), hasIds: path.includes('{') });
  operation.responses = { ...refs, ...operation.responses } as Operation['responses'];
  if (open) operation.security = [];
  // Without a caller there is nobody whose key it would be.
  if (method !== 'post' || open) return;
  const known = operation.parameters ?? [];
  const documented = known.some((one) => 'name' in one && one.name.toLowerCase() === 'idempotency-key');
  if (documented) return;
  operation.parameters = [...known, { $ref: '#/components/parameters/IdempotencyKey' }];
}

/** Every operation of a document: path, method, operation. */
export function operationsOf(
  document: Pick<OpenAPIObject, 'paths'>,
): [path: string, method: string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method): [string, string, Operation] => [
      path,
      method,
      item[method] as Operation,
    ]),
  );
}
