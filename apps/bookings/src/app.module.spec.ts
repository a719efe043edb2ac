import { BookingsChangeRecorded } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { holesOf } from '@doorstep/platform';
import { policiesComparingText } from '@doorstep/testing';
import { COMMUNITY } from './testing/neighbours.fixture';
import { startWorld, type World } from './testing/world.fixture';

describe('the API document of bookings', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ PERIODIC: 'false' });
  });
  afterAll(() => world.service.stop());

  it('describes every operation, parameter and field', async () => {
    const document = (await (await fetch(`${world.service.url}/openapi.json`)).json()) as Parameters<
      typeof holesOf
    >[0];
    expect(holesOf(document)).toEqual([]);
  });

  it('tells who changed what, a person or a front-end, once and only when it was done', async () => {
    const name = '李明';
    const [byFrontEnd, key] = [await world.resident(), newId()];
    const consents = [{ purpose: 'booking' }, { purpose: 'subsidy' }];
    const body = { birthDate: '1950-05-01', regionCode: COMMUNITY, name, consents };
    const create = () => world.owner.post('/v1/residents').set('idempotency-key', key).send(body).expect(201);
    const { body: resident } = await create();
    await create();
    await world.owner.patch(`/v1/residents/${resident.id}`).send({ version: 1, careLevel: 99 }).expect(400);
    await world.owner.get(`/v1/residents/${resident.id}`).expect(200);
    const { status } = await world.owner.delete(`/v1/residents/${resident.id}/consents/subsidy`);
    expect(status).toBeLessThan(300);

    const told = (await world.service.told(BookingsChangeRecorded)).sort((a, b) =>
      a.changeId < b.changeId ? -1 : 1,
    );
    expect(told).toEqual([
      expect.objectContaining({
        action: 'residents:create',
        entity: byFrontEnd,
        operatorId: world.operatorId,
        actorKind: 'client',
      }),
      expect.objectContaining({
        action: 'residents:create',
        entity: resident.id,
        operatorId: world.operatorId,
        actorKind: 'person',
        facts: { operation: 'POST /v1/residents', fields: Object.keys(body) },
      }),
      expect.objectContaining({
        entity: resident.id,
        facts: { operation: 'DELETE /v1/residents/:id/consents/:purpose', fields: [] },
      }),
    ]);
    expect(JSON.stringify(told)).not.toContain(name);
  });

  it('compares no id as text where rows are kept apart', async () => {
    expect(await policiesComparingText(world.service.db)).toEqual([]);
  });
});
