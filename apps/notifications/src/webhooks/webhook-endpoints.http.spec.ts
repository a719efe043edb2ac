import { newId } from '@doorstep/kernel';
import {
  aFinanceOfficer,
  aFrontEnd,
  anAdministrator,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { WebhooksSender } from './webhooks.sender';

const PATH = '/v1/webhook-endpoints';
const story = new Story();
const owner = anOwner(story.operatorId);
const endpoint = { url: 'https://hooks.example.org/doorstep', events: ['bookings.BookingConfirmed.v1'] };
let service: TestService;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: story.contactKey, PERIODIC: 'false' },
  });
});
afterAll(() => service?.stop());

const post = (actor = owner) => service.as(actor).post(PATH);

describe('POST /v1/webhook-endpoints', () => {
  it('shows the secret once, and stores it sealed', async () => {
    const { body } = await post().send(endpoint).expect(201);
    expect(body).toMatchObject({ ...endpoint, status: 'active', failures: 0, lastFailure: null });
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await service.as(owner).get(`${PATH}/${body.id}`).expect(200);
    expect(again.body).not.toHaveProperty('secret');
    const { rows } = await service.db.query('SELECT webhook_endpoint::text AS row FROM webhook_endpoint');
    expect(JSON.stringify(rows)).not.toContain(body.secret.slice(6));
  });

  it('answers a repeat with the same endpoint and secret, and keeps no secret with the key', async () => {
    const once = () => post().set('Idempotency-Key', 'register-1').send(endpoint);
    const [first, second] = [await once().expect(201), await once().expect(201)];
    expect(second.body).toEqual(first.body);
    const { rows } = await service.db.query(`SELECT result::text AS result FROM idempotency_key`);
    expect(JSON.stringify(rows)).not.toContain(first.body.secret.slice(6));
  });

  it.each([
    [{ ...endpoint, url: 'http://hooks.example.org/' }, 422, 'url'],
    [{ ...endpoint, url: 'https://169.254.169.254/' }, 422, 'url'],
    [{ ...endpoint, url: 'https://u:p@hooks.example.org/' }, 422, 'url'],
    [{ ...endpoint, url: 'hooks' }, 422, 'url'],
    [{ ...endpoint, url: 7 }, 400, 'url'],
    [{ ...endpoint, url: `https://x.org/${'a'.repeat(2000)}` }, 400, 'url'],
    [{ ...endpoint, events: [] }, 400, 'events'],
    [{ ...endpoint, events: ['bookings.ResidentSnapshot.v1'] }, 400, 'events'],
    [{ ...endpoint, events: [endpoint.events[0], endpoint.events[0]] }, 400, 'events'],
    [{ ...endpoint, secret: 'mine' }, 400, 'secret'],
  ])('refuses %j', async (body, status, field) => {
    const answer = await post().send(body).expect(status);
    expect(answer.body.errors.map((fault: { field: string }) => fault.field)).toContain(field);
    expect(answer.body.mend).toBeTruthy();
  });

  it('takes twenty endpoints of one operator, not more', async () => {
    const busy = anOwner(newId());
    for (let i = 0; i < 20; i++) await post(busy).send(endpoint).expect(201);
    const { body } = await post(busy).send(endpoint).expect(409);
    expect(body.code).toBe('webhook_endpoints_full');
  });

  it('is for an operator', async () => {
    expect((await post(anAdministrator()).send(endpoint).expect(422)).body.code).toBe('operator_needed');
    await post(aFinanceOfficer(story.operatorId)).send(endpoint).expect(403);
  });
});

describe('what a caller sees', () => {
  it('is the own operator, and for an API client what it registered itself', async () => {
    const operatorId = newId();
    const [mine, other] = [aFrontEnd(operatorId), aFrontEnd(operatorId)];
    const { body } = await post(mine).send(endpoint).expect(201);
    const seen = async (actor: typeof owner) =>
      (await service.as(actor).get(PATH).expect(200)).body.items.length;
    expect([await seen(mine), await seen(other), await seen(anOwner(operatorId))]).toEqual([1, 0, 1]);
    for (const stranger of [other, owner]) {
      await service.as(stranger).get(`${PATH}/${body.id}`).expect(404);
      await service.as(stranger).post(`${PATH}/${body.id}/enable`).expect(404);
      await service.as(stranger).delete(`${PATH}/${body.id}`).expect(404);
    }
    await service.as(mine).delete(`${PATH}/${body.id}`).expect(204);
    await service.as(mine).get(`${PATH}/${body.id}`).expect(404);
  });

  it('comes page by page', async () => {
    const many = anOwner(newId());
    for (let i = 0; i < 3; i++) await post(many).send(endpoint).expect(201);
    const first = await service.as(many).get(`${PATH}?limit=2`).expect(200);
    const second = await service.as(many).get(`${PATH}?limit=2&cursor=${first.body.nextCursor}`).expect(200);
    const ids = [...first.body.items, ...second.body.items].map(({ id }) => id);
    expect([new Set(ids).size, second.body.nextCursor]).toEqual([3, null]);
  });
});

describe('a name that leads into the private network', () => {
  it('is found out when the connection is made', async () => {
    const mine = new Story();
    const url = 'https://localhost:9/hooks';
    const { body } = await post(anOwner(mine.operatorId))
      .send({ ...endpoint, url })
      .expect(201);
    await service.deliver(mine.confirmed(newId()));
    await service.running.app.get(WebhooksSender).sendDue();
    const log = await service
      .as(anOwner(mine.operatorId))
      .get(`/v1/deliveries?endpointId=${body.id}`)
      .expect(200);
    expect(log.body.items).toMatchObject([{ status: 'queued', reason: 'address_forbidden', attempts: 1 }]);
  });
});
