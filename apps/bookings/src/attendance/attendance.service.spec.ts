import { AttendanceRecorded, MonthAttendanceClosed, MonthAttendanceCorrected } from '@doorstep/contracts';
import { aCaregiver, wholeFile } from '@doorstep/testing';
import readXlsxFile from 'read-excel-file/node';
import { HEALTHY, type Nursery, startNursery } from '../groups/childcare.fixture';
import type { PlacementDto } from '../placements/placements.dto';
import type { CareRecordDto } from './attendance.dto';
import type { AttendanceSheetDto } from './months.dto';

describe('attendance in childcare', () => {
  let nursery: Nursery;

  beforeAll(async () => {
    nursery = await startNursery();
  });
  afterEach(() => nursery.world.clock.set('2026-11-02T01:00:00Z'));
  afterAll(async () => {
    await nursery.assertConsistent();
    await nursery.world.service.stop();
  });

  const placed = async (): Promise<{ groupId: string; placement: PlacementDto }> => {
    const { id } = await nursery.group();
    return { groupId: id, placement: await nursery.placed(id, await nursery.child()) };
  };
  const checkIn = (id: string, day: string, body: Record<string, unknown> = HEALTHY) =>
    nursery.post(id, `days/${day}/check-in`, body);
  const checkOut = (id: string, day: string) => nursery.post(id, `days/${day}/check-out`);
  const correct = (id: string, day: string, body: Record<string, unknown>) =>
    nursery.post(id, `days/${day}/correction`, { reason: 'check_in_forgotten', ...body });
  const stay = (day: string) => ({
    outcome: 'attended',
    checkedInAt: `${day}T08:00:00+08:00`,
    checkedOutAt: `${day}T16:00:00+08:00`,
  });
  const records = async (id: string, day: string) => {
    const { body } = await nursery.owner.get(`/v1/placements/${id}/days/${day}/records`).expect(200);
    return (body as { items: CareRecordDto[] }).items;
  };
  const close = (groupId: string, month: string) =>
    nursery.owner.post(`/v1/care-groups/${groupId}/months/${month}/close`);

  it('is a check-in with a look at the child’s health, and a check-out that tells a late pick-up', async () => {
    const { groupId, placement } = await placed();
    const day = '2026-11-02';
    expect((await checkOut(placement.id, day).expect(409)).body).toMatchObject({ code: 'attendance_none' });
    await checkIn(placement.id, day, { temperature: 36.8, symptoms: ['runny_nose'] }).expect(201);
    expect((await checkIn(placement.id, day).expect(409)).body).toMatchObject({
      code: 'attendance_checked_in',
    });
    nursery.world.clock.set('2026-11-02T17:52:00+08:00');
    expect((await checkOut(placement.id, day).expect(200)).body).toMatchObject({
      outcome: 'attended',
      minutes: 532,
      lateMinutes: 22,
      revision: 2,
    });
    expect(await records(placement.id, day)).toMatchObject([
      { revision: 1, outcome: 'checked_in', temperature: 36.8, symptoms: ['runny_nose'] },
      { revision: 2, outcome: 'attended', lateMinutes: 22 },
    ]);
    const { body } = await nursery.owner.get(`/v1/care-groups/${groupId}/children?day=${day}`).expect(200);
    expect((body as { items: unknown[] }).items).toMatchObject([
      { placementId: placement.id, outcome: 'attended', fromAt: '08:00', toAt: '17:30' },
    ]);
    const told = (await nursery.world.service.told(AttendanceRecorded)).filter(
      ({ placementId }) => placementId === placement.id,
    );
    expect(told).toMatchObject([{ outcome: 'checked_in' }, { outcome: 'attended', latePickupMinutes: 22 }]);
    expect(JSON.stringify(told)).not.toMatch(/36\.8|runny_nose/);
  });

  it('is refused at the door for a fever or for what others could catch', async () => {
    const { placement } = await placed();
    nursery.world.clock.set('2026-11-03T08:10:00+08:00');
    const fever = { temperature: 37.3, symptoms: ['rash', 'cough'] };
    expect((await checkIn(placement.id, '2026-11-03', fever).expect(201)).body).toMatchObject({
      outcome: 'refused',
    });
    expect(await records(placement.id, '2026-11-03')).toMatchObject([
      { temperature: 37.3, findings: ['fever', 'rash'] },
    ]);
    await checkOut(placement.id, '2026-11-03').expect(409);
    await checkIn(placement.id, '2026-11-03', { temperature: 36.55, symptoms: [] }).expect(400);
    await checkIn(placement.id, '2026-11-03', { temperature: 36.5, symptoms: ['sad'] }).expect(400);
  });

  it('is in what a person may have of their data, and keeps a child from being erased while it has a place', async () => {
    const { placement } = await placed();
    await checkIn(placement.id, '2026-11-02', { temperature: 36.9, symptoms: ['cough'] }).expect(201);
    const path = `/v1/residents/${placement.residentId}`;
    const { body } = await nursery.owner.get(`${path}/export`).expect(200);
    expect(body).toMatchObject({
      childcare: {
        placements: [{ id: placement.id }],
        applications: [{ status: 'accepted', mode: 'full_day' }],
        days: [{ day: '2026-11-02', outcome: 'checked_in', temperature: 36.9, symptoms: ['cough'] }],
      },
    });
    expect((await nursery.owner.post(`${path}/erase`).expect(409)).body).toMatchObject({
      code: 'places_stand',
    });
    await nursery.post(placement.id, 'end', { on: '2026-11-03', reason: 'moved_away' }).expect(200);
    nursery.world.clock.set('2026-11-03T01:00:00Z');
    await nursery.owner.post(`${path}/erase`).expect((answer) => expect(answer.status).toBeLessThan(300));
    const [record] = await records(placement.id, '2026-11-02');
    expect(record).not.toHaveProperty('temperature');
  });

  it('is recorded on the day itself, and of a child that is not away', async () => {
    const { placement } = await placed();
    expect((await checkIn(placement.id, '2026-11-03').expect(409)).body).toMatchObject({ code: 'not_today' });
    await checkIn(placement.id, '2026-11-31').expect(400);
    await checkIn(placement.id, '2026-11-07').expect(404);
    await nursery
      .post(placement.id, 'absences', { kind: 'sick', from: '2026-11-02', to: '2026-11-03' })
      .expect(201);
    expect((await checkIn(placement.id, '2026-11-02').expect(409)).body).toMatchObject({
      code: 'day_absent',
    });
    await nursery.post(placement.id, 'reservations', { day: '2026-11-02' }).expect(201);
    await checkIn(placement.id, '2026-11-02').expect(201);
  });

  it('is corrected by a further record that says why; a caregiver may not', async () => {
    const { placement } = await placed();
    const day = '2026-11-03';
    nursery.world.clock.set('2026-11-04T01:00:00Z');
    const carer = nursery.world.service.as(aCaregiver(nursery.world.operatorId, [placement.siteId]));
    await carer
      .post(`/v1/placements/${placement.id}/days/${day}/correction`)
      .send({ ...stay(day), reason: 'forgotten' })
      .expect(403);
    await correct(placement.id, day, { outcome: 'attended' }).expect(422);
    await correct(placement.id, day, { ...stay(day), checkedOutAt: '2026-11-03T07:00:00+08:00' }).expect(422);
    await correct(placement.id, day, { ...stay('2026-11-02') }).expect(422);
    await correct(placement.id, '2026-11-05', stay('2026-11-05')).expect(409);
    await correct(placement.id, day, stay(day)).expect(201);
    await correct(placement.id, day, { outcome: 'absent', absenceKind: 'sick' }).expect(201);
    expect(await records(placement.id, day)).toMatchObject([
      { outcome: 'attended', minutes: 480, reason: 'check_in_forgotten' },
      { outcome: 'absent', absenceKind: 'sick' },
    ]);
  });

  it('makes a month’s sheet that is closed for billing, and changed by differences alone', async () => {
    const { groupId, placement } = await placed();
    const guest = await nursery.child();
    const visit = (await nursery.takeDays(groupId, guest, ['2026-11-05'], 'morning').expect(201))
      .body as PlacementDto;
    await nursery.attends(placement.id, '2026-11-02');
    await nursery.attends(placement.id, '2026-11-03', '08:30', '18:30');
    await nursery.attends(visit.id, '2026-11-05', '08:00', '12:00');
    nursery.world.clock.set('2026-11-06T01:00:00Z');
    await nursery
      .post(placement.id, 'absences', { kind: 'sick', from: '2026-11-04', to: '2026-11-06' })
      .expect(201);
    await nursery
      .post(placement.id, 'absences', { kind: 'planned', from: '2026-11-09', to: '2026-11-28' })
      .expect(201);
    const soFar = (await nursery.sheet(groupId, '2026-11')).items.find(
      ({ placementId }) => placementId === placement.id,
    );
    expect(soFar).toMatchObject({
      totals: { daysPlanned: 4, daysAttended: 2, daysSick: 2 },
      name: '王**',
    });
    expect((await close(groupId, '2026-11').expect(409)).body).toMatchObject({ code: 'month_not_over' });

    nursery.world.clock.set('2026-12-01T01:00:00Z');
    await checkIn(placement.id, '2026-12-01').expect(201);
    const sheet = (await close(groupId, '2026-11').expect(200)).body as AttendanceSheetDto;
    const expected = {
      daysPlanned: 21,
      daysAttended: 2,
      daysSick: 2,
      daysAbsentPlanned: 15,
      daysAbsentUnplanned: 2,
      minutesAttended: 540 + 600,
      latePickups: 1,
      latePickupMinutes: 60,
    };
    expect(sheet).toMatchObject({ workdays: 21, closed: true, closedAt: '2026-12-01T01:00:00.000Z' });
    const line = sheet.items.find(({ placementId }) => placementId === placement.id);
    expect(line).toMatchObject({ totals: expected, patternDays: 21, attendedHalf: false, revision: 1 });
    expect(line?.marks.join('')).toBe('AASSU' + 'PPPPP'.repeat(3) + 'U');
    const told = async (id: string) =>
      (await nursery.world.service.told(MonthAttendanceClosed)).filter(
        ({ placementId }) => placementId === id,
      );
    expect(await told(placement.id)).toMatchObject([
      {
        month: '2026-11',
        workdays: 21,
        patternDays: 21,
        totals: expected,
        contractId: nursery.world.contractId,
      },
    ]);
    expect(await told(visit.id)).toMatchObject([
      { mode: 'temporary', totals: { daysPlanned: 1, daysAttended: 1, minutesAttended: 240 } },
    ]);
  });

  it('of a closed month changes by corrections alone, each told as a difference', async () => {
    const { groupId, placement } = await placed();
    nursery.world.clock.set('2026-12-01T01:00:00Z');
    await close(groupId, '2026-11').expect(200);
    expect((await close(groupId, '2026-11').expect(409)).body).toMatchObject({ code: 'month_closed' });
    const late = { kind: 'sick', from: '2026-11-30', to: '2026-12-01' };
    expect((await nursery.post(placement.id, 'absences', late).expect(409)).body).toMatchObject({
      code: 'month_closed',
    });
    await correct(placement.id, '2026-11-30', stay('2026-11-30')).expect(201);
    await correct(placement.id, '2026-11-30', stay('2026-11-30')).expect(201);
    const corrected = (await nursery.world.service.told(MonthAttendanceCorrected)).filter(
      ({ placementId }) => placementId === placement.id,
    );
    expect(corrected).toMatchObject([
      {
        revision: 2,
        reason: 'check_in_forgotten',
        delta: { daysAttended: 1, daysAbsentUnplanned: -1, minutesAttended: 480, daysPlanned: 0 },
        totals: { daysAttended: 1, daysAbsentUnplanned: 20 },
      },
    ]);
  });

  it('is a file that offices open', async () => {
    const { groupId, placement } = await placed();
    await nursery.attends(placement.id, '2026-11-02');
    const file = (format: string) =>
      nursery.owner.get(`/v1/care-groups/${groupId}/months/2026-11?format=${format}`).buffer(true);
    const csv = await file('csv')
      .expect(200)
      .expect('content-type', /text\/csv/);
    const [header, line] = csv.text.replace('\uFEFF', '').split('\r\n');
    expect(header?.startsWith('姓名,幼儿编号,学位编号,托育方式,入托日,离托日,01,02,03')).toBe(true);
    expect(line).toContain(`${placement.residentId},${placement.id},全日托,2026-11-02,2027-07-01,,√,-`);
    const xlsx = await file('xlsx&language=en').parse(wholeFile).expect(200);
    const [{ data }] = (await readXlsxFile(xlsx.body as Buffer)) as unknown as [{ data: unknown[][] }];
    expect(data[0]?.slice(0, 4)).toEqual(['Name', 'Child', 'Placement', 'Mode']);
    expect(data[1]?.[7]).toBe('A');
    await file('pdf').expect(400);
    await nursery.owner.get(`/v1/care-groups/${groupId}/months/2026-13`).expect(400);
  });

  it('waits for everybody to be checked out before a month is closed', async () => {
    const { groupId, placement } = await placed();
    await checkIn(placement.id, '2026-11-02').expect(201);
    nursery.world.clock.set('2026-12-01T01:00:00Z');
    expect((await close(groupId, '2026-11').expect(409)).body).toMatchObject({
      code: 'children_not_checked_out',
      details: { days: [{ placementId: placement.id, day: '2026-11-02' }] },
    });
  });
});
