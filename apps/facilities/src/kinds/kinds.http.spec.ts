import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anAdministrator,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
const administrator = anAdministrator();

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(administrator).post('/v1/regions/import').send(body).expect(200);
});
afterAll(() => service.stop());

const aKind = (changes: Record<string, unknown> = {}) => ({
  code: 'pet_care',
  name: { zh: '宠物照看', en: 'Pet care' },
  urgentAndScarce: false,
  ...changes,
});
const kindsOf = async (query = '') => {
  const { body } = await service.as(aFrontEnd(newId())).get(`/v1/kinds${query}`).expect(200);
  return body.items.map(({ code }: { code: string }) => code) as string[];
};

describe('the kinds of service', () => {
  it('are the eight of the plan and the ninth, four of them urgent and scarce', async () => {
    const { body } = await service.as(aFrontEnd(newId())).get('/v1/kinds').expect(200);
    expect(body.items).toHaveLength(9);
    expect(body.items[0]).toEqual({
      code: 'elderly_care',
      name: { zh: '养老', en: 'Elderly care' },
      urgentAndScarce: true,
      regionCode: null,
      modes: [],
      active: true,
    });
    const scarce = body.items.filter((kind: { urgentAndScarce: boolean }) => kind.urgentAndScarce);
    expect(scarce.map(({ code }: { code: string }) => code)).toEqual([
      'elderly_care',
      'childcare',
      'meals',
      'after_school',
    ]);
  });

  it("grow by a city's own, which other cities don't offer", async () => {
    await service
      .as(anAuthority('3101'))
      .post('/v1/kinds')
      .send(aKind({ regionCode: '3101' }))
      .expect(201);
    expect(await kindsOf('?regionCode=310101')).toContain('pet_care');
    expect(await kindsOf('?regionCode=330106')).not.toContain('pet_care');
    const owner = service.as(anOwner(newId()));
    const offer = async (regionCode: string) => {
      const site = await owner.post('/v1/sites').send(aSite({ regionCode })).expect(201);
      return owner.post(`/v1/sites/${site.body.id}/offerings`).send(anOffering({ kind: 'pet_care' }));
    };
    expect((await offer('310101013001')).status).toBe(201);
    expect((await offer('330106002001')).body).toMatchObject({ status: 422, code: 'offering_invalid' });
  });

  it("are not an authority's to set for the country, nor to take over", async () => {
    const authority = service.as(anAuthority('3101'));
    expect((await authority.post('/v1/kinds').send(aKind()).expect(403)).body.code).toBe('kind_not_yours');
    const takeover = aKind({ code: 'meals', regionCode: '3101' });
    expect((await authority.post('/v1/kinds').send(takeover).expect(403)).body.code).toBe('kind_not_yours');
    await service.as(anOwner(newId())).post('/v1/kinds').send(aKind()).expect(403);
  });

  it('are changed by an administrator', async () => {
    const changed = aKind({ code: 'library', place: 1, active: false });
    await service.as(administrator).post('/v1/kinds').send(changed).expect(201);
    expect((await kindsOf()).slice(0, 2)).toEqual(['elderly_care', 'library']);
    expect(await kindsOf('?limit=1')).toEqual(['elderly_care']);
    const fresh = () =>
      service
        .as(administrator)
        .post('/v1/kinds')
        .send(aKind({ code: 'at_once' }));
    expect((await Promise.all([1, 2, 3, 4].map(fresh))).map(({ status }) => status)).toEqual(
      Array(4).fill(201),
    );
  });

  it.each([
    ['in one language', { name: { zh: '宠物' } }, 422, 'name.en'],
    ['of a code that is none', { code: 'Pet Care' }, 400, 'code'],
    ['of a mode that is none', { modes: ['never'] }, 400, 'modes'],
    ['of an unknown region', { regionCode: '99' }, 422, 'regionCode'],
  ])('are refused %s', async (_what, changes, status, field) => {
    const { body } = await service.as(administrator).post('/v1/kinds').send(aKind(changes)).expect(status);
    expect(body.errors[0].field).toBe(field);
  });
});
