import { newId } from '@doorstep/kernel';
import type { Actor } from '@doorstep/platform';
import {
  anAuditor,
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
import { aSite } from '../testing/scene.fixture';

const clock = new FixedClock('2026-12-05T02:00:00Z');
let service: TestService;
let register: Register;
let operatorId: string;
let owner: Actor;
const sites = [newId(), newId()];

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
  register = new Register(service);
  operatorId = await register.operator();
  owner = anOwner(operatorId);
  await service.deliver(...sites.map((siteId, i) => aSite(operatorId, { siteId, code: `S-${i}` })));
});
afterAll(() => service.stop());

const get = async (path: string, actor: Actor = owner) =>
  (await service.as(actor).get(`/v1/${path}`).expect(200)).body;
const csv = (text: string, actor: Actor = owner, query = '') =>
  service.as(actor).post(`/v1/costs/import-file${query}`).set('content-type', 'text/csv').send(text);

describe('costs', () => {
  const file = [
    'siteCode,month,kind,costClass,amountYuan',
    'S-0,2026-11,meals,materials,60.00',
    'S-0,2026-11,,base_labour,90',
    'S-1,2026-11,,premises,150.01',
  ].join('\n');

  it('are imported from a file, rehearsed first, once for the same file again', async () => {
    expect((await csv(file, owner, '?dryRun=true').expect(200)).body).toEqual({
      rows: 3,
      added: 3,
      changed: 0,
      unchanged: 0,
      dryRun: true,
    });
    expect((await get('costs')).items).toEqual([]);
    expect((await csv(file).expect(200)).body).toMatchObject({ added: 3, changed: 0, unchanged: 0 });
    expect((await csv(file).expect(200)).body).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    expect((await csv(file.replace('60.00', '61.00')).expect(200)).body).toMatchObject({
      changed: 1,
      unchanged: 2,
    });
    expect((await csv(file).expect(200)).body).toMatchObject({ changed: 1 });
    const first = await get('costs?limit=2');
    expect(first.items).toHaveLength(2);
    const rest = await get(`costs?limit=2&cursor=${first.nextCursor}`);
    expect(
      [...first.items, ...rest.items].map(({ amountFen }: { amountFen: number }) => amountFen).sort(),
    ).toEqual([15001, 6000, 9000]);
  });

  it('with broken lines are refused whole, each line with its fault', async () => {
    const broken = [
      'siteCode,month,kind,costClass,amountYuan',
      'S-9,2026-11,,materials,1',
      'S-0,2026-13,,materials,1',
      'S-0,2026-10,=1+1,rent,1.234',
      'S-0,2026-10,,materials,1',
      'S-0,2026-10,,materials,2',
    ].join('\n');
    const { body } = await csv(broken).expect(422);
    expect(body.code).toBe('cost_rows_refused');
    const fields = body.errors.map(({ field }: { field: string }) => field).sort();
    expect(fields).toEqual([
      'file:2.siteCode',
      'file:3.month',
      'file:4.amountYuan',
      'file:4.costClass',
      'file:4.kind',
      'file:4.kind',
      'file:6',
    ]);
    expect((await get('costs?from=2026-10&to=2026-11')).items).toEqual([]);
  });

  it('are entered for own sites alone', async () => {
    const item = { siteId: sites[0], month: '2026-12', costClass: 'materials', amountFen: 1 };
    const enter = (actor: Actor, items: object[]) => service.as(actor).post('/v1/costs').send({ items });
    await enter(aSiteManager(operatorId, [sites[1]]), [item]).expect(403);
    await enter(anAuditor(operatorId), [item]).expect(403);
    expect((await enter(anOwner(await register.operator()), [item]).expect(422)).body.code).toBe(
      'site_not_known',
    );
    expect((await enter(owner, [item, item]).expect(422)).body.code).toBe('cost_twice');
  });
});
