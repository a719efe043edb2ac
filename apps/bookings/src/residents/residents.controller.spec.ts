import { ResidentSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anAuditor, aFrontEnd, anOwner } from '@doorstep/testing';
import { COMMUNITY } from '../testing/neighbours.fixture';
import { KEYS, startWorld, type World } from '../testing/world.fixture';
import { keyFromBase64, unseal } from './sealing';
import type { ResidentDto } from './residents.view.dto';

const WANG = {
  name: '王小芳',
  mobile: '13800138000',
  idNumber: '11010519491231002X',
  email: 'wang@example.cn',
  address: '上海市黄浦区人民大道200号',
  birthDate: '1949-12-31',
  regionCode: COMMUNITY,
  attributes: { careLevel: 'moderate', careLevelAssessedOn: '2026-03-01', hardship: true },
  consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }, { purpose: 'notifications' }],
};

describe('residents', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  const register = async (body: Record<string, unknown>): Promise<ResidentDto> =>
    (await world.frontEnd.post('/v1/residents').send(body).expect(201)).body as ResidentDto;
  const withoutId = { ...WANG, idNumber: undefined };
  const snapshots = async (id: string): Promise<ResidentSnapshot[]> =>
    (await world.service.told(ResidentSnapshot)).filter(({ residentId }) => residentId === id);

  describe('when registered', () => {
    let wang: ResidentDto;
    beforeAll(async () => {
      wang = await register(WANG);
    });

    it('are shown masked', () => {
      expect(wang).toMatchObject({
        view: 'masked',
        name: '王**',
        mobile: '138****8000',
        idNumber: '110105********002X',
        email: 'w***@example.cn',
        address: '上海市黄浦区****',
        birthYear: 1949,
        attributes: { careLevel: 'moderate', hardship: true, disability: false },
        version: 1,
      });
      expect(wang.birthDate).toBeUndefined();
      expect(wang.consents.map(({ purpose }) => purpose)).toEqual(['booking', 'notifications', 'subsidy']);
    });

    it('leave nothing readable in the database, not even in remembered answers', async () => {
      await world.frontEnd
        .post('/v1/residents')
        .set('idempotency-key', newId())
        .send({ ...withoutId, name: '李无名', mobile: '13911112222' })
        .expect(201);
      const { rows: tables } = await world.service.db.query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
      );
      for (const { name } of tables) {
        const { rows } = await world.service.db.query<{ text: string }>(`SELECT t::text FROM "${name}" t`);
        const everything = rows.map((row) => Object.values(row).join()).join('\n');
        for (const secret of [
          '王小芳',
          '13800138000',
          '11010519491231002X',
          '李无名',
          '13911112222',
          '人民大道',
        ]) {
          expect({ name, secret, found: everything.includes(secret) }).toEqual({
            name,
            secret,
            found: false,
          });
        }
      }
    });

    it('are told under their pseudonym, with contact data that only the contact key opens', async () => {
      const [snapshot] = await snapshots(wang.id);
      expect(snapshot).toMatchObject({
        birthDate: '1949-12-31',
        careLevel: 'moderate',
        subsidyConsent: true,
        notificationConsent: true,
        erased: false,
        version: 1,
      });
      const { wrappedKey, sealed } = snapshot?.contact ?? { wrappedKey: '', sealed: '' };
      const key = unseal(keyFromBase64(KEYS.CONTACT_KEY), Buffer.from(wrappedKey, 'base64'));
      expect(JSON.parse(unseal(key, Buffer.from(sealed, 'base64')).toString('utf8'))).toEqual({
        name: '王小芳',
        mobile: '13800138000',
        email: 'wang@example.cn',
      });
    });

    it('are found by their numbers within the operator alone', async () => {
      const find = async (caller: World['owner'], body: object) =>
        ((await caller.post('/v1/residents/look-up').send(body).expect(200)).body as { items: ResidentDto[] })
          .items;
      expect((await find(world.owner, { mobile: '13800138000' })).map(({ id }) => id)).toContain(wang.id);
      expect((await find(world.owner, { idNumber: '11010519491231002x' })).map(({ id }) => id)).toEqual([
        wang.id,
      ]);
      expect(await find(world.owner, { mobile: '13800138001' })).toEqual([]);
      expect(await find(world.service.as(anOwner(newId())), { mobile: '13800138000' })).toEqual([]);
      await world.owner.post('/v1/residents/look-up').send({}).expect(400);
    });

    it('are registered once by citizen number, also when two ask at the same moment', async () => {
      const { body } = await world.frontEnd.post('/v1/residents').send(WANG).expect(409);
      expect(body).toMatchObject({ code: 'resident_exists', details: { residentId: wang.id } });
      const same = { ...WANG, idNumber: '310101200001010018', birthDate: '2000-01-01' };
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => world.frontEnd.post('/v1/residents').send(same)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      const elsewhere = world.service.as(aFrontEnd(newId()));
      await elsewhere.post('/v1/residents').send(WANG).expect(201);
    });

    it('are unmasked for who may, and each view is logged with who and when', async () => {
      const { body } = await world.owner.get(`/v1/residents/${wang.id}?view=full`).expect(200);
      expect(body).toMatchObject({
        ...WANG,
        attributes: expect.any(Object),
        consents: expect.any(Array),
        view: 'full',
      });
      const refused = await world.frontEnd.get(`/v1/residents/${wang.id}?view=full`).expect(403);
      expect(refused.body).toMatchObject({
        code: 'not_allowed',
        details: { permission: 'residents:read-full' },
      });
      const auditor = world.service.as(anAuditor(world.operatorId));
      const log = await auditor.get(`/v1/residents/${wang.id}/accesses`).expect(200);
      expect((log.body as { items: unknown[] }).items).toEqual([
        expect.objectContaining({ action: 'view_full', actorKind: 'person', at: '2026-11-02T01:00:00.000Z' }),
      ]);
    });

    it('change by what is given, and tell it', async () => {
      const change = (body: object) => world.owner.patch(`/v1/residents/${wang.id}`).send(body);
      const { body } = await change({
        mobile: '13900139000',
        address: '',
        attributes: { careLevel: 'severe' },
      }).expect(200);
      expect(body).toMatchObject({ mobile: '139****9000', name: '王**', version: 2 });
      expect((body as ResidentDto).address).toBeUndefined();
      expect((body as ResidentDto).attributes).toMatchObject({ careLevel: 'severe', hardship: true });
      expect((await change({ birthDate: '1949-12-30' }).expect(422)).body).toMatchObject({
        code: 'birth_date_mismatch',
      });
      expect((await change({ name: '王芳', version: 1 }).expect(409)).body).toMatchObject({
        code: 'version_changed',
      });
      expect((await snapshots(wang.id)).map(({ version, careLevel }) => [version, careLevel])).toEqual([
        [1, 'moderate'],
        [2, 'severe'],
      ]);
      await change({ attributes: { registeredIn: '320501' } }).expect(200);
      const registered = { registration: 'non_local', registeredIn: '320501' };
      expect((await snapshots(wang.id)).at(-1)).toMatchObject({ ...registered, careLevel: 'severe' });
      const moved = await change({ regionCode: '320502001' }).expect(200);
      expect((moved.body as ResidentDto).attributes).toMatchObject({ ...registered, registration: 'local' });
    });
  });

  describe('consent', () => {
    it('is withdrawn per purpose, told, and given again', async () => {
      const { id } = await register(withoutId);
      const withdraw = (purpose: string) => world.frontEnd.delete(`/v1/residents/${id}/consents/${purpose}`);
      await withdraw('notifications').expect(200);
      expect((await withdraw('notifications').expect(409)).body).toMatchObject({ code: 'consent_not_given' });
      await withdraw('everything').expect(400);
      await world.frontEnd
        .post(`/v1/residents/${id}/consents`)
        .send({ purpose: 'notifications' })
        .expect(201);
      await world.frontEnd
        .post(`/v1/residents/${id}/consents`)
        .send({ purpose: 'notifications' })
        .expect(201);
      const told = await snapshots(id);
      expect(
        told.map(({ version, notificationConsent, contact }) => [version, notificationConsent, !!contact]),
      ).toEqual([
        [1, true, true],
        [2, false, false],
        [3, true, true],
      ]);
    });

    it('for a child under 14 is the guardian’s', async () => {
      const { body: household } = await world.frontEnd
        .post('/v1/households')
        .send({ regionCode: COMMUNITY })
        .expect(201);
      const householdId = (household as { id: string }).id;
      const child = { name: '王宝', birthDate: '2024-01-15', regionCode: COMMUNITY, householdId };
      const asked = (grantedBy?: string) =>
        world.frontEnd
          .post('/v1/residents')
          .send({ ...child, consents: [{ purpose: 'booking', grantedBy }] });
      expect((await asked().expect(422)).body).toMatchObject({ code: 'guardian_consent_required' });
      expect((await asked(newId()).expect(422)).body).toMatchObject({ code: 'guardian_unknown' });
      const mother = await register({
        ...withoutId,
        birthDate: '1995-01-01',
        householdId,
        mobile: undefined,
      });
      const { body } = await asked(mother.id).expect(201);
      expect((body as ResidentDto).consents).toEqual([expect.objectContaining({ grantedBy: mother.id })]);
      const seen = await world.frontEnd.get(`/v1/households/${householdId}`).expect(200);
      expect((seen.body as { residentIds: string[] }).residentIds.sort()).toEqual(
        [mother.id, (body as ResidentDto).id].sort(),
      );
    });
  });

  describe('what is refused', () => {
    it.each([
      ['a day that is none', { birthDate: '2026-02-30' }, 400, 'validation_failed'],
      ['a birth in the future', { birthDate: '2026-11-03', consents: [] }, 422, 'birth_date_in_future'],
      [
        'an id number with a wrong check',
        { ...WANG, idNumber: '110105194912310021' },
        422,
        'id_number_invalid',
      ],
      ['an unknown household', { householdId: newId() }, 404, 'household_not_found'],
      ['a region of six digits', { regionCode: '310101' }, 400, 'validation_failed'],
      [
        'an assessment without a level',
        { attributes: { careLevelAssessedOn: '2026-01-01' } },
        422,
        'care_level_missing',
      ],
      [
        'the same consent twice',
        { consents: [{ purpose: 'booking' }, { purpose: 'booking' }] },
        400,
        'validation_failed',
      ],
    ])('%s', async (_what, changes, status, code) => {
      const { body } = await world.frontEnd
        .post('/v1/residents')
        .send({ ...withoutId, ...changes })
        .expect(status);
      expect(body).toMatchObject({ code });
    });
  });
});
