import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envNamesOf, loadConfig } from '@doorstep/platform';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { stringify } from 'yaml';
import { interpolate, readCompose, variablesIn } from './compose';
import { generateSecrets } from './platform/secrets';
import { PROCESSES, type ProcessName, SERVICES } from './platform/services';
import { configOf } from './platform/config-of';
import { WORKSPACE } from './workspace';

const compose = readCompose();
const env = { POSTGRES_PASSWORD: 'postgres-password', ...generateSecrets() };

function environmentOf(name: string): Record<string, string> {
  const given = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(given.map(([key, value]) => [key, interpolate(String(value), env)]));
}

describe('docker-compose.yml', () => {
  it('is valid against the schema of the Compose Specification', () => {
    const schema = readFileSync(join(WORKSPACE, 'deploy/compose/compose-spec.schema.json'), 'utf8');
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const validate = ajv.compile({ ...JSON.parse(schema), $schema: undefined });
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('runs the versions that the one-machine stack runs', () => {
    const images = ['postgres', 'kafka', 'redis'].map((name) => compose.services[name]?.image);
    expect(images).toEqual(['postgres:18', 'apache/kafka:4.1.1', 'redis:7-alpine']);
  });

  it('takes every secret from .env, without a default, and npm run secrets writes each of them', () => {
    const variables = variablesIn(stringify(compose));
    const required = variables.filter((each) => each.required).map(({ name }) => name);
    expect([...new Set(required)].sort()).toEqual(Object.keys(env).sort());
    expect(variables.filter((each) => !each.required)).toEqual([
      { name: 'GATEWAY_PORT', required: false, fallback: '8080' },
    ]);
  });

  it.each(PROCESSES)(
    'gives %s an environment that its config accepts, and no name that it does not read',
    (name) => {
      const Config = configOf(name);
      const given = environmentOf(name);
      const known = envNamesOf(Config).map((each) => each.name);

      expect(Object.keys(given).filter((key) => !known.includes(key))).toEqual([]);
      expect(() => loadConfig(Config, { ...given, HOST: '0.0.0.0', PORT: '8080' })).not.toThrow();
    },
  );

  it('gives each service the login of its own database only', () => {
    for (const name of SERVICES) {
      const url = new URL(environmentOf(name).DATABASE_URL as string);
      expect([url.username, url.host, url.pathname]).toEqual([`${name}_app`, 'postgres:5432', `/${name}`]);
      const passwords = variablesIn(stringify(compose.services[name]?.environment)).map((each) => each.name);
      expect(passwords.filter((each) => each.endsWith('_PASSWORD'))).toEqual([
        `${name.toUpperCase()}_APP_PASSWORD`,
      ]);
    }
  });

  it('tells the gateway where each service listens', () => {
    const given = environmentOf('gateway');
    for (const name of SERVICES) expect(given[`${name.toUpperCase()}_URL`]).toBe(`http://${name}:8080`);
  });

  it('starts programs that the image holds', () => {
    for (const name of [...PROCESSES, 'migrate']) {
      const [program] = compose.services[name]?.command ?? [];
      const source = program?.replace('/dist/', '/src/').replace(/\.js$/, '.ts') as string;
      expect(existsSync(join(WORKSPACE, source))).toBe(true);
    }
  });

  it('waits for what each part needs, in an order without a circle', () => {
    for (const name of SERVICES) {
      expect(compose.services[name]?.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        kafka: { condition: 'service_healthy' },
        redis: { condition: 'service_healthy' },
      });
    }
    expect(Object.keys(compose.services.gateway?.depends_on ?? {}).sort()).toEqual(
      ['redis', ...SERVICES].sort(),
    );
    expect(startOrder()).toHaveLength(Object.keys(compose.services).length);
  });

  it('checks the health of everything that stays up', () => {
    const unchecked = Object.entries(compose.services).filter(([, each]) => !each.healthcheck?.test);
    expect(unchecked.map(([name]) => name)).toEqual(['migrate']);
  });

  it('opens one port, to this machine alone', () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, interpolate(port, {})]),
    );
    expect(open).toEqual([['gateway', '127.0.0.1:8080:8080']]);
  });
});

/** Rounds of starting whatever has all that it depends on; throws on a circle or an unknown name. */
function startOrder(): string[] {
  const started: string[] = [];
  const waiting = new Map(Object.entries(compose.services));
  while (waiting.size > 0) {
    const next = [...waiting].filter(([, each]) =>
      Object.keys(each.depends_on ?? {}).every((name) => started.includes(name)),
    );
    if (next.length === 0) throw new Error(`these wait for each other: ${[...waiting.keys()].join(', ')}`);
    for (const [name] of next) {
      started.push(name as ProcessName);
      waiting.delete(name);
    }
  }
  return started;
}
