import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@doorstep/kernel';
import { type Actor, describeApi, holesOf } from '@doorstep/platform';
import {
  anAdministrator,
  anAuditor,
  anAuthority,
  aCaregiver,
  aFinanceOfficer,
  aFrontEnd,
  anOwner,
  aSiteManager,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import type { Delivery } from './deliveries.dto';

const ours = new Story();
const theirs = new Story();
const folder = mkdtempSync(join(tmpdir(), 'doorstep-notifications-'));
const resident = newId();
let service: TestService;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: ours.contactKey, NOTIFICATIONS_DIR: folder, PERIODIC: 'false' },
  });
  await service.deliver(
    ours.confirmed(resident),
    ours.confirmed(resident, { siteId: newId() }),
    ours.cancelled(newId()),
    theirs.confirmed(newId()),
  );
});

afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

const list = async (actor: Actor, query = ''): Promise<Delivery[]> => {
  const { body } = await service.as(actor).get(`/v1/deliveries${query}`).expect(200);
  return body.items as Delivery[];
};

describe('GET /v1/deliveries', () => {
  it("shows a tenant its own, newest first, and an administrator everybody's", async () => {
    const owner = anOwner(ours.operatorId);
    const items = await list(owner);
    expect(items.map(({ id }) => id)).toEqual(
      items
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(items).toHaveLength(3);
    expect(await list(anOwner(theirs.operatorId))).toHaveLength(1);
    expect(await list(anOwner(newId()))).toEqual([]);
    expect(await list(anAdministrator())).toHaveLength(4);
    expect(await list(anAuditor(ours.operatorId))).toHaveLength(3);
  });

  it('shows a site manager those of the own sites', async () => {
    expect(await list(aSiteManager(ours.operatorId, [ours.siteId]))).toHaveLength(2);
    expect(await list(aSiteManager(ours.operatorId, []))).toEqual([]);
  });

  it('filters', async () => {
    const owner = anOwner(ours.operatorId);
    expect(await list(owner, `?residentId=${resident}`)).toHaveLength(2);
    expect(await list(owner, `?endpointId=${resident}`)).toEqual([]);
    expect(await list(owner, '?status=queued&channel=file')).toHaveLength(3);
    expect(await list(owner, '?status=sent')).toEqual([]);
    const [{ bookingId }] = await list(owner);
    expect(await list(owner, `?bookingId=${bookingId}`)).toHaveLength(1);
  });

  it('goes page by page', async () => {
    const owner = anOwner(ours.operatorId);
    const first = await service.as(owner).get('/v1/deliveries?limit=2').expect(200);
    const second = await service
      .as(owner)
      .get(`/v1/deliveries?limit=2&cursor=${first.body.nextCursor}`)
      .expect(200);
    expect([...first.body.items, ...second.body.items]).toEqual(await list(owner));
    expect(second.body.nextCursor).toBeNull();
  });

  it.each(['?limit=0', '?limit=201', '?status=lost', '?residentId=x', '?cursor=x', '?who=me'])(
    'refuses %s with a problem that names the field',
    async (query) => {
      const { body, status } = await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries${query}`);
      expect([status, body.errors?.[0]?.field]).toEqual([400, query.slice(1).split('=')[0]]);
    },
  );
});

it('refuses a cursor that only looks like one', async () => {
  const forged = Buffer.from('["x"]').toString('base64url');
  await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries?cursor=${forged}`).expect(400);
});

describe('GET /v1/deliveries/{id}', () => {
  it('hides those of other tenants and of other sites', async () => {
    const [{ id }] = await list(anOwner(theirs.operatorId));
    await service.as(anOwner(theirs.operatorId)).get(`/v1/deliveries/${id}`).expect(200);
    await service.as(anOwner(ours.operatorId)).get(`/v1/deliveries/${id}`).expect(404);
    await service
      .as(aSiteManager(theirs.operatorId, [newId()]))
      .get(`/v1/deliveries/${id}`)
      .expect(404);
    await service.as(anOwner(ours.operatorId)).get('/v1/deliveries/x').expect(400);
  });
});

describe('access', () => {
  const operations = ['/v1/deliveries', '/v1/templates', '/v1/preferences', '/v1/webhook-endpoints'];

  it.each(operations)('GET %s needs an identity and a role', async (path) => {
    await service.anonymous.get(path).expect(401);
    await service.as(anAuthority('310101')).get(path).expect(403);
    await service.as(anOwner(ours.operatorId)).get(path).expect(200);
  });

  it('keeps front-ends, caregivers and finance from the delivery log', async () => {
    const { operatorId } = ours;
    for (const actor of [
      aFrontEnd(operatorId),
      aCaregiver(operatorId, [ours.siteId]),
      aFinanceOfficer(operatorId),
    ]) {
      await service.as(actor).get('/v1/deliveries').expect(403);
    }
  });
});

it('describes its API without a hole', () => {
  expect(holesOf(describeApi(service.running.app, 'notifications'))).toEqual([]);
});
