import { OfferingSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { anAdministrator, anOwner, FixedClock, startTestService, type TestService } from '@doorstep/testing';
import { anOffering, aSite, REGIONS } from '../examples';
import { AppModule, Config, migrations } from '../index';

let service: TestService;
let path: string;
const clock = new FixedClock('2026-11-02T01:00:00Z');
const owner = anOwner(newId());
const space: Record<string, string> = {};
const offering: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService('facilities', AppModule, Config, migrations, { clock });
  const body = { source: 'test', year: 2023, rows: REGIONS };
  await service.as(anAdministrator()).post('/v1/regions/import').send(body).expect(200);
  const site = await service.as(owner).post('/v1/sites').send(aSite()).expect(201);
  path = `/v1/sites/${site.body.id}`;
  for (const [name, parent] of [['hall'], ['left', 'hall'], ['right', 'hall'], ['kitchen']]) {
    const parentId = parent === undefined ? undefined : space[parent];
    const made = await service
      .as(owner)
      .post(`${path}/spaces`)
      .send({ name, kind: 'hall', capacity: 50, parentId })
      .expect(201);
    space[name] = made.body.id;
    const offered = await service
      .as(owner)
      .post(`${path}/offerings`)
      .send(anOffering({ spaceId: made.body.id }))
      .expect(201);
    offering[name] = offered.body.id;
  }
});
afterAll(() => service.stop());

const close = (name: string, startsAt: string, endsAt: string, actor = owner) =>
  service
    .as(actor)
    .post(`${path}/spaces/${space[name]}/closures`)
    .send({ startsAt, endsAt, reason: '地板维修' });

/** What the newest snapshot of each offering says of closures. */
async function closuresTold(): Promise<Record<string, number>> {
  const told = await service.told(OfferingSnapshot);
  return Object.fromEntries(
    Object.entries(offering).map(([name, id]) => {
      const newest = told.filter((one) => one.offeringId === id).at(-1);
      return [name, newest?.closures?.length ?? 0];
    }),
  );
}

describe('closing a space for repair', () => {
  it('closes what it blocks, and not what stands beside it', async () => {
    const { body } = await close('left', '2026-11-09T00:00:00Z', '2026-11-10T00:00:00Z').expect(201);
    expect(body).toMatchObject({ spaceId: space.left, reason: '地板维修', cancelledAt: null });
    expect(await closuresTold()).toEqual({ hall: 1, left: 1, right: 0, kitchen: 0 });
    await close('hall', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z').expect(201);
    expect(await closuresTold()).toEqual({ hall: 2, left: 2, right: 1, kitchen: 0 });
  });

  it('may be called off, twice without harm', async () => {
    const { body } = await service.as(owner).get(`${path}/spaces/${space.left}/closures`).expect(200);
    const cancel = () =>
      service.as(owner).delete(`${path}/spaces/${space.left}/closures/${body.items[0].id}`).expect(200);
    const first = (await cancel()).body;
    expect(first.cancelledAt).toBe('2026-11-02T01:00:00.000Z');
    expect((await cancel()).body).toEqual(first);
    expect(await closuresTold()).toEqual({ hall: 1, left: 1, right: 1, kitchen: 0 });
    const count = async (query: string) =>
      (await service.as(owner).get(`${path}/spaces/${space.left}/closures${query}`).expect(200)).body.items
        .length;
    expect([await count(''), await count('?show=all')]).toEqual([0, 1]);
  });

  it('twice at once is a conflict, one after the other is not', async () => {
    await close('kitchen', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z').expect(201);
    expect(
      (await close('kitchen', '2026-11-20T12:00:00Z', '2026-11-22T00:00:00Z').expect(409)).body.code,
    ).toBe('space_closed_already');
    await close('kitchen', '2026-11-21T08:00:00+08:00', '2026-11-22T00:00:00Z').expect(201);
  });

  it('cannot be entered twice by hand either', async () => {
    const twice = service.db.query(
      `INSERT INTO space_closure (operator_id, region_code, site_id, space_id, starts_at, ends_at, reason, created_at)
       SELECT operator_id, region_code, site_id, space_id, starts_at, ends_at, reason, created_at FROM space_closure
       WHERE cancelled_at IS NULL`,
    );
    await expect(twice).rejects.toThrow(/space_closure_once/);
  });

  it.each([
    ['ends first', '2026-11-10T00:00:00Z', '2026-11-09T00:00:00Z', 422],
    ['is over', '2026-10-10T00:00:00Z', '2026-10-11T00:00:00Z', 422],
    ['has no offset', '2026-11-10T00:00:00', '2026-11-11T00:00:00', 400],
  ])('is refused when it %s', async (_what, startsAt, endsAt, status) => {
    await close('right', startsAt, endsAt).expect(status);
  });

  it('is for those who run the site', async () => {
    const stranger = anOwner(newId());
    await close('right', '2026-11-09T00:00:00Z', '2026-11-10T00:00:00Z', stranger).expect(404);
    await service.as(stranger).get(`${path}/spaces/${space.right}/closures`).expect(404);
    await service.as(owner).delete(`${path}/spaces/${space.right}/closures/${newId()}`).expect(404);
    await service.as(owner).post(`${path}/spaces/${newId()}/closures`).send({}).expect(400);
  });
});
