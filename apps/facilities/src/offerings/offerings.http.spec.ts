import { OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aCaregiver,
  anAdministrator,
  anAuthority,
  anOwner,
  aSiteManager,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
let siteId: string;
const operatorId = newId();
const owner = anOwner(operatorId);

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations);
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
  siteId = (await service.as(owner).post('/v1/sites').send(aSite()).expect(201)).body.id;
});
afterAll(() => service.stop());

const post = (changes: Record<string, unknown> = {}, actor = owner) =>
  service.as(actor).post(`/v1/sites/${siteId}/offerings`).send(anOffering(changes));
const patch = (id: string, body: Record<string, unknown>) =>
  service.as(owner).patch(`/v1/offerings/${id}`).send(body);
const aSpace = async (body: Record<string, unknown>) =>
  (
    await service
      .as(owner)
      .post(`/v1/sites/${siteId}/spaces`)
      .send({ kind: 'court', capacity: 4, ...body })
      .expect(201)
  ).body;
const snapshotsOf = async (offeringId: string) =>
  (await service.told(OfferingSnapshot)).filter((one) => one.offeringId === offeringId);

describe('entering an offering', () => {
  it('answers with the whole of it and tells it', async () => {
    const { body } = await post().expect(201);
    expect(body).toMatchObject({
      operatorId,
      siteId,
      kind: 'meals',
      capacity: 30,
      staffRatio: null,
      skills: [],
      leadMinutes: 0,
      cutoffMinutes: 60,
      active: true,
      version: 1,
      warnings: [],
    });
    const [snapshot] = await snapshotsOf(body.id);
    expect(snapshot).toMatchObject({
      siteId,
      nameZh: '社区午餐',
      nameEn: 'Community lunch',
      active: true,
      version: 1,
    });
    expect(snapshot).not.toHaveProperty('spaceId');
    expect((await service.as(owner).get(`/v1/offerings/${body.id}`).expect(200)).body).toEqual(body);
  });

  it('tells the licences that it needs besides those of its kind', async () => {
    const { body } = await post({ licences: ['food_business'] }).expect(201);
    expect(body.licences).toEqual(['food_business']);
    const { body: kept } = await patch(body.id, { capacity: 20 }).expect(200);
    expect(kept.licences).toEqual(['food_business']);
    expect((await snapshotsOf(body.id)).map(({ licences }) => licences)).toEqual([
      ['food_business'],
      ['food_business'],
    ]);
    await patch(body.id, { licences: ['Food'] }).expect(400);
  });

  it('warns when childcare has more children than the standard likes', async () => {
    const care = {
      kind: 'childcare',
      mode: 'timed',
      capacityModel: 'places',
      capacity: 18,
      staffRatio: 5,
      staffCount: 4,
      ageMonthsMin: 12,
      ageMonthsMax: 24,
    };
    const { body } = await post(care).expect(201);
    expect(body.warnings.map(({ code }: { code: string }) => code)).toEqual(['childcare_group_large']);
  });

  it('with the same Idempotency-Key makes one', async () => {
    const key = newId();
    const body = anOffering();
    const send = () =>
      service
        .as(owner)
        .post(`/v1/sites/${siteId}/offerings`)
        .set('Idempotency-Key', key)
        .send(body)
        .expect(201);
    expect((await send()).body).toEqual((await send()).body);
  });

  it('under a code of the site is a conflict', async () => {
    const { body } = await post().expect(201);
    expect((await post({ code: body.code }).expect(409)).body.code).toBe('offering_code_taken');
  });
});

describe('an offering that cannot be', () => {
  it.each([
    ['of no kind', { kind: 'teleportation' }, 422, 'kind'],
    ['childcare as a sitting', { kind: 'childcare' }, 422, 'mode'],
    ['of no mode', { mode: 'sometimes' }, 400, 'mode'],
    ['for nobody', { capacity: 0 }, 400, 'capacity'],
    ['at nothing', { schedule: [null] }, 400, 'schedule'],
    ['never', { schedule: [] }, 400, 'schedule'],
    ['at no time', { schedule: [{ weekday: 1, starts: 'noon', ends: '13:00' }] }, 400, 'schedule[0].starts'],
    [
      'while the site is closed',
      { schedule: [{ weekday: 1, starts: '20:00', ends: '21:00' }] },
      422,
      'schedule[0]',
    ],
    [
      'in slots that do not fit',
      { schedule: [{ weekday: 1, starts: '11:00', ends: '12:30', slotMinutes: 40 }] },
      422,
      'schedule[0].slotMinutes',
    ],
    ['exclusive for many', { capacityModel: 'exclusive' }, 422, 'capacity'],
    ['by anybody', { capacityModel: 'caregiver' }, 422, 'skills'],
    ['in no space', { spaceId: newId() }, 422, 'spaceId'],
    ['of a field nobody knows', { price: 5 }, 400, 'price'],
  ])('%s', async (_what, changes, status, field) => {
    const { body } = await post(changes).expect(status);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });
});

describe('changing an offering', () => {
  it('merges, checks the whole and tells it', async () => {
    const { body } = await post({ ageMonthsMin: 12, ageMonthsMax: 24 }).expect(201);
    expect((await patch(body.id, { ageMonthsMax: 6 }).expect(422)).body.errors[0].field).toBe('ageMonthsMax');
    const changed = (await patch(body.id, { ageMonthsMin: null, capacity: 20, version: 1 }).expect(200)).body;
    expect(changed).toMatchObject({
      ageMonthsMin: null,
      ageMonthsMax: 24,
      capacity: 20,
      version: 2,
      code: body.code,
    });
    const told = await snapshotsOf(body.id);
    expect(told.map(({ version, capacity }) => [version, capacity])).toEqual([
      [1, 30],
      [2, 20],
    ]);
    expect((await patch(body.id, { capacity: 10, version: 1 }).expect(409)).body.code).toBe(
      'version_outdated',
    );
    await patch(body.id, { capacity: null }).expect(400);
  });

  it('takes it off, even when it would not fit any more', async () => {
    const { body } = await post().expect(201);
    await service.db.query(`UPDATE service_kind SET active = false WHERE code = 'meals'`);
    expect((await patch(body.id, { capacity: 5 }).expect(422)).body.errors[0].field).toBe('kind');
    expect((await patch(body.id, { active: false }).expect(200)).body).toMatchObject({
      active: false,
      version: 2,
    });
    const nowhere = await patch(body.id, { spaceId: newId() }).expect(422);
    expect(nowhere.body.errors[0].field).toBe('spaceId');
    await service.db.query(`UPDATE service_kind SET active = true WHERE code = 'meals'`);
    expect((await snapshotsOf(body.id)).at(-1)).toMatchObject({ active: false });
  });
});

describe('offerings in spaces that are part of each other', () => {
  it('say which spaces they block, anew when the tree changes', async () => {
    const hall = await aSpace({ name: '大厅', kind: 'hall', capacity: 100 });
    const court = await aSpace({ name: '一号场', parentId: hall.id });
    const sport = {
      kind: 'sports',
      capacityModel: 'exclusive',
      capacity: 1,
      schedule: [{ weekday: 1, starts: '14:00', ends: '18:00', slotMinutes: 60 }],
    };
    const onCourt = (await post({ ...sport, spaceId: court.id }).expect(201)).body;
    const inHall = (await post({ ...sport, spaceId: hall.id }).expect(201)).body;
    const second = await aSpace({ name: '二号场', parentId: hall.id });
    const [courtOffering, hallOffering] = [await snapshotsOf(onCourt.id), await snapshotsOf(inHall.id)];
    expect(courtOffering.at(-1)?.blockedSpaceIds).toEqual([court.id, hall.id].sort());
    expect(hallOffering.at(-1)).toMatchObject({
      version: 2,
      blockedSpaceIds: [court.id, hall.id, second.id].sort(),
    });
    await service
      .as(owner)
      .patch(`/v1/sites/${siteId}/spaces/${court.id}`)
      .send({ parentId: null })
      .expect(200);
    expect((await snapshotsOf(onCourt.id)).at(-1)?.blockedSpaceIds).toEqual([court.id]);
    expect((await snapshotsOf(inHall.id)).at(-1)?.blockedSpaceIds).toEqual([hall.id, second.id].sort());
  });

  it('keep a space in use from going or shrinking', async () => {
    const room = await aSpace({ name: '活动室', kind: 'room', capacity: 30 });
    await post({ spaceId: room.id }).expect(201);
    const change = (body: object) =>
      service.as(owner).patch(`/v1/sites/${siteId}/spaces/${room.id}`).send(body);
    expect((await change({ active: false }).expect(409)).body.code).toBe('space_in_use');
    expect((await change({ capacity: 29 }).expect(409)).body.code).toBe('space_in_use');
    await change({ capacity: 31, name: '大活动室' }).expect(200);
    const wing = await aSpace({ name: '东翼', kind: 'room' });
    await change({ parentId: wing.id }).expect(200);
    const path = `/v1/sites/${siteId}/spaces/${wing.id}`;
    const { body } = await service.as(owner).patch(path).send({ active: false }).expect(409);
    expect(body.code).toBe('space_in_use');
  });

  it('are refused names twice, and parents that go round', async () => {
    const top = await aSpace({ name: '一楼' });
    const inner = await aSpace({ name: '东厢', parentId: top.id });
    const path = `/v1/sites/${siteId}/spaces`;
    const again = { name: '一楼', kind: 'room', capacity: 1 };
    expect((await service.as(owner).post(path).send(again).expect(409)).body.code).toBe('space_name_taken');
    const round = await service.as(owner).patch(`${path}/${top.id}`).send({ parentId: inner.id }).expect(422);
    expect(round.body.code).toBe('space_in_itself');
    await service.as(owner).patch(`${path}/${newId()}`).send({ capacity: 2 }).expect(404);
    const list = await service.as(owner).get(`${path}?active=true&limit=200`).expect(200);
    expect(list.body.items.map(({ name }: { name: string }) => name)).toContain('东厢');
  });
});

describe('who sees and changes offerings', () => {
  it('is their tenant, their site, their region', async () => {
    const { body } = await post().expect(201);
    const stranger = service.as(anOwner(newId()));
    await stranger.get(`/v1/offerings/${body.id}`).expect(404);
    await stranger.patch(`/v1/offerings/${body.id}`).send({ capacity: 1 }).expect(404);
    await stranger.post(`/v1/sites/${siteId}/offerings`).send(anOffering()).expect(404);
    await stranger
      .post(`/v1/sites/${siteId}/spaces`)
      .send({ name: 'x', kind: 'room', capacity: 1 })
      .expect(404);
    await stranger.get(`/v1/sites/${siteId}/offerings`).expect(404);
    expect((await stranger.get('/v1/offerings').expect(200)).body.items).toEqual([]);
    await service
      .as(aSiteManager(operatorId, [siteId]))
      .patch(`/v1/offerings/${body.id}`)
      .send({ capacity: 9 })
      .expect(200);
    await service
      .as(aSiteManager(operatorId, [newId()]))
      .get(`/v1/offerings/${body.id}`)
      .expect(404);
    await service
      .as(aCaregiver(operatorId, [siteId]))
      .patch(`/v1/offerings/${body.id}`)
      .send({})
      .expect(403);
    await service.as(anAuthority('31')).get(`/v1/offerings/${body.id}`).expect(200);
    await service.as(anAuthority('33')).get(`/v1/offerings/${body.id}`).expect(404);
  });

  it('lists by kind, mode and state', async () => {
    const count = async (query: string) =>
      (await service.as(owner).get(`/v1/offerings?limit=200&${query}`).expect(200)).body.items.length;
    expect(await count('kind=childcare')).toBe(1);
    expect(await count('mode=timed')).toBe(1);
    expect(await count('active=false')).toBe(1);
    expect(await count(`siteId=${siteId}&regionCode=3101&kind=sports`)).toBe(2);
    await service.as(owner).get(`/v1/offerings?siteId=${newId()}`).expect(404);
  });
});
