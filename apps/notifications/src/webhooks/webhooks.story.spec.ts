import { ChargeCaptured, DeliveryEnded, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { Receiver, verify } from './receiver.fixture';
import type { WebhookEndpointWithSecret } from './webhook-endpoints.dto';
import { WebhooksSender } from './webhooks.sender';

const NOON = '2026-11-20T04:00:00Z';
const CONFIRMED = 'bookings.BookingConfirmed.v1';
const CAPTURED = 'billing.ChargeCaptured.v1';

const clock = new FixedClock(NOON);
const keys = new Story();
let service: TestService;
let sender: WebhooksSender;
let receiver: Receiver;
/** Each spec's own operator, so that no endpoint hears of another spec. */
let story: Story;

beforeAll(async () => {
  receiver = await Receiver.start();
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    clock,
    env: { CONTACT_KEY: keys.contactKey, WEBHOOK_ALLOW_PRIVATE: 'true', PERIODIC: 'false' },
  });
  sender = service.running.app.get(WebhooksSender);
});

afterAll(async () => {
  await service?.stop();
  await receiver.close();
});

beforeEach(() => {
  clock.set(NOON);
  story = new Story();
  receiver.calls.length = 0;
  receiver.answer = (_call, response) => void response.writeHead(204).end();
});

async function register(path: string, ...events: string[]): Promise<WebhookEndpointWithSecret> {
  const url = receiver.url + path;
  const owner = anOwner(story.operatorId);
  const { body } = await service.as(owner).post('/v1/webhook-endpoints').send({ url, events }).expect(201);
  return body as WebhookEndpointWithSecret;
}

const endpoint = async (id: string) =>
  (await service.as(anOwner(story.operatorId)).get(`/v1/webhook-endpoints/${id}`).expect(200)).body;
const deliveries = async (endpointId: string) =>
  (await service.as(anOwner(story.operatorId)).get(`/v1/deliveries?endpointId=${endpointId}`).expect(200))
    .body.items;

function captured(): ChargeCaptured {
  const { operatorId, siteId } = story;
  const shares = { grossFen: 1800, residentFen: 1400, fundersFen: 300, operatorFen: 100 };
  const ids = { chargeId: newId(), bookingId: newId(), contractId: newId(), residentId: newId() };
  const base = { operatorId, siteId, version: 2, at: '2026-11-20T06:00:00.000Z', kind: 'meals' };
  const funders = [{ programmeId: newId(), funderId: newId(), amountFen: 300 }];
  return event(ChargeCaptured, { ...base, ...ids, ...shares, serviceDay: '2026-11-20', funders });
}

describe('an endpoint', () => {
  it('gets what it asked for, signed with its secret, and nothing else', async () => {
    const { id, secret } = await register('/a', CONFIRMED, CAPTURED);
    const [booking, charge] = [story.confirmed(newId()), captured()];
    const [posted] = await service.deliver(
      booking,
      charge,
      story.cancelled(newId()),
      new Story().confirmed(newId()),
    );
    await sender.sendDue();

    expect(receiver.calls.map(({ body }) => body.type).sort()).toEqual([CAPTURED, CONFIRMED]);
    const call = receiver.calls.find(({ body }) => body.type === CONFIRMED)!;
    expect(call.body).toEqual({
      id: posted.id,
      type: CONFIRMED,
      timestamp: booking.at,
      data: { ...booking },
    });
    expect(verify(secret, call)).toEqual(call.body);
    expect(() => verify('whsec_c29tZWJvZHkgZWxzZQ==', call)).toThrow('No matching signature');

    const log = await deliveries(id);
    expect(log).toHaveLength(2);
    const delivery = log.find(({ eventType }: { eventType: string }) => eventType === CONFIRMED);
    expect(delivery).toMatchObject({
      id: call.headers['webhook-id'],
      channel: 'webhook',
      status: 'sent',
      residentId: null,
    });
    const ended = (await service.told(DeliveryEnded)).find(({ deliveryId }) => deliveryId === delivery.id);
    expect(ended).toMatchObject({ channel: 'webhook', outcome: 'sent', subject: CONFIRMED });
    expect(ended).not.toHaveProperty('residentId');
  });

  it('gets each event once, though it comes twice', async () => {
    await register('/once', CONFIRMED);
    const letter = { event: story.confirmed(newId()), id: newId() };
    await service.deliver(letter);
    await service.deliver(letter);
    await service.db.query('DELETE FROM inbox WHERE event_id = $1', [letter.id]);
    await service.deliver(letter);
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(1);
  });
});

describe('an endpoint that fails', () => {
  it('is left alone for a while, then gets the same delivery under the same id, and the rest in order', async () => {
    const { id } = await register('/flaky', CONFIRMED);
    receiver.answer = (_call, response) => void response.writeHead(500).end('secret details');
    const events = [story.confirmed(newId()), story.confirmed(newId()), story.confirmed(newId())];
    for (const each of events) await service.deliver(each);
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(1); // the others wait for the end of the pause
    expect(await endpoint(id)).toMatchObject({ status: 'active', failures: 1, lastFailure: 'http_500' });
    const waiting = await deliveries(id);
    expect(waiting.map(({ reason, attempts }: never) => [reason, attempts])).toEqual([
      ['endpoint_paused', 0],
      ['endpoint_paused', 0],
      ['http_500', 1],
    ]);

    receiver.answer = (_call, response) => void response.writeHead(200).end('{}');
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(1);
    clock.advance({ seconds: 20 });
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(4);
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    expect(ids.filter((each) => each === ids[0])).toHaveLength(2);
    expect(await endpoint(id)).toMatchObject({ failures: 0, lastFailure: null, pausedUntil: null });
  });

  it('holds up nobody else', async () => {
    await register('/dead', CONFIRMED);
    await register('/well', CONFIRMED);
    receiver.answer = (call, response) => void response.writeHead(call.path === '/dead' ? 503 : 204).end();
    await service.deliver(...Array.from({ length: 60 }, () => story.confirmed(newId())));
    await sender.sendDue();
    expect([receiver.to('/dead').length, receiver.to('/well').length]).toEqual([1, 60]);
  });

  it('or is slow to answer holds up nobody else', async () => {
    await register('/slow', CONFIRMED);
    const held: (() => void)[] = [];
    receiver.answer = (call, response) => {
      if (call.path === '/slow') held.push(() => response.writeHead(204).end());
      else response.writeHead(204).end();
    };
    await service.deliver(story.confirmed(newId()), story.confirmed(newId()));
    const draining = sender.sendDue();
    await service.eventually(() => expect(held).toHaveLength(1));
    await register('/quick', CONFIRMED);
    await service.deliver(story.confirmed(newId()));
    await service.eventually(() => expect(receiver.to('/quick')).toHaveLength(1));
    expect(receiver.to('/slow')).toHaveLength(1); // one after the other
    await service.eventually(() => {
      held.shift()?.();
      expect(receiver.to('/slow')).toHaveLength(3);
    });
    held.shift()?.();
    await draining;
  });

  it.each([
    [
      'redirects',
      'http_302',
      (answer: Parameters<Receiver['answer']>[1]) => void answer.writeHead(302, { location: '/well' }).end(),
    ],
    ['hangs up', 'socket', (answer: Parameters<Receiver['answer']>[1]) => void answer.destroy()],
  ])('because it %s is tried again', async (_what, reason, answer) => {
    const { id } = await register('/odd', CONFIRMED);
    receiver.answer = (_call, response) => answer(response);
    await service.deliver(story.confirmed(newId()));
    await sender.sendDue();
    expect(await deliveries(id)).toMatchObject([{ status: 'queued', reason, attempts: 1 }]);
    expect(receiver.to('/well')).toEqual([]);
  });

  it('may say how long to wait', async () => {
    const { id } = await register('/busy', CONFIRMED);
    receiver.answer = (_call, response) => void response.writeHead(429, { 'retry-after': '600' }).end();
    await service.deliver(story.confirmed(newId()));
    await sender.sendDue();
    const [{ nextAttemptAt }] = await deliveries(id);
    expect(new Date(nextAttemptAt).getTime()).toBeGreaterThanOrEqual(new Date(NOON).getTime() + 600_000);
    expect(new Date((await endpoint(id)).pausedUntil).getTime()).toBeGreaterThanOrEqual(
      new Date(NOON).getTime() + 600_000,
    );
  });

  it('for days is disabled, hears nothing more, and can be enabled again', async () => {
    const { id } = await register('/gone', CONFIRMED);
    receiver.answer = (_call, response) => void response.writeHead(500).end();
    await service.deliver(story.confirmed(newId()));
    for (let hour = 0; hour < 200 && (await endpoint(id)).status === 'active'; hour += 6) {
      await sender.sendDue();
      clock.advance({ hours: 6 });
      // A fresh event now and then: the first one gives up after two days.
      if (hour % 24 === 0) await service.deliver(story.confirmed(newId()));
    }
    const days = (clock.now().getTime() - new Date(NOON).getTime()) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(5);
    expect(await endpoint(id)).toMatchObject({ status: 'disabled', lastFailure: 'http_500' });

    const heard = receiver.calls.length;
    await sender.sendDue();
    await service.deliver(story.confirmed(newId()));
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(heard);
    const log = await deliveries(id);
    expect(log.filter(({ status }: never) => status === 'queued')).toEqual([]);
    expect(log.some(({ reason }: never) => reason === 'endpoint_disabled')).toBe(true);

    receiver.answer = (_call, response) => void response.writeHead(204).end();
    await service.as(anOwner(story.operatorId)).post(`/v1/webhook-endpoints/${id}/enable`).expect(200);
    await service.deliver(story.confirmed(newId()));
    await sender.sendDue();
    expect(receiver.calls).toHaveLength(heard + 1);
  });

  it('with 410 is disabled at once', async () => {
    const { id } = await register('/410', CONFIRMED);
    receiver.answer = (_call, response) => void response.writeHead(410).end();
    await service.deliver(story.confirmed(newId()), story.confirmed(newId()));
    await sender.sendDue();
    clock.advance({ seconds: 30 });
    await sender.sendDue();
    expect(await endpoint(id)).toMatchObject({ status: 'disabled' });
    expect((await deliveries(id)).map(({ status, reason }: never) => [status, reason])).toEqual([
      ['suppressed', 'endpoint_disabled'],
      ['failed', 'http_410'],
    ]);
  });
});

describe('an endpoint that is removed', () => {
  it('takes what is queued for it along', async () => {
    const { id } = await register('/bye', CONFIRMED);
    await service.deliver(story.confirmed(newId()));
    const [{ id: deliveryId }] = await deliveries(id);
    await service.as(anOwner(story.operatorId)).delete(`/v1/webhook-endpoints/${id}`).expect(204);
    await sender.sendDue();
    expect(receiver.calls).toEqual([]);
    const ended = (await service.told(DeliveryEnded)).find((each) => each.deliveryId === deliveryId);
    expect(ended).toMatchObject({ outcome: 'suppressed', reason: 'endpoint_removed' });
  });
});
