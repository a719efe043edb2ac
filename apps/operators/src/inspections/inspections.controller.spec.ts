import {
  BookingConfirmed,
  event,
  FindingClosed,
  FindingOverdue,
  FindingRaised,
  type OfferingSnapshot,
  SiteInspectionSnapshot,
} from '@doorstep/contracts';
import { newId, sha256Hex } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import { anAuditor, anAuthority, aSiteManager } from '@doorstep/testing';
import { Desk } from '../testing/desk.fixture';
import { MealsInspections } from '../testing/meals-inspection.fixture';
import { anOffering } from '../testing/scene.fixture';
import { INSPECTION_CALENDAR } from './inspection-calendar.service';

const NOW = '2026-12-05T02:00:00Z';
const PDF = Buffer.from('%PDF-1.7 picture');
const desk = new Desk(NOW);
const inspections = new MealsInspections(desk);

const told = async (siteId: string) =>
  (await desk.service.told(SiteInspectionSnapshot)).filter((each) => each.siteId === siteId);
const suspensions = async () =>
  (await desk.service.as(desk.owner).get('/v1/site-suspensions').expect(200)).body.items;

const booked = ({ operatorId, siteId, offeringId }: OfferingSnapshot, day: string) =>
  event(BookingConfirmed, {
    bookingId: newId(),
    operatorId,
    contractId: newId(),
    siteId,
    offeringId,
    residentId: newId(),
    kind: 'meals',
    mode: 'session',
    regionCode: '310101002001',
    start: `${day}T03:30:00.000Z`,
    end: `${day}T04:30:00.000Z`,
    serviceDay: day,
    partySize: 1,
    version: 2,
    at: NOW,
  });

/** A site whose lunch was found wanting by the authority, with bookings before, of it, and of something else. */
async function suspendedLunch() {
  const siteId = await desk.site();
  const lunch = anOffering(desk.operatorId, siteId);
  const bookings = [
    booked(lunch, '2026-12-04'),
    booked(lunch, '2026-12-06'),
    booked({ ...lunch, offeringId: newId() }, '2026-12-07'),
  ];
  await desk.service.deliver(lunch, ...bookings);
  const id = await inspections.plan(siteId, desk.official);
  const given = inspections.severe({ kind: undefined, offeringId: lunch.offeringId });
  const { body: done } = await inspections.carryOut(id, desk.official, ['food_safety'], [given]).expect(200);
  expect(done).toMatchObject({ status: 'carried_out', scoreBp: 6500, inspectedBy: 'authority' });
  const [finding] = await inspections.findingsOf(id);
  return { siteId, id, finding, bookings, offeringId: lunch.offeringId, path: `/v1/findings/${finding.id}` };
}

describe('a severe finding', () => {
  it('suspends the offering at once, and names the bookings that it touches', async () => {
    const { siteId, finding, bookings, offeringId, path } = await suspendedLunch();
    expect(finding).toMatchObject({ concerns: 'offering', kind: 'meals', status: 'open', overdue: false });
    const block = { findingId: finding.id, concerns: 'offering', kind: 'meals', offeringId };
    expect(await told(siteId)).toMatchObject([
      { suspended: false, blockedKinds: [], blockedOfferingIds: [offeringId], blocks: [block], version: 1 },
    ]);
    expect((await desk.service.told(FindingRaised)).filter(({ siteId: at }) => at === siteId)).toMatchObject([
      { severity: 'severe', concerns: 'offering' },
    ]);
    const touched = await desk.service.as(desk.owner).get(`${path}/bookings`).expect(200);
    expect(touched.body.items.map((each: { bookingId: string }) => each.bookingId)).toEqual([
      bookings[1].bookingId,
    ]);
    expect(await suspensions()).toContainEqual({ siteId, blocks: [{ ...block, since: '2026-12-05' }] });
  });

  it('lets it go on when whoever raised it has looked again, not when it is said to be put right', async () => {
    const { siteId, id, finding, path } = await suspendedLunch();
    const document = {
      name: '整改.pdf',
      contentType: 'application/pdf',
      contentBase64: PDF.toString('base64'),
    };
    const rectified = { rectification: '已更换', document };
    const { body: mended } = await desk.post(desk.owner, `${path}/rectify`, rectified).expect(200);
    expect(mended).toMatchObject({
      status: 'rectified',
      evidence: [{ stage: 'rectified', sha256: sha256Hex(PDF) }],
    });
    const filePath = `${path}/evidence/${mended.evidence[0].id}`;
    const file = await desk.service.as(desk.official).get(filePath).buffer(true).expect(200);
    expect(Buffer.from(file.body)).toEqual(PDF);
    expect(await told(siteId)).toHaveLength(1);
    const pass = (actor: Actor) => desk.post(actor, `${path}/reinspections`, { passed: true });
    expect((await pass(desk.owner).expect(403)).body.code).toBe('inspection_not_yours');
    const { body: over } = await pass(desk.official).expect(201);
    expect(over).toMatchObject({ status: 'closed', reinspections: [{ on: '2026-12-05', passed: true }] });
    expect((await told(siteId)).at(-1)).toMatchObject({ blockedOfferingIds: [], blocks: [], version: 2 });
    const inspection = await desk.service.as(desk.owner).get(`/v1/inspections/${id}`).expect(200);
    expect(inspection.body).toMatchObject({ status: 'closed', closedOn: '2026-12-05' });
    const closed = (await desk.service.told(FindingClosed)).filter(
      ({ findingId }) => findingId === finding.id,
    );
    expect(closed).toMatchObject([{ outcome: 'reinspected' }]);
  });
});

describe('two severe findings', () => {
  it('about the site and a kind each hold what they suspend until both are over, also at once', async () => {
    const siteId = await desk.site();
    const id = await inspections.plan(siteId, desk.official);
    const two = [inspections.severe({ kind: undefined }), inspections.severe({ item: undefined })];
    const call = () => inspections.carryOut(id, desk.official, ['food_safety'], two);
    const answers = (await Promise.all([call(), call()])).map(({ status }) => status).sort();
    expect(answers).toEqual([200, 409]);
    expect(await told(siteId)).toMatchObject([{ suspended: true, blockedKinds: ['meals'] }]);
    const findings = await inspections.findingsOf(id);
    const pass = ({ id: each }: { id: string }) =>
      desk.post(desk.official, `/v1/findings/${each}/reinspections`, { passed: true }).expect(201);
    await Promise.all(findings.map(pass));
    expect((await told(siteId)).map(({ version, blocks }) => [version, blocks.length])).toEqual([
      [1, 2],
      [2, 1],
      [3, 0],
    ]);
    const inspection = await desk.service.as(desk.official).get(`/v1/inspections/${id}`).expect(200);
    expect(inspection.body.status).toBe('closed');
  });
});

describe('a finding whose time is over', () => {
  it('is told once, and again after a new deadline has passed', async () => {
    const siteId = await desk.site();
    const id = await inspections.plan(siteId, desk.owner);
    await inspections
      .carryOut(id, desk.owner, ['menu'], [inspections.severe({ item: 'menu', severity: 'minor' })])
      .expect(200);
    const [finding] = await inspections.findingsOf(id);
    const overdue = async () =>
      (await desk.service.told(FindingOverdue)).filter(({ findingId }) => findingId === finding.id).length;
    desk.clock.set('2026-12-12T15:59:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    expect(await overdue()).toBe(0);
    desk.clock.set('2026-12-12T16:00:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    await desk.turn(INSPECTION_CALENDAR);
    expect(await overdue()).toBe(1);
    expect(
      (await desk.service.as(desk.owner).get(`/v1/findings?overdue=true&siteId=${siteId}`)).body.items,
    ).toHaveLength(1);
    const again = { passed: false, rectifyBy: '2026-12-20', note: '仍未公示' };
    await desk.post(desk.owner, `/v1/findings/${finding.id}/reinspections`, again).expect(201);
    desk.clock.set('2026-12-21T02:00:00Z');
    await desk.turn(INSPECTION_CALENDAR);
    expect(await overdue()).toBe(2);
    expect(await told(siteId)).toEqual([]);
  });
});

describe('inspections', () => {
  it('are planned and carried out by whoever may, and seen by nobody else', async () => {
    const siteId = await desk.site();
    expect(
      (await desk.post(desk.rival, '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(422)).body
        .code,
    ).toBe('site_not_known');
    const elsewhere = aSiteManager(desk.operatorId, [await desk.site()]);
    await desk.post(elsewhere, '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(403);
    await desk.post(anAuthority('33'), '/v1/inspections', { siteId, plannedOn: '2026-12-05' }).expect(422);
    await desk
      .post(anAuditor(desk.operatorId), '/v1/inspections', {
        siteId,
        plannedOn: '2026-12-05',
      })
      .expect(403);
    const id = await inspections.plan(siteId, desk.official);
    expect((await inspections.carryOut(id, desk.owner, [], []).expect(403)).body.code).toBe(
      'inspection_not_yours',
    );
    await inspections.carryOut(id, desk.rival, [], []).expect(404);
    await desk.service.as(desk.rival).get(`/v1/inspections/${id}`).expect(404);
    await desk.service.as(elsewhere).get(`/v1/inspections/${id}`).expect(404);
    await desk.service.as(anAuthority('33')).get(`/v1/inspections/${id}`).expect(404);
    const bad = await desk
      .post(desk.official, `/v1/inspections/${id}/carry-out`, {
        on: '2026-02-30',
        results: [{ item: 'X', outcome: 'maybe' }],
        findings: 'none',
      })
      .expect(400);
    const fields = bad.body.errors.map(({ field }: { field: string }) => field);
    expect(new Set(fields)).toEqual(new Set(['on', 'results[0].item', 'results[0].outcome', 'findings']));
    const foreign = [inspections.severe({ kind: undefined, offeringId: newId() })];
    expect(
      (await inspections.carryOut(id, desk.official, ['food_safety'], foreign).expect(422)).body.code,
    ).toBe('offering_not_known');
    await desk.post(desk.official, `/v1/inspections/${id}/cancel`, { reason: '改期' }).expect(200);
    expect((await inspections.carryOut(id, desk.official, [], []).expect(409)).body.code).toBe(
      'inspection_cancelled',
    );
  });

  it('go by the checklist that an authority has set for its region and time', async () => {
    const list = {
      name: '黄浦助餐',
      kind: 'sports',
      regionCode: '310101',
      from: '2026-12-05',
      items: [{ code: 'floor', title: '地面防滑', weight: 10, severity: 'minor' }],
    };
    expect(
      (await desk.post(desk.official, '/v1/checklists', { ...list, regionCode: '3301' }).expect(403)).body
        .code,
    ).toBe('region_not_yours');
    const { body } = await desk.post(desk.official, '/v1/checklists', list).expect(201);
    expect((await desk.post(desk.official, '/v1/checklists', list).expect(409)).body.code).toBe(
      'checklist_exists',
    );
    await desk.post(desk.owner, '/v1/checklists', list).expect(403);
    const siteId = await desk.site();
    const inspection = await desk
      .post(desk.official, '/v1/inspections', {
        siteId,
        kind: 'sports',
        plannedOn: '2026-12-05',
      })
      .expect(201);
    expect(inspection.body.checklistId).toBe(body.id);
    await desk.post(desk.official, `/v1/checklists/${body.id}/end`, { on: '2026-12-06' }).expect(200);
    const late = { siteId, kind: 'sports', plannedOn: '2026-12-06' };
    expect((await desk.post(desk.official, '/v1/inspections', late).expect(422)).body.code).toBe(
      'checklist_missing',
    );
  });
});
