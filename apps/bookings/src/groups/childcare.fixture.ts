import { newId } from '@doorstep/kernel';
import type { Caller } from '@doorstep/testing';
import type { OfferingSnapshot } from '@doorstep/contracts';
import type { DayRecordDto } from '../attendance/attendance.dto';
import type { AttendanceSheetDto } from '../attendance/months.dto';
import type { ApplicationDto } from '../enrolment/applications.dto';
import type { PlacementDto } from '../placements/placements.dto';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { CareGroupDto, GroupDayDto } from './groups.dto';

export const WHOLE_WEEK = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'day' }));
export const MORNINGS = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'morning' }));
export const HEALTHY = { temperature: 36.5, symptoms: [] };
/** Sixteen months old on 2026-11-02. */
export const TODDLER_BORN = '2025-07-01';

/**
 * Asks as a client does: when everybody asks at once on a busy machine, some are told 503 because no connection is free in
 * time, and ask again.
 */
export async function answered<A extends { status: number }>(ask: () => PromiseLike<A>): Promise<A> {
  for (let again = 0; again < 10; again++) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
  }
  return ask();
}

/** A nursery on a running service: what specs of childcare stand on. */
export class Nursery {
  readonly owner: Caller;
  readonly frontEnd: Caller;

  constructor(
    readonly world: World,
    readonly offering: OfferingSnapshot,
  ) {
    this.owner = world.owner;
    this.frontEnd = world.frontEnd;
  }

  async group(changes: Record<string, unknown> = {}): Promise<CareGroupDto> {
    const { body } = await this.owner
      .post('/v1/care-groups')
      .send({
        offeringId: this.offering.offeringId,
        name: `班${newId().slice(-6)}`,
        ageClass: 'toddler',
        opensAt: '08:00',
        noonAt: '12:00',
        closesAt: '17:30',
        from: '2026-11-02',
        places: 15,
        staff: 3,
        ...changes,
      })
      .expect(201);
    return body as CareGroupDto;
  }

  child(birthDate = TODDLER_BORN, consents: unknown[] = [{ purpose: 'booking', grantedBy: 'guardian' }]) {
    return this.world.resident({ name: '王小宝', birthDate, consents });
  }

  /** Many children at once, straight into the tables. */
  async children(count: number, birthDate = TODDLER_BORN): Promise<string[]> {
    const ids = await this.world.crowd(count);
    const { db } = this.world.service;
    await db.query(`UPDATE resident SET birth_date = $2 WHERE id = ANY ($1::uuid[])`, [ids, birthDate]);
    await db.query(`UPDATE consent SET granted_by = 'guardian' WHERE resident_id = ANY ($1::uuid[])`, [ids]);
    return ids;
  }

  applyRaw(residentId: string, more: Record<string, unknown> = {}, as = this.frontEnd) {
    return as.post('/v1/childcare-applications').send({
      offeringId: this.offering.offeringId,
      residentId,
      mode: 'full_day',
      pattern: WHOLE_WEEK,
      wishedStart: '2026-11-02',
      dueOn: '2026-12-31',
      ...more,
    });
  }

  async apply(
    residentId: string,
    more: Record<string, unknown> = {},
    as = this.frontEnd,
  ): Promise<ApplicationDto> {
    return (await this.applyRaw(residentId, more, as).expect(201)).body as ApplicationDto;
  }

  /** So many more children who wait on the terms of an application, straight into the tables. */
  async crowdBehind(applicationId: string, count: number): Promise<void> {
    await this.world.service.db.query(
      `INSERT INTO care_application (id, operator_id, site_id, offering_id, resident_id, mode, pattern, wished_start, due_on,
                                     priority, status, version, applied_at)
       SELECT uuidv7(), a.operator_id, a.site_id, a.offering_id, r.id, a.mode, a.pattern, a.wished_start, a.due_on,
              a.priority, 'waiting', 1, a.applied_at
       FROM care_application a, unnest($2::uuid[]) AS r (id) WHERE a.id = $1`,
      [applicationId, await this.children(count)],
    );
  }

  offerRaw(groupId: string, more: Record<string, unknown> = {}) {
    return this.owner
      .post(`/v1/care-groups/${groupId}/offers`)
      .send({ freeFrom: '2026-11-02', offers: 50, ...more });
  }

  async offer(groupId: string, more: Record<string, unknown> = {}): Promise<PlacementDto[]> {
    return ((await this.offerRaw(groupId, more).expect(201)).body as { items: PlacementDto[] }).items;
  }

  /** Applied, offered and accepted. */
  async placed(
    groupId: string,
    residentId: string,
    more: Record<string, unknown> = {},
  ): Promise<PlacementDto> {
    const { id } = await this.apply(residentId, { priority: 9, ...more }, this.owner);
    await this.offer(groupId, { offers: 1 });
    const { body } = await this.answer('accept', id).expect(200);
    return body as PlacementDto;
  }

  answer(verb: 'accept' | 'decline' | 'withdraw', id: string) {
    return this.frontEnd.post(`/v1/childcare-applications/${id}/${verb}`);
  }

  async application(id: string): Promise<ApplicationDto> {
    return (await this.frontEnd.get(`/v1/childcare-applications/${id}`).expect(200)).body as ApplicationDto;
  }

  takeDays(groupId: string, residentId: string, days: string[], part = 'day') {
    return this.frontEnd.post('/v1/placements').send({ groupId, residentId, days, part });
  }

  post(placementId: string, what: string, body: Record<string, unknown> = {}) {
    return this.owner.post(`/v1/placements/${placementId}/${what}`).send(body);
  }

  async days(groupId: string, from: string, to: string): Promise<GroupDayDto[]> {
    const { body } = await this.frontEnd
      .get(`/v1/care-groups/${groupId}/days?from=${from}&to=${to}`)
      .expect(200);
    return (body as { items: GroupDayDto[] }).items;
  }

  async sheet(groupId: string, month: string): Promise<AttendanceSheetDto> {
    return (await this.owner.get(`/v1/care-groups/${groupId}/months/${month}`).expect(200))
      .body as AttendanceSheetDto;
  }

  /** Comes and goes at these wall-clock times in Shanghai, on the day. */
  async attends(placementId: string, day: string, from = '08:00', to = '17:00'): Promise<DayRecordDto> {
    this.world.clock.set(`${day}T${from}:00+08:00`);
    await this.post(placementId, `days/${day}/check-in`, HEALTHY).expect(201);
    this.world.clock.set(`${day}T${to}:00+08:00`);
    return (await this.post(placementId, `days/${day}/check-out`).expect(200)).body as DayRecordDto;
  }

  /** What must hold at any moment: counters of groups and contingents tell the same story as the days. */
  async assertConsistent(): Promise<void> {
    const { rows } = await this.world.service.db.query(`
      SELECT d.group_id, d.day FROM care_group_day d LEFT JOIN LATERAL (
        SELECT count(*) FILTER (WHERE c.standing AND c.halves @> 0) AS claimed_am,
               count(*) FILTER (WHERE c.standing AND c.halves @> 1) AS claimed_pm,
               count(*) FILTER (WHERE c.absence_kind IS NULL AND c.halves @> 0) AS expected_am,
               count(*) FILTER (WHERE c.absence_kind IS NULL AND c.halves @> 1) AS expected_pm,
               coalesce(sum(c.staff_load) FILTER (WHERE c.absence_kind IS NULL AND c.halves @> 0), 0) AS load_am
        FROM care_day c WHERE c.group_id = d.group_id AND c.day = d.day) t ON true
      WHERE (d.claimed_am, d.claimed_pm, d.expected_am, d.expected_pm, d.expected_load_am)
            IS DISTINCT FROM (t.claimed_am, t.claimed_pm, t.expected_am, t.expected_pm, t.load_am)`);
    expect(rows).toEqual([]);
    const { rows: contingents } = await this.world.service.db.query(`
      SELECT u.placement_id, u.month FROM contingent_use u LEFT JOIN LATERAL (
        SELECT coalesce(sum(c.spent_minutes), 0) AS minutes, count(c.spent_minutes) AS days FROM care_day c
        WHERE c.placement_id = u.placement_id AND date_trunc('month', c.day)::date = u.month) t ON true
      WHERE (u.minutes_used, u.days_used) IS DISTINCT FROM (t.minutes::int, t.days::int)`);
    expect(contingents).toEqual([]);
  }
}

/** Starts the service on Monday, 2026-11-02 09:00 in Shanghai, with one nursery. */
export async function startNursery(env: Record<string, string> = {}): Promise<Nursery> {
  const world = await startWorld({ PERIODIC: 'false', ...env });
  const offering = await world.open({
    kind: 'childcare',
    mode: 'full_day',
    capacityModel: 'places',
    capacity: 15,
    schedule: daily('08:00', '17:30'),
  });
  return new Nursery(world, offering);
}
