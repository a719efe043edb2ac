import { BillingChangeRecorded, BookingsChangeRecorded, ChangeRecorded, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { type Actor, Database } from '@doorstep/platform';
import {
  anAdministrator,
  anAuditor,
  anAuthority,
  anOwner,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, Contracts, type Scene } from '../testing/scene.fixture';

let service: TestService;
let scene: Scene;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations);
  scene = await aScene(service);
});
afterAll(() => service.stop());

const actions = async (actor: Actor, query = '') =>
  (await service.as(actor).get(`/v1/audit-entries?limit=200&${query}`).expect(200)).body.items.map(
    ({ action }: { action: string }) => action,
  );

describe('the audit log', () => {
  it('shows each party what it did and what was done to it', async () => {
    const id = await new Contracts(service, scene).signed();
    expect(await actions(scene.owner, `entityId=${id}`)).toEqual([
      'contracts:create',
      'contracts:sign',
      'contracts:sign',
    ]);
    expect(await actions(anAuditor(scene.operatorId), `actorId=${scene.owner.id}`)).toEqual([
      'contracts:create',
      'contracts:sign',
    ]);
    expect(await actions(scene.official)).toEqual(['contracts:sign']);
    expect(await actions(scene.owner, 'action=contracts:sign&from=2026-01-01T00:00:00Z')).toHaveLength(2);
    expect(await actions(scene.owner, 'to=2026-01-01T00:00:00Z')).toEqual([]);
  });

  it('is nobody else’s, and closed to those who keep no books', async () => {
    expect(await actions(anOwner(await scene.register.operator()), 'action=contracts:sign')).toEqual([]);
    expect(await actions(anAuthority('310101'))).toEqual([]);
    await service
      .as({ ...scene.owner, roles: ['site_manager'] })
      .get('/v1/audit-entries')
      .expect(403);
    await service.as(scene.owner).get('/v1/audit-entries?entityId=x&action=y&from=z').expect(400);
  });

  it('takes in what was changed in other services, once, by id or by code', async () => {
    const { operatorId, owner } = scene;
    const [siteId, at] = [newId(), '2026-12-01T02:00:00.000Z'];
    const by = { actorId: owner.id, actorKind: 'person' as const, actorOrganisationId: operatorId };
    const change = (entity: string, action: string, whose?: string, type = ChangeRecorded) =>
      event(type, {
        ...by,
        ...(whose !== undefined && { operatorId: whose }),
        ...{ changeId: newId(), entity, action, facts: { fields: ['areaM2'] }, version: 1, at },
      });
    await service.deliver(
      change(siteId, 'sites:update', operatorId),
      change('meals', 'kinds:write'),
      change(siteId, 'bookings:attend', operatorId, BookingsChangeRecorded),
      change(siteId, 'exceptions:decide', operatorId, BillingChangeRecorded),
      Object.assign(change(siteId, 'bookings:create', operatorId, BookingsChangeRecorded), {
        actorKind: 'client' as const,
      }),
    );
    const ofSite = await actions(owner, `entityId=${siteId}`);
    expect(ofSite.sort()).toEqual([
      'bookings:attend',
      'bookings:create',
      'exceptions:decide',
      'sites:update',
    ]);
    expect(await actions(owner, `entityId=${siteId}&actorKind=client`)).toEqual(['bookings:create']);
    expect(await actions(owner, `entityId=${siteId}&actorKind=person`)).toHaveLength(3);
    const rival = anOwner(await scene.register.operator());
    expect(await actions(rival, `entityId=${siteId}`)).toEqual([]);
    const { body } = await service
      .as(anAdministrator())
      .get('/v1/audit-entries?entityCode=meals')
      .expect(200);
    expect(body.items).toMatchObject([
      {
        action: 'kinds:write',
        entityId: null,
        entityCode: 'meals',
        actorId: owner.id,
        at,
        facts: { fields: ['areaM2'] },
      },
    ]);
  });

  it('is never altered, not even by the service itself', async () => {
    const { app } = service.running;
    const { source } = app.get(Database);
    await expect(source.query(`UPDATE audit_entry SET action = 'x:y'`)).rejects.toThrow('permission denied');
    await expect(source.query(`DELETE FROM audit_entry`)).rejects.toThrow('permission denied');
  });
});
