import type { BookingDto } from '../bookings/bookings.dto';
import type { World } from '../testing/world.fixture';
import type { WaitingEntryDto } from './waiting.dto';

/** What specs do with waiting lists. */
export function waitingLists(world: World) {
  /** A lunch with so many seats, all of them booked by as many people. */
  const full = async (seats: number) => {
    const lunch = await world.open({ capacity: seats });
    const { sessionId } = await world.session(lunch.offeringId);
    const bookings: BookingDto[] = [];
    for (const resident of await world.crowd(seats)) {
      bookings.push((await world.book(lunch, sessionId, resident).expect(202)).body as BookingDto);
    }
    await world.service.deliver(...bookings.map((booking) => world.authorised(booking)));
    return { lunch, sessionId, bookings };
  };
  const join = (
    sessionId: string,
    residentId: string,
    more: Record<string, unknown> = {},
    as = world.owner,
  ) => as.post(`/v1/sessions/${sessionId}/waiting`).send({ residentId, ...more });
  const waits = async (sessionId: string, more: Record<string, unknown> = {}) => {
    const [resident] = await world.crowd(1);
    return (await join(sessionId, resident ?? '', more).expect(201)).body as WaitingEntryDto;
  };
  const entries = async (sessionId: string): Promise<WaitingEntryDto[]> => {
    const { body } = await world.owner.get(`/v1/sessions/${sessionId}/waiting`).expect(200);
    return (body as { items: WaitingEntryDto[] }).items;
  };
  /** So many more who wait as an entry does, straight into the tables; with their consent or without. */
  const crowdBehind = async (entryId: string, count: number, consent = true): Promise<void> => {
    const residents = await world.crowd(count);
    await world.service.db.query(
      `INSERT INTO waiting_entry (id, operator_id, site_id, offering_id, session_id, resident_id, party_size, priority,
                                  status, joined_at)
       SELECT uuidv7(), w.operator_id, w.site_id, w.offering_id, w.session_id, r.id, w.party_size, w.priority, 'waiting',
              w.joined_at
       FROM waiting_entry w, unnest($2::uuid[]) AS r (id) WHERE w.id = $1`,
      [entryId, residents],
    );
    if (!consent)
      await world.service.db.query(`DELETE FROM consent WHERE resident_id = ANY ($1::uuid[])`, [residents]);
  };
  const everyEntry = async (sessionId: string): Promise<Pick<WaitingEntryDto, 'id' | 'status'>[]> => {
    const { rows } = await world.service.db.query<Pick<WaitingEntryDto, 'id' | 'status'>>(
      `SELECT id, status FROM waiting_entry WHERE session_id = $1`,
      [sessionId],
    );
    return rows;
  };
  const statuses = async (sessionId: string) => (await entries(sessionId)).map(({ status }) => status);
  const cancel = (id: string | undefined) =>
    world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'changed_plans' }).expect(200);
  const answer = (verb: 'accept' | 'decline', id: string | undefined) =>
    world.frontEnd.post(`/v1/bookings/${id}/${verb}`).set('prefer', 'wait=0');
  return { full, join, waits, entries, crowdBehind, everyEntry, statuses, cancel, answer };
}
