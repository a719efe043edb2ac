import { ConfigError, envNamesOf, holesOf, loadConfig } from '@doorstep/platform';
import {
  anAdministrator,
  anOwner,
  policiesComparingText,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { ChangeRecorded } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOffering, aSite, REGIONS } from './examples';
import { AppModule, Config, migrations } from './index';
import { line, sitesSeen, uploadTo } from './sites/site-file.fixture';

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

  it('tells who changed what, whatever it was, and nothing of what changed nothing', async () => {
    const [administrator, operatorId] = [service.as(anAdministrator()), newId()];
    const manager = anOwner(operatorId);
    const owner = service.as(manager);
    const edition = { source: 'test', year: 2023, rows: REGIONS };
    await administrator.post('/v1/regions/import').send(edition).expect(200);
    await administrator.post('/v1/regions/import').send(edition).expect(200);
    const kind = { code: 'library', name: { zh: '图书', en: 'Library' }, urgentAndScarce: false };
    await administrator.post('/v1/kinds').send(kind).expect(201);
    const rule = { validFrom: '2099-01-01', complexAreaMinM2: 500, source: 'x' };
    await administrator.post('/v1/regions/3101/guidelines').send(rule).expect(201);
    const { body: site } = await owner.post('/v1/sites').send(aSite()).expect(201);
    const path = `/v1/sites/${site.id}`;
    await owner.patch(path).send({ areaM2: 950 }).expect(200);
    await owner.post(`${path}/milestones`).send({ command: 'suspend' }).expect(201);
    await owner.put(`${path}/project`).send({ costFen: 100 }).expect(200);
    const hall = { name: '大厅', kind: 'room', capacity: 40 };
    const { body: space } = await owner.post(`${path}/spaces`).send(hall).expect(201);
    await owner.patch(`${path}/spaces/${space.id}`).send({ capacity: 50 }).expect(200);
    const closed = { startsAt: '2099-01-01T00:00:00Z', endsAt: '2099-01-02T00:00:00Z', reason: 'paint' };
    const closures = `${path}/spaces/${space.id}/closures`;
    const { body: closure } = await owner.post(closures).send(closed).expect(201);
    await owner.delete(`${closures}/${closure.id}`).expect(200);
    const { body: offering } = await owner.post(`${path}/offerings`).send(anOffering()).expect(201);
    await owner.patch(`/v1/offerings/${offering.id}`).send({ capacity: 20 }).expect(200);
    for (const dryRun of ['true', 'false', 'false'])
      await uploadTo(service, manager, [line('F')], { dryRun }).expect(200);

    const told = await service.told(ChangeRecorded);
    const seen = told.map(({ action, entity, actorId, operatorId: whose }) => [
      action,
      entity,
      actorId === manager.id,
      whose,
    ]);
    const [imported] = (await sitesSeen(service, manager)).filter(
      ({ code }: { code: string }) => code === 'F',
    );
    const ours = [
      ...['sites:create', 'sites:update', 'sites:record-milestone', 'projects:write'].map((each) => [
        each,
        site.id,
      ]),
      ...['spaces:create', 'spaces:update', 'spaces:close', 'spaces:cancel-closure'].map((each) => [
        each,
        space.id,
      ]),
      ...['offerings:create', 'offerings:update'].map((each) => [each, offering.id]),
      ['sites:import', imported.id],
    ].map(([action, entity]) => [action, entity, true, operatorId]);
    const everybodys = [
      ['regions:import', 'regions'],
      ['kinds:write', 'library'],
      ['guidelines:write', '3101'],
    ].map(([action, entity]) => [action, entity, false, undefined]);
    const byAction = (rows: unknown[][]) => [...rows].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(byAction(seen)).toEqual(byAction([...ours, ...everybodys]));
    expect(told.find(({ action }) => action === 'sites:update')?.facts).toEqual({ fields: ['areaM2'] });
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
