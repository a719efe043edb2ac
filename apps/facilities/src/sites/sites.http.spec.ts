import { SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const clock = new FixedClock('2026-11-02T01:00:00Z');
const operatorId = newId();
const owner = anOwner(operatorId);
const other = anOwner(newId());

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations, { clock });
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

async function created(changes: Record<string, unknown> = {}, actor = owner) {
  const { body } = await service.as(actor).post('/v1/sites').send(aSite(changes)).expect(201);
  return body as { id: string; code: string; version: number; operatorId: string };
}

const snapshotsOf = async (siteId: string) =>
  (await service.told(SiteSnapshot)).filter((one) => one.siteId === siteId);
const codes = (body: { warnings: { code: string }[] }) => body.warnings.map(({ code }) => code);

describe('entering a site', () => {
  it('answers with the whole site, its point in WGS-84 and as measured', async () => {
    const location = { lng: 121.4846, lat: 31.238, crs: 'GCJ02' };
    const { body } = await service.as(owner).post('/v1/sites').send(aSite({ location })).expect(201);
    expect(body).toMatchObject({
      operatorId,
      status: 'operating',
      version: 1,
      name: { zh: '外滩社区服务综合体', en: 'Bund community complex' },
      locationMeasured: location,
      openingExceptions: [],
      warnings: [],
    });
    expect(body.location.lng).toBeCloseTo(121.48, 3);
    expect((await service.as(owner).get(`/v1/sites/${body.id}`).expect(200)).body).toEqual(body);
  });

  it('is told, with exceptions day by day', async () => {
    const openingExceptions = [
      { day: '2027-02-06', reason: '春节', spans: [] },
      { from: '2026-12-30', to: '2027-01-02', spans: [{ opens: '10:00', closes: '02:00' }] },
    ];
    const site = await created({ openingExceptions });
    const [snapshot] = await snapshotsOf(site.id);
    expect(snapshot).toMatchObject({
      operatorId,
      code: site.code,
      status: 'operating',
      version: 1,
      timeZone: 'Asia/Shanghai',
    });
    expect(snapshot.openingExceptions.map(({ day, spans }) => [day, spans.length])).toEqual([
      ['2026-12-30', 1],
      ['2026-12-31', 1],
      ['2027-01-01', 1],
      ['2027-02-06', 0],
    ]);
  });

  it('warns gently of what the guideline would like', async () => {
    const { body } = await service
      .as(owner)
      .post('/v1/sites')
      .send(aSite({ areaM2: 450 }))
      .expect(201);
    expect(codes(body)).toEqual(['complex_small']);
  });

  it('twice with one Idempotency-Key makes one site', async () => {
    const key = newId();
    const body = aSite();
    const send = () => service.as(owner).post('/v1/sites').set('Idempotency-Key', key).send(body).expect(201);
    const [first, again] = [await send(), await send()];
    expect(again.body).toEqual(first.body);
    const { rows } = await service.db.query('SELECT count(*)::int AS n FROM site WHERE code = $1', [
      body.code,
    ]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('under a code that the operator has is a conflict; another operator may have it too', async () => {
    const { code, id } = await created();
    const { body } = await service.as(owner).post('/v1/sites').send(aSite({ code })).expect(409);
    expect(body).toMatchObject({ code: 'site_code_taken', details: { siteId: id } });
    await created({ code }, other);
    const post = () =>
      service
        .as(owner)
        .post('/v1/sites')
        .send(aSite({ code: 'at once' }));
    const change = (to: string) => service.as(owner).patch(`/v1/sites/${id}`).send({ code: to });
    const answers = await Promise.all([post(), post(), change('at once'), post()]);
    const refused = answers.filter(({ status }) => status === 409).map((answer) => answer.body.code);
    expect(refused).toEqual(Array(3).fill('site_code_taken'));
  });
});

describe('a site that cannot be', () => {
  it.each([
    ['without a name', { name: undefined }, 400, 'name'],
    ['with a list for a name', { name: [] }, 400, 'name'],
    ['with nothing among its hours', { openingHours: [null] }, 400, 'openingHours'],
    ['with a field nobody knows', { colour: 'red' }, 400, 'colour'],
    ['of no form', { form: 'palace' }, 400, 'form'],
    ['in a coordinate system of its own', { location: { lng: 1, lat: 2, crs: 'MARS' } }, 400, 'location.crs'],
    ['of no area', { areaM2: 0 }, 400, 'areaM2'],
    ['with swapped degrees', { location: { lng: 31.2, lat: 121.5, crs: 'WGS84' } }, 422, 'location.lat'],
    ['in no time zone', { timeZone: 'Asia/Shangri-La' }, 422, 'timeZone'],
    ['in no region', { regionCode: '999999999999' }, 422, 'regionCode'],
    ['in a district', { regionCode: '310101' }, 400, 'regionCode'],
    [
      'with a weekday too many',
      { openingHours: [{ weekday: 8, opens: '08:00', closes: '09:00' }] },
      400,
      'openingHours[0].weekday',
    ],
    [
      'with hours that overlap',
      {
        openingHours: [
          { weekday: 1, opens: '08:00', closes: '12:00' },
          { weekday: 1, opens: '11:00', closes: '13:00' },
        ],
      },
      422,
      'openingHours[1]',
    ],
    ['with an exception of no period', { openingExceptions: [{ spans: [] }] }, 422, 'openingExceptions[0]'],
    [
      'with an exception on no day',
      { openingExceptions: [{ day: '2027-02-30', spans: [] }] },
      422,
      'openingExceptions[0]',
    ],
    ['closed from the start', { status: 'closed' }, 400, 'status'],
  ])('%s', async (_what, changes, status, field) => {
    const { body } = await service.as(owner).post('/v1/sites').send(aSite(changes)).expect(status);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(body.mend).toBeTruthy();
  });
});

describe('changing a site', () => {
  it('changes what is given and tells it', async () => {
    const site = await created();
    const { body } = await service.as(owner).patch(`/v1/sites/${site.id}`).send({ areaM2: 700 }).expect(200);
    expect(body).toMatchObject({ areaM2: 700, version: 2, code: site.code });
    expect(codes(body)).toEqual(['complex_below_better']);
    expect((await snapshotsOf(site.id)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('from an outdated version is refused', async () => {
    const site = await created();
    await service.as(owner).patch(`/v1/sites/${site.id}`).send({ areaM2: 700, version: 1 }).expect(200);
    const { body } = await service
      .as(owner)
      .patch(`/v1/sites/${site.id}`)
      .send({ areaM2: 800, version: 1 })
      .expect(409);
    expect(body).toMatchObject({ code: 'version_outdated', details: { version: 2 } });
  });

  it('to hours that leave an offering outside warns of it', async () => {
    const site = await created();
    await service
      .as(owner)
      .post(`/v1/sites/${site.id}/offerings`)
      .send(anOffering({ code: 'LUNCH' }))
      .expect(201);
    const openingHours = [{ weekday: 1, opens: '13:00', closes: '18:00' }];
    const { body } = await service.as(owner).patch(`/v1/sites/${site.id}`).send({ openingHours }).expect(200);
    expect(codes(body)).toContain('offering_outside_opening_hours');
  });

  it('with null where a value has to be is refused', async () => {
    const site = await created();
    await service.as(owner).patch(`/v1/sites/${site.id}`).send({ code: null }).expect(400);
  });

  it('moves its offerings to its new region', async () => {
    const site = await created();
    await service.as(owner).post(`/v1/sites/${site.id}/offerings`).send(anOffering()).expect(201);
    await service.as(owner).patch(`/v1/sites/${site.id}`).send({ regionCode: '330106002001' }).expect(200);
    const { body } = await service.as(anAuthority('3301')).get(`/v1/offerings?siteId=${site.id}`).expect(200);
    expect(body.items).toHaveLength(1);
  });
});

describe('who sees and changes a site', () => {
  it("is its tenant; to another's owner it does not exist", async () => {
    const site = await created();
    await service.as(other).get(`/v1/sites/${site.id}`).expect(404);
    await service.as(other).patch(`/v1/sites/${site.id}`).send({ areaM2: 1 }).expect(404);
    await service.as(other).post(`/v1/sites/${site.id}/milestones`).send({ command: 'close' }).expect(404);
    const list = await service.as(other).get('/v1/sites?limit=200').expect(200);
    expect(list.body.items.every((one: { operatorId: string }) => one.operatorId === other.operatorId)).toBe(
      true,
    );
  });

  it('is a manager of that site, not of another', async () => {
    const [mine, yours] = [await created(), await created()];
    const manager = service.as(aSiteManager(operatorId, [mine.id]));
    await manager.patch(`/v1/sites/${mine.id}`).send({ areaM2: 990 }).expect(200);
    await manager.get(`/v1/sites/${yours.id}`).expect(404);
    const list = await manager.get('/v1/sites').expect(200);
    expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
  });

  it('is the authority of its region', async () => {
    const site = await created();
    await service.as(anAuthority('310101')).get(`/v1/sites/${site.id}`).expect(200);
    await service.as(anAuthority('310104')).get(`/v1/sites/${site.id}`).expect(404);
    const suspend = { command: 'suspend', note: '消防整改' };
    await service.as(anAuthority('330106')).post(`/v1/sites/${site.id}/milestones`).send(suspend).expect(404);
    const { body } = await service
      .as(anAuthority('3101'))
      .post(`/v1/sites/${site.id}/milestones`)
      .send(suspend)
      .expect(201);
    expect(body).toMatchObject({ status: 'suspended', operatorId });
  });

  it('an authority plans sites in its region, for an operator that it names', async () => {
    const authority = service.as(anAuthority('310101'));
    const plan = aSite({ status: 'planned', operatorId });
    const key = newId();
    const { body } = await authority.post('/v1/sites').set('Idempotency-Key', key).send(plan).expect(201);
    expect(body).toMatchObject({ operatorId, status: 'planned' });
    const elsewhere = aSite({ operatorId, regionCode: '330106002001' });
    expect((await authority.post('/v1/sites').send(elsewhere).expect(403)).body.code).toBe(
      'region_not_yours',
    );
    expect((await authority.post('/v1/sites').send(aSite()).expect(422)).body.code).toBe('operator_missing');
    await authority.patch(`/v1/sites/${body.id}`).send({ regionCode: '330106002001' }).expect(403);
  });

  it('an administrator enters sites for any operator, an owner for no other', async () => {
    const named = aSite({ operatorId: other.operatorId });
    await service.as(anAdministrator()).post('/v1/sites').send(named).expect(201);
    expect((await service.as(owner).post('/v1/sites').send(named).expect(403)).body.code).toBe(
      'operator_not_yours',
    );
  });

  it('a front-end looks only', async () => {
    const frontEnd = service.as(aFrontEnd(operatorId));
    await frontEnd.get('/v1/sites').expect(200);
    await frontEnd.post('/v1/sites').send(aSite()).expect(403);
    await service.anonymous.get('/v1/sites').expect(401);
  });
});

describe('the list of sites', () => {
  it('is filtered and comes in pages', async () => {
    const lister = anOwner(newId());
    const ids: string[] = [];
    for (const spaceSource of ['supplement', 'convert', 'transfer', 'build_along', 'convert']) {
      ids.push((await created({ spaceSource, form: 'point', areaM2: 80 }, lister)).id);
    }
    const first = (await service.as(lister).get('/v1/sites?limit=3').expect(200)).body;
    const second = (await service.as(lister).get(`/v1/sites?limit=3&cursor=${first.nextCursor}`).expect(200))
      .body;
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    const count = async (query: string) =>
      (await service.as(lister).get(`/v1/sites?${query}`).expect(200)).body.items.length;
    expect(await count('spaceSource=convert')).toBe(2);
    expect(await count('regionCode=3101')).toBe(5);
    expect(await count('regionCode=33')).toBe(0);
    expect(await count('kind=meals')).toBe(0);
    await service.as(lister).post(`/v1/sites/${ids[0]}/offerings`).send(anOffering()).expect(201);
    expect(await count('kind=meals&limit=1')).toBe(1);
    expect(await count('form=complex')).toBe(0);
  });
});
