import { ResidentSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner, aSiteManager } from '@doorstep/testing';
import { COMMUNITY } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { ResidentDto, ResidentExportDto } from './residents.view.dto';

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

  describe('export and erasure', () => {
    it('give a person all that is held, then destroy what could tell who they are', async () => {
      const lunch = await world.open();
      const { sessionId } = await world.session(lunch.offeringId);
      const { id } = await register({ ...withoutId, email: undefined });
      const booked = await world.book(lunch, sessionId, id, { note: 'diabetic' }).expect(202);
      const bookingId = (booked.body as { id: string }).id;
      expect((await world.owner.get(`/v1/bookings/${bookingId}`)).body).toMatchObject({ note: 'diabetic' });

      const exported = (await world.owner.get(`/v1/residents/${id}/export`).expect(200))
        .body as ResidentExportDto;
      expect(exported.resident).toMatchObject({ name: '王小芳', birthDate: '1949-12-31', view: 'full' });
      expect(exported.bookings).toEqual([expect.objectContaining({ id: bookingId, note: 'diabetic' })]);
      expect(exported.accesses).toEqual([expect.objectContaining({ action: 'export' })]);

      const erase = () => world.owner.post(`/v1/residents/${id}/erase`);
      expect((await erase().expect(409)).body).toMatchObject({
        code: 'bookings_stand',
        details: { standing: 1 },
      });
      await world.owner.post(`/v1/bookings/${bookingId}/cancel`).send({ reason: 'erasure' }).expect(200);
      const erased = (await erase().expect(200)).body as ResidentDto;
      expect(erased).toMatchObject({ erased: true, consents: [], birthYear: 1949 });
      expect(erased.name).toBeUndefined();
      expect((await erase().expect(410)).body).toMatchObject({ code: 'resident_erased' });

      expect((await world.owner.get(`/v1/bookings/${bookingId}`).expect(200)).body).toMatchObject({
        residentId: id,
        status: 'cancelled',
      });
      const { rows } = await world.service.db.query(
        `SELECT (SELECT count(*)::int FROM resident_key WHERE resident_id = $1) AS keys, sealed, mobile_index,
                birth_date::text FROM resident WHERE id = $1`,
        [id],
      );
      expect(rows).toEqual([{ keys: 0, sealed: null, mobile_index: null, birth_date: '1949-01-01' }]);
      const last = (await snapshots(id)).at(-1);
      expect(last).toMatchObject({ erased: true, birthDate: '1949-01-01', hardship: false });
      expect(last?.contact).toBeUndefined();
      const again = await world.book(lunch, sessionId, id).expect(409);
      expect(again.body).toMatchObject({ code: 'resident_erased' });
    });

    it('are for owners', async () => {
      const { id } = await register({ ...withoutId, mobile: undefined });
      const manager = world.service.as(aSiteManager(world.operatorId, [newId()]));
      await manager.get(`/v1/residents/${id}/export`).expect(403);
      await manager.post(`/v1/residents/${id}/erase`).expect(403);
      await world.service.as(anOwner(newId())).get(`/v1/residents/${id}`).expect(404);
    });
  });
});
