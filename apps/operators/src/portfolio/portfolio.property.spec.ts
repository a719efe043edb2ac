import { contractOf, type EventClass } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner, runRebuild } from '@doorstep/platform';
import { FixedClock, type Letter, startTestService, type TestService } from '@doorstep/testing';
import fc from 'fast-check';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aStream, REGION, type StreamWorld } from '../testing/portfolio-streams.fixture';
import { aScene, Contracts, type Scene, someSites } from '../testing/scene.fixture';
import { MAKE_FIGURES } from './figures.maker';
import { figuresByHand, type OracleEvent, peopleByHand } from './portfolio.oracle';

jest.setTimeout(120_000);

const clock = new FixedClock('2026-10-20T02:00:00Z');
let service: TestService;
let scene: Scene;
let siteIds: string[];
let contractId: string;
let world: StreamWorld;
/** Everything that was ever told, to be counted by hand. */
const told: OracleEvent[] = [];

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, {
    clock,
    env: { PERIODIC: 'false' },
  });
  scene = await aScene(service);
  siteIds = await someSites(service, scene.operatorId, 3);
  const contracts = new Contracts(service, scene);
  // The third site stands under none; the second comes under it in the middle of a month.
  contractId = await contracts.draft([siteIds[0]], { from: '2026-10-01' });
  const path = `/v1/contracts/${contractId}`;
  const late = { sites: [{ siteId: siteIds[1], from: '2026-11-11' }] };
  await service.as(scene.owner).post(`${path}/sites`).send(late).expect(201);
  for (const actor of [scene.owner, scene.official])
    await service.as(actor).post(`${path}/signatures`).send({}).expect(201);
  await service.as(scene.owner).post(`${path}/activate`).expect(200);
  world = { operatorId: scene.operatorId, siteIds, contractId: newId() };
  clock.set('2026-12-05T02:00:00Z');
});
afterAll(() => service.stop());

async function makeAll(): Promise<void> {
  await service.running.app.get(PeriodicRunner).runNow(MAKE_FIGURES);
}

const asOracle = ({ event: each }: Letter): OracleEvent => ({
  type: contractOf(each.constructor as EventClass).type,
  data: { ...each } as Record<string, unknown>,
});

/** As of the day: the first from October on, the second from 11 November on, the third never. */
function underContract(siteId: string, day: string): string | undefined {
  const stands = siteId === siteIds[0] ? day >= '2026-10-01' : siteId === siteIds[1] && day >= '2026-11-11';
  return stands ? contractId : undefined;
}

const COUNTS = [
  'sessions',
  'capacity',
  'booked',
  'attended',
  'no_show',
  'cancelled',
  'visits',
  'waiting',
  'gross_fen',
  'resident_fen',
  'funders_fen',
  'concession_fen',
];
const PLACE = `site_id AS site, to_char(month, 'YYYY-MM') AS month, contract_id AS contract, region_code AS region, kind`;

async function stored(): Promise<{ figures: unknown[]; funders: unknown[] }> {
  const figures = await service.db.query(
    `SELECT ${PLACE}, ${COUNTS.map((name) => `${name}::int`).join(', ')} FROM portfolio_figure`,
  );
  const funders = await service.db.query(
    `SELECT ${PLACE}, funder_id AS funder, amount_fen::int FROM portfolio_funder`,
  );
  return { figures: inOrder(figures.rows), funders: inOrder(funders.rows) };
}

function byHand(): { figures: unknown[]; funders: unknown[] } {
  const { figures, funders } = figuresByHand(told, underContract, () => REGION);
  const whole = figures.map((row) => ({ ...Object.fromEntries(COUNTS.map((name) => [name, 0])), ...row }));
  return { figures: inOrder(whole), funders: inOrder(funders) };
}

/** Streets as reported, and as counted; one without any figures is in no report. */
async function people(): Promise<{ reported: unknown[]; counted: unknown[] }> {
  const byHandOf = peopleByHand(told);
  const [reported, counted]: unknown[][] = [[], []];
  for (const month of ['2026-10', '2026-11']) {
    const path = `/v1/portfolio/street-reports?month=${month}`;
    const { body } = await service.as(scene.owner).get(path).expect(200);
    for (const { street, people: came } of body.items) {
      reported.push([month, street, came]);
      counted.push([month, street, byHandOf.get(`${month} ${street}`) ?? 0]);
    }
  }
  return { reported, counted };
}

function inOrder(rows: object[]): unknown[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))
    .map((row) => JSON.stringify(row))
    .sort();
}

const TABLES = [
  'known_booking',
  'known_charge',
  'known_capacity',
  'known_attendance',
  'portfolio_day',
  'portfolio_day_funder',
  'portfolio_figure',
  'portfolio_funder',
  'portfolio_cost',
  'portfolio_margin',
  'portfolio_people',
];
async function everyRow(): Promise<string[]> {
  const rows = await Promise.all(
    TABLES.map((table) => service.db.query(`SELECT '${table}' AS of, t.* FROM ${table} t`)),
  );
  return rows.flatMap(({ rows: of }) => of.map((row) => JSON.stringify(row))).sort();
}

it('the figures of any stream of events, in any order and with repeats, are those of a count by hand', async () => {
  await fc.assert(
    fc.asyncProperty(aStream(world), async (letters) => {
      told.push(...letters.map(asOracle));
      await service.deliver(...letters);
      await makeAll();
      expect(await stored()).toEqual(byHand());
      const { reported, counted } = await people();
      expect(reported).toEqual(counted);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

it('a site that comes under a contract takes the figures of those days along', async () => {
  const of = async (): Promise<unknown[]> =>
    (
      await service.db.query(`SELECT DISTINCT contract_id FROM portfolio_figure WHERE site_id = $1`, [
        siteIds[2],
      ])
    ).rows;
  expect(await of()).not.toContainEqual({ contract_id: contractId });
  const next = await new Contracts(service, scene).active([siteIds[2]], { from: '2026-10-01' });
  await service.eventually(async () => {
    await makeAll();
    expect(await of()).toEqual([{ contract_id: next }]);
  });
});

it('rebuilt from zero by one command they are the same to the row, costs and margins too', async () => {
  const costs = siteIds.map((siteId, i) => ({
    siteId,
    month: '2026-11',
    costClass: 'materials',
    amountFen: 10_001 * (i + 1),
  }));
  await service.as(scene.owner).post('/v1/costs').send({ items: costs }).expect(200);
  await makeAll();
  const before = await everyRow();
  expect(before.length).toBeGreaterThan(30);
  await service.restart(async (env) => {
    let said = '';
    const code = await runRebuild(
      ['--service', 'operators'],
      { ...env, OPERATORS_DATABASE_URL: env.DATABASE_URL },
      (text) => (said += text),
    );
    expect([code, said]).toEqual([0, expect.stringContaining('bookings.booking.v1')]);
    const { rows } = await service.db.query('SELECT count(*)::int AS rows FROM known_booking');
    expect(rows).toEqual([{ rows: 0 }]);
  });
  await service.eventually(
    async () => {
      await makeAll();
      expect(await everyRow()).toEqual(before);
    },
    { timeoutMs: 60_000, pauseMs: 500 },
  );
});
