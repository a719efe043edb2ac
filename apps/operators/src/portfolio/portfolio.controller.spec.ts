import { event, RegionSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  anAuthority,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
  wholeFile,
} from '@doorstep/testing';
import readXlsxFile from 'read-excel-file/node';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { type CareDay, recordedDay } from '../testing/care.fixture';
import { formerId, lunchesAt, residentId, sameResident, STREETS } from '../testing/portfolio-lunches.fixture';
import { aScene, aSite, Contracts, type Scene } from '../testing/scene.fixture';
import { MAKE_FIGURES } from './figures.maker';

const clock = new FixedClock('2026-12-05T02:00:00Z');
let service: TestService;
let scene: Scene;
let funderId: string;
let contractId: string;
const sites = [newId(), newId()];

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, {
    clock,
    env: { PERIODIC: 'false' },
  });
  scene = await aScene(service);
  funderId = await scene.register.funder();
  await service.deliver(
    ...sites.map((siteId, i) =>
      aSite(scene.operatorId, { siteId, code: `S-${i}`, nameZh: `第${i}站`, regionCode: `${STREETS[i]}001` }),
    ),
    event(RegionSnapshot, {
      code: STREETS[0],
      level: 'street',
      name: '=外滩街道',
      version: 1,
      at: '2026-01-01T00:00:00.000Z',
    }),
  );
  const kpis = [
    { metric: 'utilisation_bp', target: 2500 },
    { metric: 'no_show_bp', target: 100 },
    { metric: 'smiles', target: 1 },
  ];
  contractId = await new Contracts(service, scene).active(sites, { from: '2026-01-01', kpis });
  // Made under another contract, from which the sites passed to this one: figures go by the standing of the day.
  const lunch = { operatorId: scene.operatorId, contractId: newId(), funderId };
  await service.deliver(
    ...sites.flatMap((siteId, i) => lunchesAt(lunch, siteId, i)),
    sameResident(scene.operatorId),
  );
  const cost = { month: '2026-11' };
  const items = [
    { ...cost, siteId: sites[0], kind: 'meals', costClass: 'materials', amountFen: 6000 },
    { ...cost, siteId: sites[0], costClass: 'base_labour', amountFen: 9000 },
    { ...cost, siteId: sites[1], costClass: 'premises', amountFen: 15001 },
  ];
  await service.as(scene.owner).post('/v1/costs').send({ items }).expect(200);
  await service.db.query(
    `INSERT INTO complaint (id, operator_id, site_id, category, severity, text, opened_on, answer_by, status, version,
                            created_at)
     VALUES ($1, $2, $3, 'food', 'low', 'x', '2026-11-21', '2026-11-28', 'open', 1, now())`,
    [newId(), scene.operatorId, sites[0]],
  );
  await service.db.query(
    `INSERT INTO service_rating (booking_id, operator_id, site_id, kind, service_day, stars, rated_at)
     SELECT uuidv7(), $1, $2, 'meals', '2026-11-20', stars, now() FROM unnest('{4,5,5}'::int[]) AS stars`,
    [scene.operatorId, sites[0]],
  );
  await service.running.app.get(PeriodicRunner).runNow(MAKE_FIGURES);
});
afterAll(() => service.stop());

const NOVEMBER = 'from=2026-11&to=2026-12';
const get = async (path: string, actor: Actor = scene.owner) =>
  (await service.as(actor).get(`/v1/${path}`).expect(200)).body;
describe('figures', () => {
  it('of all of November', async () => {
    expect(await get(`portfolio/summary?${NOVEMBER}`)).toMatchObject({
      ...{ sites: 2, sessions: 2, capacity: 60, booked: 17, attended: 15, noShow: 2, visits: 15, waiting: 1 },
      ...{ grossFen: 30000, residentFen: 22500, fundersFen: 6000, concessionFen: 1500, revenueFen: 28500 },
      ...{ materialsFen: 6000, baseLabourFen: 9000, premisesFen: 15001, costFen: 30001, marginFen: -1501 },
      ...{
        utilisationBp: 2833,
        noShowBp: 1176,
        attention: { licencesDue: 0, findingsOpen: 0, complaintsOpen: 1 },
      },
    });
  });

  it('lead down from the chain to a site’s kinds', async () => {
    const step = async (query: string) => (await get(`portfolio/figures?${NOVEMBER}&${query}`)).items;
    expect(await step('by=city')).toMatchObject([{ key: '3101', visits: 15 }]);
    expect(await step('by=street&region=3101')).toMatchObject([
      { key: STREETS[0], name: '=外滩街道', visits: 10, marginFen: 4000 },
      { key: STREETS[1], name: null, visits: 5, marginFen: -5501 },
    ]);
    expect(await step(`by=site&region=${STREETS[1]}`)).toMatchObject([{ key: sites[1], name: 'S-1 第1站' }]);
    expect(await step(`by=kind&siteId=${sites[1]}`)).toMatchObject([{ key: 'meals', visits: 5 }]);
    expect(await step(`by=month&contractId=${contractId}`)).toMatchObject([{ key: '2026-11', visits: 15 }]);
    expect(await step('by=contract')).toMatchObject([{ key: contractId, visits: 15 }]);
    const best = await get(`portfolio/figures?${NOVEMBER}&sort=margin&order=desc&limit=1`);
    expect(best.items).toMatchObject([{ key: sites[0] }]);
    const next = await get(
      `portfolio/figures?${NOVEMBER}&sort=margin&order=desc&limit=1&cursor=${best.nextCursor}`,
    );
    expect(next).toMatchObject({ items: [{ key: sites[1] }], nextCursor: null });
  });

  it('say who paid, and what margin is left by site, kind and payer', async () => {
    expect((await get(`portfolio/payers?${NOVEMBER}`)).items).toMatchObject([
      { payer: 'concession', amountFen: 1500, revenueFen: 0 },
      { payer: 'funder', funderId, name: '慈善基金会', amountFen: 6000 },
      { payer: 'resident', amountFen: 22500 },
    ]);
    const { items } = await get(`portfolio/margins?${NOVEMBER}&siteId=${sites[0]}`);
    // 150 yuan of costs over 15 : 4 : 1 parts of who paid.
    expect(items).toMatchObject([
      { kind: 'meals', payer: 'concession', revenueFen: 0, costFen: 750, marginFen: -750 },
      { kind: 'meals', payer: 'funder', revenueFen: 4000, costFen: 3000, marginFen: 1000 },
      { kind: 'meals', payer: 'resident', revenueFen: 15000, costFen: 11250, marginFen: 3750 },
    ]);
  });

  it('are set beside the targets of contracts that ran then, and beside other sites', async () => {
    const contracts = new Contracts(service, scene);
    const goals = { kpis: [{ metric: 'visits', target: 1 }] };
    await contracts.signed([], { from: '2027-01-01', ...goals });
    const over = await contracts.active([], { from: '2026-01-01', ...goals });
    const calledOff = await contracts.signed([], { from: '2026-01-01', ...goals });
    for (const id of [over, calledOff])
      await service.as(scene.owner).post(`/v1/contracts/${id}/terminate`).send({ reason: 'x' }).expect(200);
    await service.db.query(`UPDATE contract SET ends_on = '2026-11-01' WHERE id = $1`, [over]);
    expect((await get(`portfolio/kpis?${NOVEMBER}`)).items).toMatchObject([
      { contractId, metric: 'no_show_bp', target: 100, actual: 1176, better: 'less', reached: false },
      { contractId, metric: 'smiles', actual: null, reached: null },
      { contractId, metric: 'utilisation_bp', target: 2500, actual: 2833, better: 'more', reached: true },
    ]);
    expect((await get('portfolio/kpis?from=2026-10&to=2026-12')).items).toHaveLength(4);
    const compared = await get(`portfolio/comparison?${NOVEMBER}&siteIds=${sites.join(',')}`);
    expect(compared.items).toMatchObject([
      { key: sites[0], ranks: { utilisation: 1, revenue: 1, margin: 1 } },
      { key: sites[1], ranks: { utilisation: 2, revenue: 2, margin: 2 } },
    ]);
    expect(compared.together).toMatchObject({ visits: 15, costFen: 30001 });
    await service.as(scene.owner).get(`/v1/portfolio/comparison?siteIds=${sites[0]}`).expect(400);
  });

  it('show managers their sites, authorities their region without costs, strangers nothing', async () => {
    const manager = aSiteManager(scene.operatorId, [sites[1]]);
    expect(await get(`portfolio/summary?${NOVEMBER}`, manager)).toMatchObject({
      sites: 1,
      visits: 5,
      costFen: 15001,
    });
    expect(await get(`portfolio/summary?${NOVEMBER}&siteId=${sites[0]}`, manager)).toMatchObject({
      visits: 0,
    });
    const authority = anAuthority(STREETS[0]);
    for (const path of ['summary', 'figures', 'payers', 'kpis', 'street-reports'].map(
      (each) => `portfolio/${each}?from=2026-11&to=2026-12&month=2026-11`,
    )) {
      const allowed = path.includes('street')
        ? path.replace('from=2026-11&to=2026-12&', '')
        : path.replace('&month=2026-11', '');
      expect(JSON.stringify(await get(allowed, authority))).not.toMatch(
        /cost|margin|labour|materials|premises/i,
      );
    }
    expect(await get(`portfolio/summary?${NOVEMBER}`, authority)).toMatchObject({
      sites: 1,
      visits: 10,
      fundersFen: 4000,
    });
    await service.as(authority).get('/v1/portfolio/margins').expect(403);
    await service.as(authority).get('/v1/portfolio/figures?sort=margin').expect(403);
    await service.as(authority).get('/v1/costs').expect(403);
    const rival = anOwner(await scene.register.operator());
    expect(await get(`portfolio/summary?${NOVEMBER}`, rival)).toMatchObject({
      sites: 0,
      grossFen: 0,
      costFen: 0,
    });
    expect((await get('costs', rival)).items).toEqual([]);
  });
});

describe('the street report', () => {
  it('says who came to which street, people once', async () => {
    expect((await get('portfolio/street-reports?month=2026-11')).items).toMatchObject([
      {
        street: STREETS[0],
        name: '=外滩街道',
        sites: 1,
        kinds: ['meals'],
        people: 1,
        visits: 10,
        subsidyFen: 4000,
      },
      { street: STREETS[1], sites: 1, people: 1, visits: 5, subsidyFen: 2000 },
    ]);
  });

  it('of one contract counts the people of the days on which sites stood under it', async () => {
    const under = (id: string) => get(`portfolio/street-reports?month=2026-11&contractId=${id}`);
    expect((await under(contractId)).items).toMatchObject([
      { street: STREETS[0], people: 1, visits: 10 },
      { street: STREETS[1], people: 1, visits: 5 },
    ]);
    expect((await under(newId())).items).toEqual([]);
  });

  it('goes out as CSV that runs nothing, and as a workbook', async () => {
    const file = (format: string, path = 'street-reports/file?month=2026-11') =>
      service
        .as(scene.owner)
        .get(`/v1/portfolio/${path}&format=${format}`)
        .buffer(true)
        .parse(wholeFile)
        .expect(200);
    const text = String((await file('csv')).body);
    expect(text).toMatch(/^\uFEFF月份,街道代码,街道,站点数,服务类型/);
    expect(text).toContain(`2026-11,${STREETS[0]},'=外滩街道,1,助餐,1,10,`);
    const [{ sheet, data }] = await readXlsxFile((await file('xlsx')).body as Buffer);
    expect(sheet).toBe('街道月报');
    expect(data[1].slice(0, 3)).toEqual(['2026-11', STREETS[0], '=外滩街道']);
    const margins = String((await file('csv', `margins/file?${NOVEMBER}&language=en`)).body);
    expect(margins.split('\r\n')).toHaveLength(8);
    expect(margins).toMatch(/^\uFEFFSite,Kind of service,Payer,Funder,Revenue \(yuan\)/);
    expect(margins).toContain('S-0 第0站,Meals,Funder,慈善基金会,40.00,');
    const chinese = String((await file('csv', `margins/file?${NOVEMBER}`)).body);
    expect(chinese).toContain('S-0 第0站,助餐,资助方,慈善基金会,40.00,');
  });

  it('counts children in care as people, once with what they booked, as their days are corrected', async () => {
    const at = { operatorId: scene.operatorId, siteId: sites[1], regionCode: `${STREETS[1]}002` };
    const came = (of: Partial<CareDay> & Pick<CareDay, 'residentId'>) =>
      recordedDay({ ...at, day: '2026-11-12', ...of });
    const people = async (query = 'month=2026-11') => {
      await service.running.app.get(PeriodicRunner).runNow(MAKE_FIGURES);
      const { items } = await get(`portfolio/street-reports?${query}`);
      return items.map((street: { people: number }) => street.people);
    };
    const [child, sister] = [newId(), newId()];
    const first = came({ residentId: child });
    const { placementId } = first;
    await service.deliver(
      ...[first, came({ residentId: child, placementId, day: '2026-11-13' })],
      came({ residentId: sister, outcome: 'checked_in' }),
      ...[
        came({ residentId: newId(), outcome: 'refused' }),
        came({ residentId: newId(), day: '2026-12-01' }),
      ],
      // These two are one, and had lunch in the same street.
      ...[came({ residentId }), came({ residentId: formerId })],
    );
    expect(await people()).toEqual([1, 3]);
    expect(await people(`month=2026-11&contractId=${contractId}`)).toEqual([1, 3]);
    const absent = { residentId: child, outcome: 'absent' as const, placementId, version: 4 };
    await service.deliver(came(absent));
    expect(await people()).toEqual([1, 3]);
    await service.deliver(came({ ...absent, day: '2026-11-13', version: 5 }));
    expect(await people()).toEqual([1, 2]);
    // Told again, what was recorded before changes nothing.
    await service.deliver(first);
    expect(await people()).toEqual([1, 2]);
  });
});
