import { ConfigError, envNamesOf, holesOf, loadConfig } from '@doorstep/platform';
import { policiesComparingText, startTestService, type TestService } from '@doorstep/testing';
import { AppModule, Config, migrations } from './index';

describe('the service as a whole', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService('facilities', AppModule, Config, migrations);
  });
  afterAll(() => service.stop());

  it('describes each operation and field of its API', async () => {
    const { body } = await service.anonymous.get('/openapi.json').expect(200);
    expect(holesOf(body)).toEqual([]);
  });

  it('is alive and ready', async () => {
    await service.anonymous.get('/health/live').expect(200);
    await service.anonymous.get('/health/ready').expect(200);
  });

  it('keeps each table with a tenant closed to whoever has none', async () => {
    const { rows } = await service.db.query<{ relname: string }>(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'operator_id'
       WHERE c.relkind = 'r' AND c.relname <> 'outbox' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
  });

  it('compares no id as text where rows are kept apart', async () => {
    expect(await policiesComparingText(service.db)).toEqual([]);
  });
});

describe('the settings', () => {
  it('name what is missing and what is out of range, all at once', () => {
    const load = () =>
      loadConfig(Config, { WALKING_DETOUR_PERCENT: '90', WALKING_METRES_PER_MINUTE: 'fast' });
    expect(load).toThrow(ConfigError);
    for (const name of [
      'WALKING_DETOUR_PERCENT',
      'WALKING_METRES_PER_MINUTE',
      'DATABASE_URL',
      'KAFKA_BROKERS',
    ]) {
      expect(load).toThrow(name);
    }
  });

  it('have a default for the pace of walking', () => {
    const fallbacks = Object.fromEntries(envNamesOf(Config).map(({ name, fallback }) => [name, fallback]));
    expect(fallbacks).toMatchObject({ WALKING_METRES_PER_MINUTE: '80', WALKING_DETOUR_PERCENT: '125' });
  });
});
