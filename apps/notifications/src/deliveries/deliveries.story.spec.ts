import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryEnded } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import type { Mail } from '../channels/channel';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { DeliveriesService } from './deliveries.service';
import type { DeliveryRow } from './delivery.entity';
import { MessagesSender } from './messages.sender';

const NOON = '2026-11-20T04:00:00Z'; // 12:00 in Shanghai, three days before the lunch
const WANG = { name: '王秀英', mobile: '13800000000', language: 'zh-CN' };

const story = new Story();
const clock = new FixedClock(NOON);
const folder = mkdtempSync(join(tmpdir(), 'doorstep-notifications-'));
let service: TestService;
let sender: MessagesSender;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    clock,
    // The spec says when messages are sent.
    env: { CONTACT_KEY: story.contactKey, NOTIFICATIONS_DIR: join(folder, 'out'), PERIODIC: 'false' },
  });
  sender = service.running.app.get(MessagesSender);
  await service.deliver(story.site(), story.offering());
});

afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => clock.set(NOON));

const mails = (): Mail[] =>
  readdirSync(join(folder, 'out')).flatMap((file) =>
    readFileSync(join(folder, 'out', file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Mail),
  );

async function deliveriesTo(
  residentId: string,
): Promise<Pick<DeliveryRow, 'id' | 'status' | 'reason' | 'attempts'>[]> {
  const { rows } = await service.db.query(
    'SELECT id, status, reason, attempts FROM delivery WHERE recipient_id = $1 ORDER BY id',
    [residentId],
  );
  return rows as DeliveryRow[];
}

/** A resident whom the service knows. */
async function aResident(contact: typeof WANG | undefined = WANG, changes = {}): Promise<string> {
  const id = newId();
  await service.deliver(story.resident(id, contact, changes));
  return id;
}

describe('when a booking is confirmed', () => {
  it('tells the resident, and the log and the event say so without a word about the person', async () => {
    const residentId = await aResident();
    const confirmed = story.confirmed(residentId);
    const [posted] = await service.deliver(confirmed);
    await sender.sendDue();

    const [delivery] = await deliveriesTo(residentId);
    expect(delivery).toMatchObject({ status: 'sent', reason: null, attempts: 1 });
    const mail = mails().find(({ id }) => id === delivery.id);
    expect(mail).toMatchObject({ to: WANG, language: 'zh-CN', subject: '预约成功：社区午餐' });
    expect(mail?.text).toContain('2026年11月23日 星期一 11:00–12:30');

    const answer = await service
      .as(anOwner(story.operatorId))
      .get(`/v1/deliveries/${delivery.id}`)
      .expect(200);
    expect(answer.body).toEqual({
      id: delivery.id,
      channel: 'file',
      subject: 'booking-confirmed',
      eventId: posted.id,
      eventType: 'bookings.BookingConfirmed.v1',
      residentId,
      endpointId: null,
      siteId: story.siteId,
      bookingId: confirmed.bookingId,
      status: 'sent',
      reason: null,
      attempts: 1,
      nextAttemptAt: null,
      createdAt: new Date(NOON).toISOString(),
      endedAt: new Date(NOON).toISOString(),
    });

    const ended = (await service.told(DeliveryEnded)).find(({ deliveryId }) => deliveryId === delivery.id);
    expect(ended).toMatchObject({
      outcome: 'sent',
      channel: 'file',
      subject: 'booking-confirmed',
      residentId,
    });
    const { rows } = await service.db.query('SELECT delivery::text AS row FROM delivery');
    expect(JSON.stringify([rows, ended])).not.toMatch(/王秀英|13800000000/);
  });

  it('tells once, however often the event comes', async () => {
    const residentId = await aResident();
    const letter = { event: story.confirmed(residentId), id: newId() };
    await service.deliver(letter);
    await sender.sendDue();
    await service.deliver(letter, letter);
    // Even after the inbox has forgotten the event.
    await service.db.query('DELETE FROM inbox WHERE event_id = $1', [letter.id]);
    await service.deliver(letter);
    await sender.sendDue();
    const deliveries = await deliveriesTo(residentId);
    expect(deliveries).toHaveLength(1);
    expect(mails().filter(({ id }) => id === deliveries[0].id)).toHaveLength(1);
  });

  it('waits for a snapshot that is behind', async () => {
    const residentId = newId();
    await service.deliver(story.confirmed(residentId));
    await sender.sendDue();
    expect(await deliveriesTo(residentId)).toMatchObject([
      { status: 'queued', reason: 'resident_unknown', attempts: 1 },
    ]);
    await service.deliver(story.resident(residentId, WANG));
    await sender.sendDue();
    expect(await deliveriesTo(residentId)).toMatchObject([{ status: 'queued' }]); // not before its pause is over
    clock.advance({ seconds: 2 });
    await sender.sendDue();
    expect(await deliveriesTo(residentId)).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });
});

describe('when the site cancels', () => {
  it('says who did it, in the language that the resident set', async () => {
    const residentId = await aResident();
    await service
      .as(anOwner(story.operatorId))
      .put('/v1/preferences')
      .send({ residentId, channel: 'email', enabled: true, language: 'en' })
      .expect(200);
    await service.deliver(story.cancelled(residentId));
    await sender.sendDue();
    const [{ id }] = await deliveriesTo(residentId);
    const mail = mails().find((each) => each.id === id);
    expect(mail).toMatchObject({ language: 'en', subject: 'Booking cancelled: Community lunch' });
    expect(mail?.text).toContain('the site had to cancel your booking');
    expect(mail?.text).not.toContain('water pipe');
  });
});

describe('a resident who does not want to hear', () => {
  const outcomeFor = async (residentId: string) => {
    await service.deliver(story.confirmed(residentId));
    await sender.sendDue();
    return (await deliveriesTo(residentId)).at(-1);
  };

  it('gave no consent', async () => {
    const residentId = await aResident(WANG, { notificationConsent: false });
    expect(await outcomeFor(residentId)).toMatchObject({ status: 'suppressed', reason: 'no_consent' });
  });

  it('withdrew it', async () => {
    const residentId = await aResident();
    await service.deliver(story.resident(residentId, WANG, { version: 2, notificationConsent: false }));
    expect(await outcomeFor(residentId)).toMatchObject({ reason: 'no_consent' });
  });

  it('switched messages off', async () => {
    const residentId = await aResident();
    await service
      .as(anOwner(story.operatorId))
      .put('/v1/preferences')
      .send({ residentId, channel: 'email', enabled: false })
      .expect(200);
    expect(await outcomeFor(residentId)).toMatchObject({ status: 'suppressed', reason: 'unsubscribed' });
  });

  it('left no contact data', async () => {
    const residentId = newId();
    await service.deliver(story.resident(residentId, undefined));
    expect(await outcomeFor(residentId)).toMatchObject({ status: 'suppressed', reason: 'no_contact' });
  });

  it('has quiet hours: the message waits for the morning', async () => {
    const residentId = await aResident();
    await service
      .as(anOwner(story.operatorId))
      .put('/v1/preferences')
      .send({ residentId, channel: 'email', enabled: true, quietHours: { from: '21:30', to: '08:00' } })
      .expect(200);
    clock.set('2026-11-20T15:00:00Z'); // 23:00
    expect(await outcomeFor(residentId)).toMatchObject({
      status: 'queued',
      reason: 'quiet_hours',
      attempts: 0,
    });
    clock.set('2026-11-21T00:00:00Z'); // 08:00
    await sender.sendDue();
    expect(await deliveriesTo(residentId)).toMatchObject([{ status: 'sent', attempts: 1 }]);
  });

  it('is told nothing of what has begun', async () => {
    const residentId = await aResident();
    clock.set('2026-11-23T03:00:00Z');
    expect(await outcomeFor(residentId)).toMatchObject({ status: 'suppressed', reason: 'too_late' });
  });
});

describe('an erased resident', () => {
  it('loses contact, preferences and what is queued; an older snapshot does not bring them back', async () => {
    const residentId = await aResident();
    const owner = anOwner(story.operatorId);
    await service
      .as(owner)
      .put('/v1/preferences')
      .send({ residentId, channel: 'email', enabled: true })
      .expect(200);
    await service.deliver(story.confirmed(residentId));
    await service.deliver(story.resident(residentId, undefined, { version: 3, erased: true }));

    expect(await deliveriesTo(residentId)).toMatchObject([{ status: 'suppressed', reason: 'erased' }]);
    const [{ id }] = await deliveriesTo(residentId);
    const ended = (await service.told(DeliveryEnded)).find(({ deliveryId }) => deliveryId === id);
    expect(ended).toMatchObject({ outcome: 'suppressed', reason: 'erased' });
    await service.deliver(story.resident(residentId, WANG, { version: 2 }), story.confirmed(residentId));
    await sender.sendDue();
    expect((await deliveriesTo(residentId)).at(-1)).toMatchObject({ status: 'suppressed', reason: 'erased' });

    const { rows } = await service.db.query(
      `SELECT version, erased, num_nonnulls(key_id, wrapped_key, sealed) AS left FROM resident_contact WHERE resident_id = $1`,
      [residentId],
    );
    expect(rows).toEqual([{ version: 3, erased: true, left: 0 }]);
    const { body } = await service.as(owner).get(`/v1/preferences?residentId=${residentId}`).expect(200);
    expect(body.items).toEqual([]);
    const refused = { residentId, channel: 'email', enabled: true };
    await service.as(owner).put('/v1/preferences').send(refused).expect(410);
  });
});

describe('trouble', () => {
  it('with a key that does not fit comes to an end, and holds up nobody else', async () => {
    const strange = newId();
    await service.deliver(story.resident(strange, WANG, {}, new Story().contactKey));
    const good = await aResident();
    await service.deliver(story.confirmed(strange), story.confirmed(good));
    await sender.sendDue();
    expect(await deliveriesTo(good)).toMatchObject([{ status: 'sent' }]);
    for (let attempt = 0; attempt < 20; attempt++) {
      clock.advance({ hours: 1 });
      await sender.sendDue();
    }
    expect(await deliveriesTo(strange)).toMatchObject([
      { status: 'failed', reason: 'contact_unreadable', attempts: 12 },
    ]);
  });
});

describe('the figures', () => {
  it('say how long the longest has been waiting for a sender', async () => {
    const overdue = async () => {
      const text = await (await fetch(`${service.url}/metrics`)).text();
      return Number(/^doorstep_delivery_overdue_seconds\S* (\S+)$/m.exec(text)?.[1]);
    };
    await service.db.query(`DELETE FROM delivery WHERE status = 'queued'`);
    expect(await overdue()).toBe(0);
    await service.deliver(story.confirmed(await aResident()));
    clock.advance({ minutes: 3 });
    expect(await overdue()).toBe(180);
    await sender.sendDue();
    expect(await overdue()).toBe(0);
  });
});

describe('the log', () => {
  it('keeps what ended for a time, and what is queued for ever', async () => {
    const [old, waiting] = [await aResident(), newId()];
    await service.deliver(story.confirmed(old), story.confirmed(waiting));
    await sender.sendDue();
    clock.advance({ days: 181 });
    await service.running.app.get(DeliveriesService).removeOld();
    expect(await deliveriesTo(old)).toEqual([]);
    expect(await deliveriesTo(waiting)).toMatchObject([{ status: 'queued' }]);
  });
});
