import { newId } from '@doorstep/kernel';
import {
  aCaregiver,
  aFrontEnd,
  anAdministrator,
  anAuditor,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { TEMPLATES } from '../templates/catalogue';

const story = new Story();
const owner = anOwner(story.operatorId);
let service: TestService;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: story.contactKey, PERIODIC: 'false' },
  });
});
afterAll(() => service?.stop());

const put = (actor = owner) => service.as(actor).put('/v1/preferences');
const residentId = newId();
const preference = { residentId, channel: 'email', enabled: true };

describe('PUT /v1/preferences', () => {
  it('sets the whole preference and answers with it; the last one counts', async () => {
    const quietHours = { from: '21:30', to: '08:00' };
    const first = await put()
      .send({ ...preference, language: 'en', quietHours })
      .expect(200);
    expect(first.body).toEqual({ ...preference, language: 'en', quietHours, updatedAt: expect.any(String) });
    const second = await put()
      .send({ ...preference, enabled: false })
      .expect(200);
    expect(second.body).toMatchObject({ enabled: false, language: null, quietHours: null });
    const { body } = await service.as(owner).get(`/v1/preferences?residentId=${residentId}`).expect(200);
    expect(body).toEqual({ items: [second.body], nextCursor: null });
  });

  it('is open to front-ends and caregivers of the operator, for themselves alone', async () => {
    const resident = newId();
    const mine = { ...preference, residentId: resident };
    await put(aFrontEnd(story.operatorId)).send(mine).expect(200);
    await put(aCaregiver(story.operatorId, [newId()]))
      .send(mine)
      .expect(200);
    const stranger = anOwner(newId());
    await put(stranger)
      .send({ ...mine, enabled: false })
      .expect(200);
    const { body } = await service.as(owner).get(`/v1/preferences?residentId=${resident}`).expect(200);
    expect(body.items).toMatchObject([{ enabled: true }]);
    expect((await service.as(stranger).get('/v1/preferences').expect(200)).body.items).toHaveLength(1);
    await put(anAuditor(story.operatorId)).send(mine).expect(403);
    await put(anAdministrator()).send(mine).expect(403);
  });

  it.each([
    [{ ...preference, residentId: 'x' }, 'residentId'],
    [{ ...preference, channel: 'pigeon' }, 'channel'],
    [{ ...preference, enabled: 'yes' }, 'enabled'],
    [{ ...preference, language: 'fr' }, 'language'],
    [{ ...preference, quietHours: { from: '24:00', to: '08:00' } }, 'quietHours.from'],
    [{ ...preference, quietHours: { from: '22:00' } }, 'quietHours.to'],
    [{ ...preference, quietHours: 'always' }, 'quietHours'],
    [{ ...preference, operatorId: newId() }, 'operatorId'],
    [{}, 'residentId'],
  ])('refuses %j and names %s', async (body, field) => {
    const answer = await put().send(body).expect(400);
    expect(answer.body.errors.map((fault: { field: string }) => fault.field)).toContain(field);
  });
});

describe('GET /v1/preferences', () => {
  it('goes page by page', async () => {
    const operatorId = newId();
    const many = anOwner(operatorId);
    for (let i = 0; i < 3; i++)
      await put(many)
        .send({ ...preference, residentId: newId() })
        .expect(200);
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await service.as(many).get(`/v1/preferences?limit=1${cursor}`).expect(200);
      ids.push(...body.items.map((item: { residentId: string }) => item.residentId));
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual([...ids].sort());
  });
});

describe('GET /v1/templates', () => {
  it('shows every template with a sample in both languages, page by page', async () => {
    const first = await service.as(owner).get('/v1/templates?limit=3').expect(200);
    const rest = await service.as(owner).get(`/v1/templates?cursor=${first.body.nextCursor}`).expect(200);
    const items = [...first.body.items, ...rest.body.items];
    expect(items.map(({ code }) => code).sort()).toEqual(TEMPLATES.map(({ code }) => code).sort());
    expect(items[1]).toMatchObject({
      code: 'booking-confirmed',
      eventType: 'bookings.BookingConfirmed.v1',
      samples: [{ language: 'zh-CN' }, { language: 'en', subject: 'Booking confirmed: Community lunch' }],
    });
  });
});
