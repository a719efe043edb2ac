import { newId } from '@doorstep/kernel';
import { aFrontEnd } from '@doorstep/testing';
import type { BookingDto } from '../bookings/bookings.dto';
import { startWorld, type World } from '../testing/world.fixture';
import type { CarerGrantDto } from './carers.dto';

describe('carers', () => {
  let world: World;
  let offering: { offeringId: string };
  let sessionId: string;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
    offering = await world.open();
    sessionId = (await world.session(offering.offeringId)).sessionId;
  });
  afterAll(() => world.service.stop());

  const daughter = (): Promise<string> => world.resident({ name: '王小红', birthDate: '1980-02-02' });
  const grant = (residentId: string, body: object, caller = world.frontEnd) =>
    caller.post(`/v1/residents/${residentId}/carers`).send({ scopes: ['view', 'book', 'cancel'], ...body });
  const granted = async (residentId: string, body: object, caller = world.frontEnd): Promise<CarerGrantDto> =>
    (await grant(residentId, body, caller).expect(201)).body as CarerGrantDto;
  const path = (carerId: string, residentId: string): string =>
    `/v1/carers/${carerId}/residents/${residentId}/bookings`;
  const book = (carerId: string, residentId: string, caller = world.frontEnd) =>
    caller
      .post(path(carerId, residentId))
      .set('prefer', 'wait=0')
      .send({ offeringId: offering.offeringId, sessionId });
  const caredFor = async (carerId: string, caller = world.frontEnd): Promise<unknown[]> =>
    ((await caller.get(`/v1/carers/${carerId}/residents`).expect(200)).body as { items: unknown[] }).items;

  it('book, see and cancel for who entitled them; the booking says who booked', async () => {
    const [mother, carerId] = [await world.resident(), await daughter()];
    await granted(mother, { carerId });
    expect(await caredFor(carerId)).toEqual([
      {
        name: '王*',
        grant: expect.objectContaining({ residentId: mother, carerId, kind: 'resident', grantedBy: 'self' }),
      },
    ]);
    const { body } = await book(carerId, mother).expect(202);
    const booking = body as BookingDto;
    expect(booking).toMatchObject({ residentId: mother, bookedBy: carerId });
    expect(await world.booking(booking.id)).toMatchObject({ residentId: mother, bookedBy: carerId });
    const seen = await world.frontEnd.get(path(carerId, mother)).expect(200);
    expect((seen.body as { items: BookingDto[] }).items.map(({ id }) => id)).toEqual([booking.id]);
    const cancel = (resident: string) =>
      world.frontEnd
        .post(`${path(carerId, resident)}/${booking.id}/cancel`)
        .send({ reason: 'changed_plans' });
    await cancel(await world.resident()).expect(404);
    // Whoever speaks for the carer there: what another front-end holds is ended with its token.
    const elsewhere = (token?: string) => {
      const asked = world.service
        .as(aFrontEnd(world.operatorId))
        .post(`${path(carerId, mother)}/${booking.id}/cancel`)
        .send({ reason: 'changed_plans' });
      return token === undefined ? asked : asked.set('hold-token', token);
    };
    expect((await elsewhere().expect(403)).body).toMatchObject({ code: 'hold_of_other_client' });
    expect((await elsewhere('x').expect(403)).body).toMatchObject({ code: 'hold_token_wrong' });
    expect((await cancel(mother).expect(200)).body).toMatchObject({ status: 'cancelled' });
  });

  it('may do no more than was granted, only while it stands, and nothing after it is withdrawn', async () => {
    const [mother, carerId] = [await world.resident(), await daughter()];
    expect((await book(carerId, mother).expect(404)).body).toMatchObject({ code: 'resident_not_found' });
    const viewing = await granted(mother, { carerId, scopes: ['view'] });
    expect((await book(carerId, mother).expect(403)).body).toMatchObject({ code: 'not_granted' });
    expect((await grant(mother, { carerId }).expect(409)).body).toMatchObject({
      code: 'carer_granted_already',
    });
    const withdraw = () => world.owner.delete(`/v1/residents/${mother}/carers/${viewing.id}`);
    const { body: withdrawn } = await withdraw().expect(200);
    expect((await withdraw().expect(200)).body).toEqual(withdrawn);
    await world.frontEnd.get(path(carerId, mother)).expect(404);
    await granted(mother, { carerId, from: '2026-11-03T00:00:00Z', to: '2026-12-01T00:00:00Z' });
    expect(await caredFor(carerId)).toEqual([]);
    await book(carerId, mother).expect(404);
    const { body } = await world.owner.get(`/v1/residents/${mother}/carers`).expect(200);
    const { items } = body as { items: CarerGrantDto[] };
    expect(items.filter(({ withdrawnAt }) => withdrawnAt).map(({ id }) => id)).toEqual([viewing.id]);
    expect(items).toHaveLength(2);
  });

  it('cannot be withdrawn under a booking that is being made, and both end as one order of the two', async () => {
    const [mother, carerId] = [await world.resident(), await daughter()];
    const { id } = await granted(mother, { carerId });
    const [booked, withdrawn] = await Promise.all([
      book(carerId, mother),
      world.owner.delete(`/v1/residents/${mother}/carers/${id}`),
    ]);
    expect(withdrawn.status).toBe(200);
    expect([202, 404]).toContain(booked.status);
    await book(carerId, mother).expect(404);
  });

  it('as accounts are known to their own front-end alone', async () => {
    const [mother, accountId] = [await world.resident(), newId()];
    const other = world.service.as(aFrontEnd(world.operatorId, { id: newId() }));
    await granted(mother, { accountId });
    expect(await caredFor(accountId)).toHaveLength(1);
    expect(await caredFor(accountId, other)).toEqual([]);
    await book(accountId, mother, other).expect(404);
    expect((await grant(mother, { accountId: newId() }, world.owner).expect(422)).body).toMatchObject({
      code: 'account_of_front_end',
    });
  });

  it('of a child are entitled by its guardian; of another operator’s residents by nobody', async () => {
    const carerId = await daughter();
    const child = await world.resident({ birthDate: '2024-01-15', consents: [] });
    expect((await grant(child, { carerId }).expect(422)).body).toMatchObject({
      code: 'guardian_consent_required',
    });
    await granted(child, { carerId, grantedBy: 'guardian' });
    const stranger = world.service.as(aFrontEnd(newId()));
    await grant(child, { carerId, grantedBy: 'guardian' }, stranger).expect(404);
    expect(await caredFor(carerId, stranger)).toEqual([]);
  });

  it.each<[string, (mother: string) => object, number, string]>([
    ['oneself', (mother) => ({ carerId: mother }), 422, 'carer_is_resident'],
    ['nobody on record', () => ({ carerId: newId() }), 422, 'carer_unknown'],
    ['no one at all', () => ({}), 400, 'validation_failed'],
    ['two at once', () => ({ carerId: newId(), accountId: newId() }), 400, 'validation_failed'],
    ['a term that is over', () => ({ accountId: newId(), to: '2026-11-01T00:00:00Z' }), 422, 'term_empty'],
    ['a week for an instant', () => ({ accountId: newId(), from: '2026-W45-1' }), 400, 'validation_failed'],
    ['no scope', () => ({ accountId: newId(), scopes: [] }), 400, 'validation_failed'],
  ])('refuse %s', async (_what, body, status, code) => {
    const mother = await world.resident();
    expect((await grant(mother, body(mother)).expect(status)).body).toMatchObject({ code });
  });

  it('are exported with a person’s data and end with it', async () => {
    const [mother, carerId] = [await world.resident(), await daughter()];
    const { id } = await granted(mother, { carerId });
    const exported = await world.owner.get(`/v1/residents/${carerId}/export`).expect(200);
    expect(exported.body).toMatchObject({ carers: [expect.objectContaining({ id, residentId: mother })] });
    await world.owner.post(`/v1/residents/${carerId}/erase`).expect(200);
    await book(carerId, mother).expect(404);
  });
});
