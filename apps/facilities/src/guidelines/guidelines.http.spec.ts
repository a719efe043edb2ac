import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const clock = new FixedClock('2026-11-02T01:00:00Z');
const administrator = anAdministrator();
const city = anAuthority('3101');

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations, { clock });
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(administrator).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

const set = (code: string, body: object, actor = city) =>
  service
    .as(actor)
    .post(`/v1/regions/${code}/guidelines`)
    .send({ source: '沪民规〔2026〕3号', ...body });
const effective = async (code: string, on?: string) =>
  (
    await service
      .as(aFrontEnd(newId()))
      .get(`/v1/regions/${code}/guidelines/effective`)
      .query({ on })
      .expect(200)
  ).body;

describe("the country's guideline", () => {
  it('holds where no region says otherwise, since the day it was published', async () => {
    expect(await effective('310101')).toMatchObject({
      on: '2026-11-02',
      complexAreaMinM2: 600,
      areaPer100HouseholdsM2: 30,
    });
    expect(await effective('310101', '2020-01-01')).toMatchObject({ complexAreaMinM2: null });
    expect((await effective('310101', '2020-01-01')).childcareClasses).toHaveLength(3);
    expect((await effective('310101', '2000-01-01')).childcareClasses).toBeNull();
  });
});

describe("a city's own guideline", () => {
  it('holds from its day on, figure by figure, and warns its sites then', async () => {
    const { body } = await set('3101', { validFrom: '2027-01-01', complexAreaMinM2: 1000 }).expect(201);
    expect(body).toMatchObject({
      regionPrefix: '3101',
      validFrom: '2027-01-01',
      validTo: null,
      complexKindsMin: null,
    });
    expect(await effective('310101013', '2026-12-31')).toMatchObject({ complexAreaMinM2: 600 });
    expect(await effective('310101013', '2027-01-01')).toMatchObject({
      complexAreaMinM2: 1000,
      complexKindsMin: 3,
    });
    expect(await effective('330106', '2027-01-01')).toMatchObject({ complexAreaMinM2: 600 });
    const owner = service.as(anOwner(newId()));
    const site = await owner
      .post('/v1/sites')
      .send(aSite({ areaM2: 900 }))
      .expect(201);
    expect(site.body.warnings).toEqual([]);
    clock.set('2027-01-01T01:00:00Z');
    const later = await owner.get(`/v1/sites/${site.body.id}`).expect(200);
    expect(later.body.warnings).toMatchObject([{ code: 'complex_small' }]);
  });

  it('ends where the next one begins, and begins no sooner than today', async () => {
    await set('3101', { validFrom: '2027-06-01', complexAreaMinM2: 900 }).expect(201);
    await set('3101', { validFrom: '2027-03-01', complexAreaMinM2: 950 }).expect(201);
    const { body } = await service.as(city).get('/v1/regions/310101/guidelines').expect(200);
    const own = body.items.filter(({ regionPrefix }: { regionPrefix: string }) => regionPrefix === '3101');
    expect(
      own.map((rule: { validFrom: string; validTo: string | null }) => [rule.validFrom, rule.validTo]),
    ).toEqual([
      ['2027-01-01', '2027-03-01'],
      ['2027-03-01', '2027-06-01'],
      ['2027-06-01', null],
    ]);
    expect((await set('3101', { validFrom: '2027-06-01' }).expect(409)).body.code).toBe(
      'guideline_begins_already',
    );
    expect((await set('3101', { validFrom: '2026-12-31' }).expect(422)).body.code).toBe(
      'guideline_backdated',
    );
    const paged = await service.as(city).get('/v1/regions/310101/guidelines?limit=2').expect(200);
    expect(paged.body.items).toHaveLength(2);
    const rest = await service
      .as(city)
      .get(`/v1/regions/310101/guidelines?cursor=${paged.body.nextCursor}`)
      .expect(200);
    expect(rest.body.items).toHaveLength(3);
  });

  it('is set at once with others of other days', async () => {
    const days = ['2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01'];
    const answers = await Promise.all(
      [...days, days[1]].map((validFrom) => set('310101013', { validFrom, complexAreaMinM2: 5 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('guideline_begins_already');
    const { body } = await service.as(city).get('/v1/regions/310101013/guidelines').expect(200);
    const own = body.items.filter((rule: { regionPrefix: string }) => rule.regionPrefix === '310101013');
    expect(own.map((rule: { validTo: string | null }) => rule.validTo)).toEqual([...days.slice(1), null]);
  });

  it('is for the region itself or an administrator to set', async () => {
    const rule = { validFrom: '2027-02-01' };
    expect((await set('33', rule).expect(403)).body.code).toBe('region_not_yours');
    await set('33', rule, administrator).expect(201);
    await set('3101', rule, anOwner(newId())).expect(403);
    await set('310199', rule, administrator).expect(404);
  });

  it.each([
    ['less than the least', { complexAreaMinM2: 900, complexAreaBetterM2: 800 }, 422, 'complexAreaBetterM2'],
    ['no day', { validFrom: '2027-02-30' }, 422, 'validFrom'],
    [
      'a class of nobody',
      { childcareClasses: [{ ageMonthsMin: 9, ageMonthsMax: 9, groupMax: 5, staffRatioMax: 3 }] },
      422,
      'childcareClasses[0].ageMonthsMax',
    ],
    ['nothing for a class', { childcareClasses: [null] }, 400, 'childcareClasses'],
    ['half a square metre', { complexAreaMinM2: 0.5 }, 400, 'complexAreaMinM2'],
  ])('is refused: %s', async (_what, figures, status, field) => {
    const { body } = await set('310101', { validFrom: '2027-02-01', ...figures }).expect(status);
    expect(body.errors[0].field).toBe(field);
  });
});
