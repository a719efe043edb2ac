import { ContractSnapshot, event, RegionSnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, Contracts, type Scene, someSites } from '../testing/scene.fixture';
import { CONTRACT_CALENDAR, CONTRACTS_PER_PAGE } from './contract-calendar.service';

const clock = new FixedClock('2026-11-20T02:00:00Z');
let service: TestService;
let scene: Scene;
let contracts: Contracts;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  scene = await aScene(service);
  contracts = new Contracts(service, scene);
});
afterAll(() => service.stop());

const turn = () => service.running.app.get(PeriodicRunner).runNow(CONTRACT_CALENDAR);
const read = async (id: string) =>
  (await service.as(scene.owner).get(`/v1/contracts/${id}`).expect(200)).body;

it('begins and ends contracts on their days, in the time zone of contracts', async () => {
  const signed = await contracts.signed([], { from: '2026-12-01', to: '2027-01-01' });
  const draft = await contracts.draft([], { from: '2026-12-01', to: '2027-01-01' });
  clock.set('2026-11-30T15:59:59Z');
  await turn();
  expect((await read(signed)).status).toBe('signed');
  clock.set('2026-11-30T16:00:00Z');
  await turn();
  await turn();
  expect((await read(signed)).status).toBe('active');
  clock.set('2026-12-31T16:00:00Z');
  await turn();
  expect((await read(signed)).status).toBe('expired');
  expect((await read(draft)).status).toBe('draft');
  const told = (await service.told(ContractSnapshot)).filter(({ contractId }) => contractId === signed);
  expect(told.map(({ status }) => status).slice(-2)).toEqual(['active', 'expired']);
});

it('ends what was terminated on a chosen day', async () => {
  clock.set('2027-02-01T02:00:00Z');
  const id = await contracts.active([], { from: '2027-02-01', to: '2028-02-01' });
  await service
    .as(scene.owner)
    .post(`/v1/contracts/${id}/terminate`)
    .send({ on: '2027-03-01', reason: '移交' })
    .expect(200);
  clock.set('2027-02-28T02:00:00Z');
  await turn();
  expect((await read(id)).status).toBe('active');
  clock.set('2027-03-01T02:00:00Z');
  await turn();
  expect(await read(id)).toMatchObject({ status: 'terminated', statusReason: '移交' });
});

it('says at the contract why it could not begin, and begins once the way is free', async () => {
  clock.set('2027-04-01T02:00:00Z');
  const [siteId] = await someSites(service, scene.operatorId, 1);
  const days = { from: '2027-04-01', to: '2028-04-01' };
  const holder = await contracts.active([siteId], days);
  const waiting = await contracts.signed([siteId], days);
  const free = await contracts.signed([], days);
  await turn();
  expect(await read(waiting)).toMatchObject({
    status: 'signed',
    activationRefusal: { code: 'site_held', siteIds: [siteId] },
  });
  expect((await read(free)).status).toBe('active');
  await service
    .as(scene.owner)
    .post(`/v1/contracts/${holder}/terminate`)
    .send({ reason: '移交' })
    .expect(200);
  await turn();
  expect(await read(waiting)).toMatchObject({ status: 'active', activationRefusal: null });
});

it('takes everybody in a round, who has waited longest first, and goes on past one that fails', async () => {
  clock.set('2027-05-20T02:00:00Z');
  const many = CONTRACTS_PER_PAGE + 3;
  const copied = await contracts.signed([], { from: '2027-06-01', to: '2028-06-01' });
  const { rows } = await service.db.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO contract (id, operator_id, authority_id, number, form, from_day, to_day, status, version, created_at)
       SELECT uuidv7(), operator_id, authority_id, number || '-' || n, form, from_day - n, to_day, status, 3, now()
       FROM contract, generate_series(1, $2) n WHERE id = $1 RETURNING *),
     terms AS (
       INSERT INTO contract_revision (contract_id, revision, operator_id, authority_id, from_day, to_day, terms, created_at)
       SELECT made.id, 1, made.operator_id, made.authority_id, made.from_day, made.to_day, v.terms, now()
       FROM made, contract_revision v WHERE v.contract_id = $1)
     SELECT id FROM made ORDER BY from_day`,
    [copied, many],
  );
  const failing = rows[1].id;
  await service.db.query(`
    CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;
    CREATE TRIGGER broken BEFORE UPDATE ON contract FOR EACH ROW WHEN (NEW.id = '${failing}') EXECUTE FUNCTION broken()`);
  clock.set('2027-06-01T02:00:00Z');
  await expect(turn()).rejects.toThrow('1 contracts could not follow the calendar');
  const others = rows.flatMap(({ id }) => (id === failing ? [] : [id]));
  const { rows: begun } = await service.db.query<{ id: string }>(
    `SELECT id FROM contract WHERE id = ANY ($1) AND status = 'active' ORDER BY xmin::text::bigint`,
    [rows.map(({ id }) => id)],
  );
  expect(begun.map(({ id }) => id)).toEqual(others);
  await service.db.query(`DROP TRIGGER broken ON contract`);
  await turn();
  expect(await read(failing)).toMatchObject({ status: 'active' });
});

it('tells contracts again that were told without their money, whether they stand, have ended or never stood', async () => {
  clock.set('2027-07-01T02:00:00Z');
  const days = { from: '2027-07-01', to: '2028-07-01' };
  const money = {
    fee: { model: 'management_fee', amountFen: 5_000_000 },
    rent: { amountFenPerMonth: 100_000, marketFenPerMonth: 900_000 },
    depositFen: 20_000_000,
  };
  const [standing, ended] = [
    await contracts.active([], { ...days, ...money }),
    await contracts.active([], { ...days, settlementCycle: 'quarterly' }),
  ];
  const calledOff = await contracts.signed([], days);
  for (const id of [ended, calledOff])
    await service.as(scene.owner).post(`/v1/contracts/${id}/terminate`).send({ reason: '移交' }).expect(200);
  const toldOf = async (id: string) =>
    (await service.told(ContractSnapshot)).filter(({ contractId }) => contractId === id);
  const lastOf = async (id: string) => (await toldOf(id)).at(-1);
  const before = await Promise.all([standing, ended, calledOff].map(lastOf));
  // As a migration leaves them that finds them there.
  await service.db.query(`UPDATE contract SET told_revision = 0 WHERE id = ANY ($1)`, [
    [standing, ended, calledOff],
  ]);
  await turn();
  await turn();
  const [stands, over, off] = await Promise.all([standing, ended, calledOff].map(lastOf));
  expect(stands).toMatchObject({ begun: true, status: 'active' });
  expect(stands?.revisions?.map((revision) => revision.money)).toEqual([
    { settlementCycle: 'monthly', ...money },
  ]);
  expect(over).toMatchObject({ begun: true, revisions: [{ money: { settlementCycle: 'quarterly' } }] });
  expect(off).toMatchObject({ begun: false, status: 'terminated' });
  expect([stands, over, off].map((told) => told?.version)).toEqual(
    before.map((told) => (told?.version ?? 0) + 1),
  );
});

it('tells what was agreed on for regions again when these are given up, from one revision of codes to the next', async () => {
  clock.set('2027-08-01T02:00:00Z');
  const days = { from: '2027-08-01', to: '2028-08-01' };
  const services = [
    { kind: 'meals', priceCeilingFen: 2500 },
    { kind: 'meals', regionCode: '310101013', priceCeilingFen: 2000 },
  ];
  const id = await contracts.active([], { ...days, services });
  const other = await contracts.active([], days);
  const street = (code: string, version: number, successorCodes?: string[]) =>
    event(RegionSnapshot, {
      ...{ code, level: 'street', name: code, version, at: '2027-08-01T00:00:00.000Z' },
      ...(successorCodes && { retiredYear: 2027, successorCodes }),
    });
  const told = async (contractId: string) =>
    (await service.told(ContractSnapshot)).filter((each) => each.contractId === contractId);
  const ceilings = async () => {
    const last = (await told(id)).at(-1);
    expect(last?.revisions?.[0].services).toEqual(last?.services);
    return last?.services.flatMap(({ regionCode }) => regionCode ?? []);
  };
  await service.deliver(street('310101013', 1), street('310101098', 1), street('310101099', 1));
  expect(await ceilings()).toEqual(['310101013']);
  const before = (await told(other)).length;
  await service.deliver(street('310101013', 2, ['310101098']));
  await turn();
  expect(await ceilings()).toEqual(['310101013', '310101098']);
  await service.deliver(street('310101098', 2, ['310101099']));
  await turn();
  await turn();
  expect(await ceilings()).toEqual(['310101013', '310101098', '310101099']);
  expect((await read(id)).services).toEqual(services);
  expect((await told(other)).length).toBe(before);
});
