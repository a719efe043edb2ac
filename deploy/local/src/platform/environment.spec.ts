import 'reflect-metadata';
import { envNamesOf, loadConfig } from '@doorstep/platform';
import { configOf } from './config-of';
import { environmentOf, type Installation } from './environment';
import { generateSecrets } from './secrets';
import { PROCESSES } from './services';

const installation: Installation = {
  stack: {
    postgres: { adminUrl: 'postgres://postgres:pw@127.0.0.1:5432/postgres' },
    kafkaBrokers: '127.0.0.1:9092',
    redisUrl: 'redis://127.0.0.1:6379',
  },
  secrets: generateSecrets(),
  ports: { gateway: 1, facilities: 2, operators: 3, bookings: 4, billing: 5, notifications: 6 },
  dataDir: '/data',
  databaseSuffix: '_x',
  topicPrefix: 'x.',
  overrides: {},
};

describe.each(PROCESSES)('the environment of %s', (name) => {
  const environment = environmentOf(name, installation);
  const given = Object.keys(environment).filter((key) => process.env[key] !== environment[key]);

  it('is one that its config accepts', () => {
    expect(() => loadConfig(configOf(name), environment)).not.toThrow();
  });

  it('holds no name that its config does not read', () => {
    const known = envNamesOf(configOf(name)).map((each) => each.name);
    expect(given.filter((key) => !known.includes(key) && key !== 'NODE_ENV')).toEqual([]);
  });

  it("holds no other process' secret", () => {
    const own = new Set(envNamesOf(configOf(name)).map((each) => each.name));
    const text = JSON.stringify(environment);
    const foreign = Object.entries(installation.secrets)
      .filter(([key]) => !own.has(key) && !key.startsWith(`${name.toUpperCase()}_APP`))
      .filter(([, secret]) => text.includes(secret));
    expect(foreign).toEqual([]);
  });
});

it('an override has the last word', () => {
  const overrides = { LOG_LEVEL: 'debug', PORT: '99' };
  expect(environmentOf('billing', { ...installation, overrides })).toMatchObject(overrides);
});
