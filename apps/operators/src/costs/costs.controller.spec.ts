import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  anAuditor,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { aScene, aSite, Contracts, type Scene } from '../testing/scene.fixture';

const clock = new FixedClock('2026-12-05T02:00:00Z');
let service: TestService;
let register: Register;
let operatorId: string;
let owner: Actor;
const sites = [newId(), newId()];

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  register = new Register(service);
  operatorId = await register.operator();
  owner = anOwner(operatorId);
  await service.deliver(...sites.map((siteId, i) => aSite(operatorId, { siteId, code: `S-${i}` })));
});
afterAll(() => service.stop());

const get = async (path: string, actor: Actor = owner) =>
  (await service.as(actor).get(`/v1/${path}`).expect(200)).body;
const csv = (text: string, actor: Actor = owner, query = '') =>
  service.as(actor).post(`/v1/costs/import-file${query}`).set('content-type', 'text/csv').send(text);

describe('costs', () => {
  const file = [
    'siteCode,month,kind,costClass,amountYuan',
    'S-0,2026-11,meals,materials,60.00',
    'S-0,2026-11,,base_labour,90',
    'S-1,2026-11,,premises,150.01',
  ].join('\n');

  it('are imported from a file, rehearsed first, once for the same file again', async () => {
    expect((await csv(file, owner, '?dryRun=true').expect(200)).body).toEqual({
      rows: 3,
      added: 3,
      changed: 0,
      unchanged: 0,
      dryRun: true,
    });
    expect((await get('costs')).items).toEqual([]);
    expect((await csv(file).expect(200)).body).toMatchObject({ added: 3, changed: 0, unchanged: 0 });
    expect((await csv(file).expect(200)).body).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    expect((await csv(file.replace('60.00', '61.00')).expect(200)).body).toMatchObject({
      changed: 1,
      unchanged: 2,
    });
    expect((await csv(file).expect(200)).body).toMatchObject({ changed: 1 });
    const first = await get('costs?limit=2');
    expect(first.items).toHaveLength(2);
    const rest = await get(`costs?limit=2&cursor=${first.nextCursor}`);
    expect(
      [...first.items, ...rest.items].map(({ amountFen }: { amountFen: number }) => amountFen).sort(),
    ).toEqual([15001, 6000, 9000]);
  });

  it('with broken lines are refused whole, each line with its fault', async () => {
    const broken = [
      'siteCode,month,kind,costClass,amountYuan',
      'S-9,2026-11,,materials,1',
      'S-0,2026-13,,materials,1',
      'S-0,2026-10,=1+1,rent,1.234',
      'S-0,2026-10,,materials,1',
      'S-0,2026-10,,materials,2',
    ].join('\n');
    const { body } = await csv(broken).expect(422);
    expect(body.code).toBe('cost_rows_refused');
    const fields = body.errors.map(({ field }: { field: string }) => field).sort();
    expect(fields).toEqual([
      'file:2.siteCode',
      'file:3.month',
      'file:4.amountYuan',
      'file:4.costClass',
      'file:4.kind',
      'file:4.kind',
      'file:6',
    ]);
    expect((await get('costs?from=2026-10&to=2026-11')).items).toEqual([]);
  });

  it('are entered for own sites alone', async () => {
    const item = { siteId: sites[0], month: '2026-12', costClass: 'materials', amountFen: 1 };
    const enter = (actor: Actor, items: object[]) => service.as(actor).post('/v1/costs').send({ items });
    await enter(aSiteManager(operatorId, [sites[1]]), [item]).expect(403);
    await enter(anAuditor(operatorId), [item]).expect(403);
    expect((await enter(anOwner(await register.operator()), [item]).expect(422)).body.code).toBe(
      'site_not_known',
    );
    expect((await enter(owner, [item, item]).expect(422)).body.code).toBe('cost_twice');
  });
});

describe('the rent of contracts', () => {
  let scene: Scene;
  let stations: string[];
  let contractId: string;

  beforeAll(async () => {
    scene = await aScene(service);
    stations = [newId(), newId(), newId()];
    const areas = [100, 200, 300];
    await service.deliver(
      ...stations.map((siteId, i) => aSite(scene.operatorId, { siteId, code: `R-${i}`, areaM2: areas[i] })),
    );
    const contracts = new Contracts(service, scene);
    const days = { from: '2026-10-11', to: '2027-10-11', rent: { amountFenPerMonth: 31_000 } };
    contractId = await contracts.active(stations.slice(0, 2), days);
    // Neither was ever in force.
    await contracts.signed([stations[2]], { ...days, from: '2027-01-01' });
    await contracts.draft([stations[2]], days);
  });

  const take = (month: string, more: object = {}, actor = scene.owner) =>
    service
      .as(actor)
      .post('/v1/costs/rents')
      .send({ month, ...more });
  const premises = async (month: string) =>
    (await get(`costs?from=${month}&to=2027-01&costClass=premises`, scene.owner)).items.map(
      (item: { siteCode: string; month: string; amountFen: number; contractId: string | null }) => [
        ...[item.siteCode, item.month, item.amountFen, item.contractId === contractId],
      ],
    );

  it('is rehearsed, then taken over into what premises cost, beside what is entered by hand', async () => {
    const byHand = { siteId: stations[0], month: '2026-11', costClass: 'premises', amountFen: 777 };
    await service
      .as(scene.owner)
      .post('/v1/costs')
      .send({ items: [byHand] })
      .expect(200);
    const contract = { contractId, rentFen: 31_000, days: 30, sites: 2, basis: 'area' };
    const all = { rentFen: 31_000, unplacedFen: 0, added: 2, contractCount: 1, contracts: [contract] };
    expect((await take('2026-11', { dryRun: true }).expect(200)).body).toMatchObject({
      ...all,
      dryRun: true,
    });
    expect(await premises('2026-11')).toHaveLength(1);
    const { body } = await take('2026-11').expect(200);
    expect(body).toMatchObject(all);
    expect(body.parts.map(({ amountFen }: { amountFen: number }) => amountFen).sort()).toEqual([
      10_333, 20_667,
    ]);
    expect((await take('2026-11').expect(200)).body).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
    await service
      .as(scene.owner)
      .post('/v1/costs')
      .send({ items: [{ ...byHand, amountFen: 778 }] })
      .expect(200);
    expect(await premises('2026-11')).toEqual(
      expect.arrayContaining([
        ['R-0', '2026-11', 778, false],
        ['R-0', '2026-11', 10_333, true],
        ['R-1', '2026-11', 20_667, true],
      ]),
    );
    const pages = [await get('costs?limit=2&costClass=premises', scene.owner)];
    pages.push(await get(`costs?limit=2&costClass=premises&cursor=${pages[0].nextCursor}`, scene.owner));
    expect(pages.map(({ items }) => items.length)).toEqual([2, 1]);
    expect((await get(`costs?contractId=${contractId}`, scene.owner)).items).toHaveLength(2);
  });

  it('of a month that it began in is that of its days, and reaches the portfolio', async () => {
    await Promise.all([take('2026-10').expect(200), take('2026-10').expect(200)]);
    expect(await premises('2026-10')).toEqual(
      expect.arrayContaining([
        ['R-0', '2026-10', 7_000, true],
        ['R-1', '2026-10', 14_000, true],
      ]),
    );
    const slice = `from=2026-10&to=2026-11&contractId=${contractId}`;
    const summary = () => get(`portfolio/summary?${slice}`, scene.owner);
    await service.eventually(async () => expect(await summary()).toMatchObject({ premisesFen: 21_000 }));
  });

  it('is written as a difference after terms and standings have changed', async () => {
    await take('2026-12').expect(200);
    const path = `/v1/contracts/${contractId}`;
    const { body: sites } = await service.as(scene.owner).get(`${path}/sites`).expect(200);
    const leaving = sites.items.find(({ siteCode }: { siteCode: string }) => siteCode === 'R-1');
    const changes = {
      ...{ effectiveOn: '2026-12-05', endSites: [leaving.id], addSites: [{ siteId: stations[2] }] },
      terms: { rent: { amountFenPerMonth: 62_000 } },
    };
    const { body: amendment } = await service
      .as(scene.owner)
      .post(`${path}/amendments`)
      .send(changes)
      .expect(201);
    for (const actor of [scene.owner, scene.official])
      await service.as(actor).post(`${path}/amendments/${amendment.id}/signatures`).send({}).expect(201);
    // 4 days of 1000, 27 of 2000, over 3100 : 800 : 8100 parts.
    expect((await take('2026-12').expect(200)).body).toMatchObject({
      ...{ rentFen: 58_000, added: 1, changed: 2, removed: 0 },
    });
    expect((await premises('2026-12')).sort()).toEqual([
      ['R-0', '2026-12', 14_983, true],
      ['R-1', '2026-12', 3_867, true],
      ['R-2', '2026-12', 39_150, true],
    ]);
    await service
      .as(scene.owner)
      .post(`${path}/terminate`)
      .send({ on: '2026-12-05', reason: '移交' })
      .expect(200);
    expect((await take('2026-12').expect(200)).body).toMatchObject({
      rentFen: 4_000,
      changed: 2,
      removed: 1,
    });
  });

  it('is taken over by owner and finance of the operator alone, for months that have begun', async () => {
    for (const actor of [
      aSiteManager(scene.operatorId, stations),
      anAuditor(scene.operatorId),
      scene.official,
    ])
      await take('2026-11', {}, actor).expect(403);
    const rival = anOwner(await scene.register.operator());
    expect((await take('2026-11', {}, rival).expect(200)).body).toMatchObject({
      contractCount: 0,
      removed: 0,
    });
    expect(await premises('2026-11')).toHaveLength(5);
    expect((await take('2027-01').expect(422)).body.code).toBe('month_ahead');
    await take('2026-13').expect(400);
  });
});
