import { Database, PeriodicRunner } from '@doorstep/platform';
import { aFrontEnd, anAuthority, aSiteManager, type TestService } from '@doorstep/testing';
import { newId } from '@doorstep/kernel';
import { type Nursery, startNursery } from './childcare.fixture';

const DAY = '2026-11-10';
/** On DAY 20 and 30 months old: a mixed group takes both. */
const [YOUNGER, OLDER] = ['2025-03-01', '2024-05-01'];

describe('a group of childcare', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery({ DATABASE_POOL_MAX: '10' });
  });
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const resize = (id: string, size: Record<string, unknown>) =>
    nursery.owner.post(`/v1/care-groups/${id}/sizes`).send({ from: '2026-11-02', ...size });
  const outcomes = async (groupId: string, children: string[]) => {
    const answers = await Promise.all(children.map((child) => nursery.takeDays(groupId, child, [DAY])));
    const counted: Record<string, number> = {};
    for (const { status, body } of answers) {
      const said = status === 201 ? 'taken' : (body as { code: string }).code;
      counted[said] = (counted[said] ?? 0) + 1;
    }
    return counted;
  };

  it('has no more places than its class may, and not fewer than are taken', async () => {
    const ask = { places: 16 };
    await expect(nursery.group(ask)).rejects.toThrow('422');
    const group = await nursery.group({ places: 4, staff: 1 });
    expect((await resize(group.id, { places: 16, staff: 4 }).expect(422)).body).toMatchObject({
      code: 'group_too_large',
      details: { groupMax: 15 },
    });
    expect(await outcomes(group.id, await nursery.children(3))).toEqual({ taken: 3 });
    expect((await resize(group.id, { places: 2, staff: 1 }).expect(409)).body).toMatchObject({
      code: 'full',
    });
    expect((await resize(group.id, { places: 4, staff: 0 }).expect(409)).body).toMatchObject({
      code: 'staff_ratio',
    });
    expect(
      (await resize(group.id, { from: '2026-12-01', places: 2, staff: 1 }).expect(201)).body,
    ).toMatchObject({
      sizes: [
        { from: '2026-11-02', to: '2026-12-01', places: 4 },
        { from: '2026-12-01', to: null, places: 2 },
      ],
    });
    await resize(group.id, { from: '2026-11-20', places: 3, staff: 1 }).expect(201);
    await resize(group.id, { from: '2026-11-01', places: 3, staff: 1 }).expect(422);
    const { rows } = await nursery.world.service.db.query(
      `SELECT lower(period)::text AS from, places FROM care_group_size WHERE group_id = $1 ORDER BY 1`,
      [group.id],
    );
    expect(rows).toEqual([
      { from: '2026-11-02', places: 4 },
      { from: '2026-11-20', places: 3 },
      { from: '2026-12-01', places: 2 },
    ]);
  });

  it('takes 64 clients at once up to its staff ratio and not one child more', async () => {
    const group = await nursery.group({ places: 15, staff: 2 });
    expect(await outcomes(group.id, await nursery.children(64))).toEqual({ taken: 10, staff_ratio: 54 });
    expect((await nursery.days(group.id, DAY, '2026-11-11'))[0]).toMatchObject({
      expectedMorning: 10,
      staff: 2,
      staffNeeded: 2,
    });
  });

  it('takes 64 clients at once up to its places', async () => {
    const group = await nursery.group({ places: 7, staff: 3 });
    expect(await outcomes(group.id, await nursery.children(64))).toEqual({ taken: 7, full: 57 });
  });

  it('of mixed ages counts each child by its own: three to five and four to seven need two carers', async () => {
    const group = await nursery.group({ ageClass: 'mixed', places: 18, staff: 1 });
    expect(await outcomes(group.id, await nursery.children(3, YOUNGER))).toEqual({ taken: 3 });
    // 3/5 + 2/7 < 1 < 3/5 + 3/7
    expect(await outcomes(group.id, await nursery.children(4, OLDER))).toEqual({ taken: 2, staff_ratio: 2 });
    await resize(group.id, { places: 18, staff: 2 }).expect(201);
    // 3/5 + 9/7 < 2 < 3/5 + 10/7
    expect(await outcomes(group.id, await nursery.children(9, OLDER))).toEqual({ taken: 7, staff_ratio: 2 });
    expect(await outcomes(group.id, await nursery.children(1, '2025-06-01'))).toEqual({
      not_eligible_age: 1,
    });
  });

  it('is bounded by the database itself, whoever writes', async () => {
    const group = await nursery.group({ places: 2, staff: 1 });
    expect(await outcomes(group.id, await nursery.children(2))).toEqual({ taken: 2 });
    const { db } = nursery.world.service;
    const copy = (changes: string) =>
      db.query(
        `WITH p AS (INSERT INTO placement SELECT (jsonb_populate_record(p, jsonb_build_object('id', uuidv7(),
                    'resident_id', $2::uuid))).* FROM placement p WHERE p.group_id = $1 LIMIT 1 RETURNING *)
         SELECT p.id FROM p`,
        [group.id, changes],
      );
    const [third] = await nursery.children(1);
    const { rows } = await copy(third ?? '');
    const insert = `INSERT INTO care_day (placement_id, day, operator_id, group_id, resident_id, halves, from_at, to_at, standing)
                    SELECT id, starts_on, operator_id, group_id, resident_id, '[0,2)', '08:00', '17:30', false
                    FROM placement WHERE id = $1`;
    const { id } = rows[0] as { id: string };
    await expect(db.query(insert, [id])).rejects.toMatchObject({
      constraint: 'care_group_never_over',
      detail: DAY,
    });
    await expect(
      db.query(`UPDATE care_group_day SET places = 99, expected_am = 3 WHERE group_id = $1`, [group.id]),
    ).rejects.toMatchObject({ constraint: 'care_group_never_over' });
    await db.query(`UPDATE resident SET birth_date = '2024-11-10' WHERE id = $1`, [third]);
    await expect(db.query(insert, [id])).rejects.toMatchObject({ constraint: 'care_day_age' });
  });

  it('follows a stricter standard of its city from the day that it begins', async () => {
    const group = await nursery.group({ places: 5, staff: 1 });
    const children = await nursery.children(5);
    expect(await outcomes(group.id, children.slice(0, 4))).toEqual({ taken: 4 });
    const authority = nursery.world.service.as(anAuthority('3101'));
    const { body } = await nursery.owner.get('/v1/childcare-standards').expect(200);
    const [national] = (body as { items: Record<string, unknown>[] }).items;
    const { id: _id, validTo: _to, ...figures } = national ?? {};
    const classes = (figures.classes as { ageClass: string }[]).map((one) =>
      one.ageClass === 'toddler' ? { ...one, groupMax: 12, childrenPerStaff: 3 } : one,
    );
    const city = {
      ...figures,
      classes,
      regionPrefix: '3101',
      validFrom: '2026-11-10',
      source: '沪卫〔2026〕1号',
    };
    const set = (changes: Record<string, unknown>, as = authority) =>
      as.post('/v1/childcare-standards').send({ ...city, ...changes });
    await set({ regionPrefix: '1101' }).expect(403);
    await set({ validFrom: '2026-11-01' }).expect(422);
    await set({ classes: classes.map((one) => ({ ...one, childrenPerStaff: 2 })) }).expect(422);
    await set({}, nursery.owner).expect(403);
    await set({}).expect(201);
    await set({}).expect(409);
    await nursery.world.service.running.app.get(PeriodicRunner).runNow('apply-childcare-standards');
    const [before, on] = await nursery.days(group.id, '2026-11-09', '2026-11-11');
    expect(before).toMatchObject({ places: 5, over: false });
    expect(on).toMatchObject({ expectedMorning: 4, staffNeeded: 2, staff: 1, over: true });
    expect(await outcomes(group.id, children.slice(4))).toEqual({ staff_ratio: 1 });
    await expect(nursery.group({ from: '2026-11-10' })).rejects.toThrow('422');
  });

  it('takes the place of sessions, which would sell its places once more', async () => {
    const offering = await nursery.world.open({
      ...{ kind: 'childcare', mode: 'timed', capacityModel: 'places', capacity: 15 },
    });
    expect((await nursery.world.session(offering.offeringId)).bookable).toBe(true);
    await nursery.group({ offeringId: offering.offeringId });
    expect((await nursery.world.session(offering.offeringId)).reasons).toContain('closed');
    await nursery.world.service.deliver(Object.assign(offering, { version: 2, capacity: 14 }));
    expect((await nursery.world.session(offering.offeringId)).reasons).toContain('closed');
  });

  it('is locked before bookings and sessions, so that nobody ever waits in a circle', async () => {
    const { world, owner } = nursery;
    const { service, clock } = world;
    const lunch = world.offering({ siteId: nursery.offering.siteId });
    await service.deliver(lunch);
    const { sessionId } = await world.session(lunch.offeringId);
    const group = await nursery.group({ places: 8 });
    const children = await Promise.all(Array.from({ length: 6 }, () => nursery.child()));
    const applied: string[] = [];
    for (const child of children.slice(0, 3)) applied.push((await nursery.apply(child)).id);
    await nursery.offer(group.id);
    // All of them had asked for a lunch as well, and never confirmed it: whoever comes by ends these holds.
    const held: string[] = [];
    for (const child of children)
      held.push(((await world.book(lunch, sessionId, child).expect(202)).body as { id: string }).id);
    clock.advance({ minutes: 10 });
    const before = await deadlocks(service);
    /** Who accepts has the group and waits for the booking; the other one comes from the other side. */
    const meet = async (n: number, other: () => PromiseLike<{ status: number }>): Promise<number[]> => {
      const gate = await service.db.connect();
      await gate.query('BEGIN');
      await gate.query('SELECT FROM booking WHERE id = $1 FOR UPDATE', [held[n]]);
      const accepted = nursery.answer('accept', applied[n] ?? '').then((answer) => answer);
      await waitingFor(service, 1);
      const done = Promise.all([accepted, other()]);
      await waitingFor(service, 2);
      await gate.query('ROLLBACK');
      gate.release();
      return (await done).map(({ status }) => status);
    };
    const [, , , fourth = '', fifth = '', sixth = ''] = children;
    expect(await meet(0, () => nursery.takeDays(group.id, fourth, [DAY]))).toEqual([200, 201]);
    const into = (mergedId: string) => owner.post(`/v1/residents/${sixth}/merge`).send({ mergedId });
    await nursery.takeDays(group.id, fifth, ['2026-11-04']).expect(201);
    expect(await meet(1, () => into(fifth))).toEqual([200, 200]);
    const closure = { from: '2026-11-02T16:00:00Z', to: '2026-11-03T16:00:00Z', reason: 'water_damage' };
    const close = () => owner.post('/v1/closures').send({ ...closure, siteId: lunch.siteId });
    expect(await meet(2, close)).toEqual([200, 201]);
    expect(await deadlocks(service)).toBe(before);
    clock.set('2026-11-02T01:00:00Z');
  });

  it('is its operator’s, and a site manager’s whose site it is', async () => {
    const group = await nursery.group();
    const { operatorId, service } = nursery.world;
    await service
      .as(aSiteManager(operatorId, [newId()]))
      .get(`/v1/care-groups/${group.id}`)
      .expect(404);
    await service
      .as(aSiteManager(operatorId, [group.siteId]))
      .get(`/v1/care-groups/${group.id}`)
      .expect(200);
    await service.as(aFrontEnd(newId())).get(`/v1/care-groups/${group.id}`).expect(404);
    await nursery.frontEnd.post(`/v1/care-groups/${group.id}/sizes`).send({}).expect(403);
    const twin = { name: group.name };
    await expect(nursery.group(twin)).rejects.toThrow('409');
    await expect(nursery.group({ noonAt: '07:00' })).rejects.toThrow('422');
    await expect(nursery.group({ offeringId: newId() })).rejects.toThrow('404');
  });
});

/** Statements of this database that wait for somebody else's lock. */
async function waitingFor({ db, eventually }: TestService, waiting: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await db.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows).toEqual([{ waiting }]);
  });
}

/** How often somebody had to give way, ever; what connections have counted is brought together first. */
async function deadlocks({ db, running }: TestService): Promise<number> {
  const { pool } = running.app.get(Database);
  const flush = (): Promise<unknown> => pool.query('SELECT pg_stat_force_next_flush(), pg_sleep(0.05)');
  await Promise.all(Array.from({ length: pool.options.max }, flush));
  const { rows } = await db.query<{ deadlocks: number }>(
    `SELECT deadlocks::int AS deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0]?.deadlocks ?? -1;
}
