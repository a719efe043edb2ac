import {
  BookingConfirmed,
  ComplaintClosed,
  ComplaintOpened,
  ComplaintOverdue,
  event,
  ServiceDelivered,
  ServiceRated,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Actor, PeriodicRunner } from '@doorstep/platform';
import {
  aFrontEnd,
  anAuditor,
  anAuthority,
  anOwner,
  aSiteManager,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { Register } from '../testing/register.fixture';
import { someSites } from '../testing/scene.fixture';
import { COMPLAINT_CALENDAR } from './complaint-calendar.service';

const NOW = '2026-12-05T02:00:00Z';
const clock = new FixedClock(NOW);
let service: TestService;
let owner: Actor;
let rival: Actor;
let frontEnd: Actor;
const official = anAuthority('310101');

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  const register = new Register(service);
  owner = anOwner(await register.operator());
  rival = anOwner(await register.operator());
  frontEnd = aFrontEnd(String(owner.operatorId));
});
afterAll(() => service.stop());
beforeEach(() => clock.set(NOW));

const site = async () => (await someSites(service, String(owner.operatorId), 1))[0];
const post = (actor: Actor, path: string, body: object = {}) => service.as(actor).post(path).send(body);
const body = (siteId: string, changes = {}) => ({
  siteId,
  category: 'food',
  severity: 'medium',
  text: '王奶奶说饭菜送到时已凉',
  ...changes,
});
const open = (siteId: string, actor = frontEnd, changes = {}) =>
  post(actor, '/v1/complaints', body(siteId, changes));

/** A booking of the site that has been confirmed, and delivered when a day says so. */
const booked = async (siteId: string, day: string, delivered = true) => {
  const facts = {
    bookingId: newId(),
    operatorId: String(owner.operatorId),
    contractId: newId(),
    siteId,
    offeringId: newId(),
    residentId: newId(),
    kind: 'meals',
    mode: 'session' as const,
    regionCode: '310101002001',
    start: `${day}T03:30:00.000Z`,
    end: `${day}T04:30:00.000Z`,
    serviceDay: day,
    partySize: 1,
    version: 2,
    at: NOW,
  };
  await service.deliver(event(BookingConfirmed, facts));
  if (delivered) {
    const more = { minutes: 60, evidence: 'attendance' as const, version: 3 };
    await service.deliver(event(ServiceDelivered, { ...facts, ...more }));
  }
  return facts.bookingId;
};

describe('a complaint', () => {
  it('is assigned, answered, closed and opened again, and told without its words', async () => {
    const siteId = await site();
    const bookingId = await booked(siteId, '2026-12-04');
    const { body: opened } = await open(siteId, frontEnd, { bookingId }).expect(201);
    expect(opened).toMatchObject({ status: 'open', answerBy: '2026-12-12', overdue: false, ownerId: null });
    const path = `/v1/complaints/${opened.id}`;
    const account = {
      login: `c${newId().slice(-8)}`,
      name: '李站长',
      roles: ['site_manager'],
      siteIds: [siteId],
    };
    const { body: colleague } = await post(owner, '/v1/people', account).expect(201);
    const patch = (changes: object) => service.as(owner).patch(path).send(changes);
    await patch({ ownerId: colleague.id, severity: 'high' }).expect(200);
    expect((await patch({ ownerId: newId() }).expect(422)).body.code).toBe('person_not_known');
    const another = (change: object) =>
      post(owner, '/v1/people', { ...account, login: `c${newId().slice(-8)}`, ...change }).expect(201);
    const { body: stranger } = await another({ siteIds: [await site()] });
    expect((await patch({ ownerId: stranger.id }).expect(422)).body.code).toBe('person_elsewhere');
    const { body: gone } = await another({});
    await post(owner, `/v1/people/${gone.id}/disable`).expect(200);
    const { body: headOffice } = await another({ roles: ['portfolio_manager'], siteIds: [] });
    await patch({ ownerId: headOffice.id }).expect(200);
    expect((await patch({ ownerId: gone.id }).expect(422)).body.code).toBe('person_disabled');
    expect((await post(owner, `${path}/close`).expect(409)).body.code).toBe('complaint_open');
    await post(owner, `${path}/answer`, { answer: '已更换保温箱', upheld: true }).expect(200);
    await post(owner, `${path}/close`).expect(200);
    clock.set('2026-12-08T02:00:00Z');
    const { body: again } = await post(frontEnd, `${path}/reopen`, { reason: '今天又凉了' }).expect(200);
    expect(again).toMatchObject({
      status: 'open',
      answerBy: '2026-12-15',
      reopened: 1,
      severity: 'high',
      steps: [{ step: 'answered' }, { step: 'reopened', text: '今天又凉了' }],
    });
    const told = (await service.told(ComplaintOpened)).filter(({ complaintId }) => complaintId === opened.id);
    expect(told).toMatchObject([
      { bookingId, category: 'food', severity: 'medium', again: false },
      { severity: 'high', again: true, answerBy: '2026-12-15' },
    ]);
    expect(await service.told(ComplaintClosed)).toContainEqual(
      expect.objectContaining({ complaintId: opened.id, upheld: true }),
    );
    const everything = JSON.stringify([told, await service.told(ComplaintClosed)]);
    for (const word of ['王奶奶', '凉', '保温']) expect(everything).not.toContain(word);
    const audited = await service.as(owner).get(`/v1/audit-entries?entityId=${opened.id}`).expect(200);
    expect(JSON.stringify(audited.body)).not.toContain('凉');
    expect(audited.body.items).toHaveLength(6);
  });

  it('that is not answered in time is told once, and again after more time has passed', async () => {
    const siteId = await site();
    const { body: complaint } = await open(siteId, official).expect(201);
    const overdue = async () =>
      (await service.told(ComplaintOverdue)).filter(({ complaintId }) => complaintId === complaint.id).length;
    const turn = () => service.running.app.get(PeriodicRunner).runNow(COMPLAINT_CALENDAR);
    clock.set('2026-12-12T15:00:00Z');
    await turn();
    expect(await overdue()).toBe(0);
    clock.set('2026-12-12T16:00:00Z');
    await turn();
    await turn();
    expect(await overdue()).toBe(1);
    await service
      .as(owner)
      .patch(`/v1/complaints/${complaint.id}`)
      .send({ answerBy: '2026-12-14' })
      .expect(200);
    clock.set('2026-12-15T02:00:00Z');
    await turn();
    expect(await overdue()).toBe(2);
    const mine = await service.as(owner).get(`/v1/complaints?siteId=${siteId}&overdue=true`).expect(200);
    expect(mine.body.items).toMatchObject([{ id: complaint.id, overdue: true }]);
  });

  it('is nobody else’s to see or to answer', async () => {
    const siteId = await site();
    const { body: complaint } = await open(siteId).expect(201);
    const path = `/v1/complaints/${complaint.id}`;
    const elsewhere = aSiteManager(String(owner.operatorId), [await site()]);
    for (const actor of [rival, elsewhere, anAuthority('33')]) await service.as(actor).get(path).expect(404);
    await service.as(frontEnd).get(path).expect(403);
    await post(anAuditor(String(owner.operatorId)), `${path}/answer`, { answer: 'x', upheld: false }).expect(
      403,
    );
    await post(rival, `${path}/answer`, { answer: 'x', upheld: false }).expect(404);
    await post(elsewhere, `${path}/answer`, { answer: 'x', upheld: false }).expect(403);
    await post(official, `${path}/answer`, { answer: 'x', upheld: false }).expect(403);
    await service.as(official).get(path).expect(200);
    expect((await open(siteId, rival).expect(422)).body.code).toBe('site_not_known');
    expect((await open(siteId, frontEnd, { bookingId: newId() }).expect(422)).body.code).toBe(
      'booking_not_known',
    );
    await open(siteId, frontEnd, { text: ' ', severity: 'x', category: 'Food!' }).expect(400);
  });
});

describe('satisfaction', () => {
  it('is told once per delivered booking, also when two rate it at once', async () => {
    const siteId = await site();
    const bookingId = await booked(siteId, '2026-12-04');
    const rate = (stars: number, id = bookingId, actor = frontEnd) =>
      post(actor, '/v1/satisfaction', { bookingId: id, stars });
    const answers = await Promise.all([rate(5), rate(4), rate(3)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const told = (await service.told(ServiceRated)).filter((each) => each.bookingId === bookingId);
    expect(told).toHaveLength(1);
    expect((await rate(5, await booked(siteId, '2026-12-06', false)).expect(409)).body.code).toBe(
      'not_delivered',
    );
    expect((await rate(5, newId()).expect(422)).body.code).toBe('booking_not_known');
    await rate(1, bookingId, rival).expect(422);
    await rate(6).expect(400);
  });

  it('and complaints make figures by site and month', async () => {
    const siteId = await site();
    for (const [day, stars] of [
      ['2026-11-30', 2],
      ['2026-12-01', 5],
      ['2026-12-02', 4],
    ] as const) {
      await post(frontEnd, '/v1/satisfaction', { bookingId: await booked(siteId, day), stars }).expect(201);
    }
    await booked(siteId, '2026-12-03');
    const { body: complaint } = await open(siteId).expect(201);
    await open(siteId).expect(201);
    await post(owner, `/v1/complaints/${complaint.id}/answer`, { answer: 'x', upheld: true }).expect(200);
    const figures = async (query: string, actor = owner) =>
      (await service.as(actor).get(`/v1/satisfaction?siteId=${siteId}&${query}`).expect(200)).body;
    const { items } = await figures('from=2026-11&to=2026-12');
    const nothing = { complaints: 0, complaintsClosed: 0, complaintsUpheld: 0, complaintsOverdue: 0 };
    expect(items).toEqual([
      {
        siteId,
        month: '2026-11',
        delivered: 1,
        rated: 1,
        starsMeanHundredths: 200,
        ratingsByStars: [0, 1, 0, 0, 0],
        ...nothing,
      },
      {
        siteId,
        month: '2026-12',
        delivered: 3,
        rated: 2,
        starsMeanHundredths: 450,
        ratingsByStars: [0, 0, 0, 1, 1],
        ...nothing,
        complaints: 2,
        complaintsUpheld: 1,
      },
    ]);
    const page = await figures('from=2026-11&to=2026-12&limit=1');
    expect((await figures(`from=2026-11&to=2026-12&cursor=${page.nextCursor}`)).items).toEqual([items[1]]);
    expect((await figures('from=2026-11&to=2026-12', official)).items).toEqual(items);
    expect((await figures('from=2026-11&to=2026-12', rival)).items).toEqual([]);
    await service.as(owner).get('/v1/satisfaction?from=2026-12&to=2026-11').expect(422);
    await service.as(owner).get('/v1/satisfaction?from=2026-13&to=x').expect(400);
  });
});
