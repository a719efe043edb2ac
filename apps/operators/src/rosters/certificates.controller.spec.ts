import { CertificateDue } from '@doorstep/contracts';
import type { Actor } from '@doorstep/platform';
import { anAdministrator, anAuthority, aSiteManager } from '@doorstep/testing';
import { Desk } from '../testing/desk.fixture';
import { aSite } from '../testing/scene.fixture';
import { STAFF_CALENDAR } from './staff-calendar.service';

const desk = new Desk('2026-12-05T02:00:00Z');

describe('a certificate', () => {
  const enter = (staffId: string, changes = {}, actor = desk.owner) =>
    desk.post(actor, '/v1/certificates', {
      staffId,
      type: 'care_worker',
      number: 'HL3101012026',
      validFrom: '2026-01-01',
      validTo: '2027-01-01',
      ...changes,
    });

  it('that runs out takes the skill away that needs it, until there is another', async () => {
    const staffId = await desk.staff();
    await enter(staffId).expect(201);
    expect((await desk.toldOf(staffId)).map(({ version }) => version)).toEqual([1]);
    desk.clock.set('2026-12-31T15:59:00Z');
    await desk.turn(STAFF_CALENDAR);
    expect((await desk.lastOf(staffId))?.skills).toEqual(['bedside_care', 'childcare']);
    desk.clock.set('2026-12-31T16:00:00Z');
    await desk.turn(STAFF_CALENDAR);
    await desk.turn(STAFF_CALENDAR);
    expect(await desk.lastOf(staffId)).toMatchObject({ skills: ['childcare'], version: 2 });
    const { body: next } = await enter(staffId, { validFrom: '2027-01-01', validTo: '2028-01-01' }).expect(
      201,
    );
    expect(await desk.lastOf(staffId)).toMatchObject({ skills: ['bedside_care', 'childcare'], version: 3 });
    await desk.post(desk.owner, `/v1/certificates/${next.id}/revoke`).expect(200);
    expect(await desk.lastOf(staffId)).toMatchObject({ skills: ['childcare'], version: 4 });
    await desk.post(desk.owner, `/v1/certificates/${next.id}/revoke`).expect(409);
    const { body } = await desk.service.as(desk.owner).get(`/v1/staff/${staffId}`).expect(200);
    expect(body).toMatchObject({ skills: ['bedside_care', 'childcare'], version: 4 });
  });

  it('is reminded of 90, 30 and 7 days before and on the day, once each, but not once it is replaced', async () => {
    desk.clock.set('2026-01-05T02:00:00Z');
    const staffId = await desk.staff();
    const { body: certificate } = await enter(staffId).expect(201);
    for (const day of ['2026-10-02', '2026-10-03', '2026-12-02', '2026-12-25', '2027-01-01']) {
      desk.clock.set(`${day}T02:00:00Z`);
      await desk.turn(STAFF_CALENDAR);
      await desk.turn(STAFF_CALENDAR);
    }
    const due = (await desk.service.told(CertificateDue)).filter(
      (each) => each.certificateId === certificate.id,
    );
    expect(due.map(({ reminder, daysLeft }) => [reminder, daysLeft])).toEqual([
      [90, 90],
      [30, 30],
      [7, 7],
      [0, 0],
    ]);
    const list = async () =>
      (
        await desk.service
          .as(desk.owner)
          .get(`/v1/certificates?staffId=${staffId}&dueWithinDays=0`)
          .expect(200)
      ).body.items;
    expect(await list()).toHaveLength(1);
    await enter(staffId, { validFrom: '2027-01-01', validTo: undefined }).expect(201);
    expect(await list()).toEqual([]);
  });

  it('may be asked for by an authority for its region, also from who never had one', async () => {
    const [there] = await desk.sites(1, '330102001001');
    const staffId = await desk.staff({ siteIds: [there], skills: ['bathing'] });
    const rule = {
      skill: 'bathing',
      certificateType: 'bath_aide',
      enforcement: 'missing',
      from: '2026-12-05',
    };
    await desk.post(desk.official, '/v1/skill-requirements', { ...rule, regionCode: '33' }).expect(403);
    const body = { ...rule, regionCode: '3301' };
    const { body: saved } = await desk.post(anAuthority('33'), '/v1/skill-requirements', body).expect(201);
    await desk.post(anAdministrator(), '/v1/skill-requirements', body).expect(409);
    await desk.turn(STAFF_CALENDAR);
    expect((await desk.lastOf(staffId))?.skills).toEqual([]);
    await enter(staffId, { type: 'bath_aide' }).expect(201);
    expect((await desk.lastOf(staffId))?.skills).toEqual(['bathing']);
    await desk
      .post(anAuthority('33'), `/v1/skill-requirements/${saved.id}/end`, { on: '2026-12-06' })
      .expect(200);
  });

  it('is asked for by the rules of wherever the site lies now', async () => {
    const rule = { skill: 'bathing', certificateType: 'bath_aide', regionCode: '3302' };
    const kept = { ...rule, enforcement: 'missing', from: '2026-12-05' };
    await desk.post(anAdministrator(), '/v1/skill-requirements', kept).expect(201);
    const site = aSite(desk.operatorId, { regionCode: '310101002001' });
    await desk.service.deliver(site);
    const staffId = await desk.staff({ siteIds: [site.siteId], skills: ['bathing'] });
    await desk.service.deliver(aSite(desk.operatorId, { ...site, regionCode: '330201001001', version: 2 }));
    await desk.turn(STAFF_CALENDAR);
    expect((await desk.lastOf(staffId))?.skills).toEqual([]);
  });

  it('is asked for by a new rule also of who is being entered meanwhile', async () => {
    const { db, eventually } = desk.service;
    const other = await db.connect();
    const waiting = (least: number) =>
      eventually(async () => {
        const { rows } = await db.query<{ rules: number; waiting: number }>(
          `SELECT (SELECT count(*)::int FROM skill_requirement WHERE skill = 'feeding') AS rules,
                  (SELECT count(*)::int FROM pg_locks WHERE NOT granted
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waiting`,
        );
        if (rows[0].rules + rows[0].waiting < least) throw new Error('not there yet');
      });
    // Whoever tells something waits with all else done.
    await other.query('BEGIN; LOCK TABLE outbox IN SHARE MODE');
    const entered = desk.staff({ skills: ['feeding'] });
    await waiting(1);
    const rule = { skill: 'feeding', certificateType: 'aide', enforcement: 'missing', from: '2026-12-05' };
    const asked = desk.post(anAdministrator(), '/v1/skill-requirements', rule).expect(201).then();
    await waiting(2);
    await other.query('COMMIT');
    other.release();
    const [staffId] = await Promise.all([entered, asked]);
    await desk.turn(STAFF_CALENDAR);
    expect((await desk.lastOf(staffId))?.skills).toEqual([]);
  });

  it('is the employer’s to enter and to read in full', async () => {
    const staffId = await desk.staff();
    await enter(staffId, {}, desk.rival).expect(404);
    await enter(staffId, {}, desk.official).expect(403);
    await enter(staffId, {}, aSiteManager(desk.operatorId, [desk.otherSite])).expect(404);
    expect((await enter(staffId, { validTo: '2026-01-01' }).expect(422)).body.code).toBe('period_empty');
    await enter(staffId, { validFrom: '2026-02-30' }).expect(400);
    await enter(staffId).expect(201);
    const numbers = async (actor: Actor) =>
      (await desk.service.as(actor).get(`/v1/certificates?staffId=${staffId}`).expect(200)).body.items.map(
        ({ number }: { number: string }) => number,
      );
    expect(await numbers(desk.owner)).toEqual(['HL3101012026']);
    expect(await numbers(desk.official)).toEqual(['*2026']);
    expect(await numbers(anAuthority('33'))).toEqual([]);
    expect(await numbers(desk.rival)).toEqual([]);
  });
});
