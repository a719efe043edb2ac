import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import { daily } from '../testing/neighbours.fixture';
import { startWorld, type World } from '../testing/world.fixture';
import type { FeedDto } from './calendars.dto';

describe('calendar feeds', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  const link = async (subject: string, subjectId: string, caller = world.owner): Promise<Required<FeedDto>> =>
    (await caller.post('/v1/calendars').send({ subject, subjectId }).expect(201)).body as Required<FeedDto>;
  const read = (path: string) => world.service.anonymous.get(path);

  it('show a resident’s bookings, by the link alone, without a word about who it is', async () => {
    const lunch = await world.open();
    const [first, second] = await world.sessions(lunch.offeringId, '2026-11-03', '2026-11-05');
    const resident = await world.resident({ name: '王小芳' });
    const confirmed = await world.confirmed(lunch, first?.sessionId ?? '', resident);
    await world.book(lunch, second?.sessionId ?? '', resident).expect(202);
    const { path } = await link('resident', resident, world.frontEnd);
    const answer = await read(path).expect(200);
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(answer.text).toContain(`UID:${confirmed.id}@doorstep\r\n`);
    expect(answer.text).toContain('DTSTART:20261103T030000Z\r\n');
    expect(answer.text.match(/STATUS:\w+/g)).toEqual(['STATUS:CONFIRMED', 'STATUS:TENTATIVE']);
    expect(answer.text).not.toContain('王');
    await world.frontEnd.post(`/v1/bookings/${confirmed.id}/cancel`).send({ reason: 'ill' }).expect(200);
    const after = (await read(path).expect(200)).text;
    expect(after).toContain('STATUS:CANCELLED\r\nSEQUENCE:3');
  });

  it('show a site its sessions with counts, and a carer their visits', async () => {
    const care = await world.open({
      kind: 'elderly_care',
      mode: 'visit',
      delivery: 'home',
      capacityModel: 'caregiver',
      capacity: 4,
      schedule: daily('13:00', '14:00'),
    });
    const carer = world.staff(care.siteId);
    await world.service.deliver(carer);
    const { sessionId } = await world.session(care.offeringId);
    const visit = await world.confirmed(care, sessionId, await world.resident());
    const site = (await read((await link('site', care.siteId)).path).expect(200)).text;
    expect(site).toContain('SUMMARY:午餐 1/4');
    const rounds = (await read((await link('caregiver', carer.staffId)).path).expect(200)).text;
    expect(rounds.match(/UID:.*/g)).toEqual([`UID:${visit.id}@doorstep`]);
  });

  it('rise with each change of what is shown, so that calendar programs take it', async () => {
    const lunch = await world.open({ capacity: 4, schedule: daily('11:00', '12:30') });
    const { sessionId } = await world.session(lunch.offeringId);
    const { path } = await link('site', lunch.siteId);
    const seen: { summary: string; sequence: number }[] = [];
    const look = async (): Promise<void> => {
      const [, entry = ''] = (await read(path).expect(200)).text.split(`UID:${sessionId}@doorstep`);
      const of = (name: string): string => new RegExp(`${name}:(.*)\r`).exec(entry)?.[1] ?? '';
      seen.push({ summary: of('SUMMARY'), sequence: Number(of('SEQUENCE')) });
    };
    await look();
    const { id } = await world.confirmed(lunch, sessionId, await world.resident());
    await look();
    await world.frontEnd.post(`/v1/bookings/${id}/cancel`).send({ reason: 'ill' }).expect(200);
    await look();
    await world.service.deliver(Object.assign(lunch, { version: 2, capacity: 5 }));
    await world.service.eventually(async () =>
      expect((await world.session(lunch.offeringId)).capacity).toBe(5),
    );
    await look();
    expect(seen.map(({ summary }) => summary)).toEqual(['午餐 0/4', '午餐 1/4', '午餐 0/4', '午餐 0/5']);
    const rising = seen.every(({ sequence }, n) => n === 0 || sequence > (seen[n - 1]?.sequence ?? 0));
    expect([rising, seen]).toEqual([true, seen]);
  });

  it('end when the link is revoked, and are never found by another token', async () => {
    const { id, path } = await link('resident', await world.resident());
    await read(path).expect(200);
    await world.owner.delete(`/v1/calendars/${id}`).expect(200);
    expect((await read(path).expect(404)).body).toMatchObject({ code: 'calendar_not_found' });
    await read('/v1/calendars/guess.ics').expect(404);
    await read('/v1/calendars').expect(401);
    const { rows } = await world.service.db.query<{ text: string }>(
      `SELECT f::text AS text FROM calendar_feed f`,
    );
    expect(rows.some(({ text }) => text.includes(path.slice(14, 40)))).toBe(false);
  });

  it('are given out for the tenant’s own alone, each link once', async () => {
    const resident = await world.resident();
    const stranger = world.service.as(anOwner(newId()));
    await stranger.post('/v1/calendars').send({ subject: 'resident', subjectId: resident }).expect(404);
    const ask = () =>
      world.owner
        .post('/v1/calendars')
        .set('idempotency-key', `k-${resident}`)
        .send({ subject: 'resident', subjectId: resident });
    await ask().expect(201);
    expect((await ask().expect(409)).body).toMatchObject({ code: 'link_shown_once' });
    const { body } = await world.owner.get('/v1/calendars?limit=200').expect(200);
    for (const feed of (body as { items: FeedDto[] }).items) expect(feed.path).toBeUndefined();
  });
});
