import { ContractSiteSnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { FixedClock, startTestService, type TestService } from '@doorstep/testing';
import fc from 'fast-check';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { aScene, draftBody, type Scene, someSites } from '../testing/scene.fixture';
import { CONTRACT_CALENDAR } from './contract-calendar.service';

const SITES = 3;
const CONTRACTS = 3;
const DAYS = 40;
const clock = new FixedClock();
let service: TestService;

beforeAll(async () => {
  service = await startTestService('operators', AppModule, OperatorsConfig, migrations, { clock });
});
afterAll(() => service.stop());

const dayOf = (n: number) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10);
const numberOf = (day: string) => (Date.parse(`${day}T00:00:00Z`) - Date.UTC(2027, 0, 1)) / 86_400_000;

const which = fc.nat(CONTRACTS - 1);
const site = fc.nat(SITES - 1);
const day = fc.nat(DAYS);
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bring' as const), which, site, from: day, to: day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('activate' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retitle' as const), which, on: day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), which, site, on: day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which, site, on: day }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('extend' as const), which, on: day, to: fc.nat(3 * DAYS) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('handOver' as const), which, to: which, on: day }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('terminate' as const), which, on: day }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), days: fc.integer({ min: 1, max: 6 }) }),
  },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** The real service under random commands, and the plain history that its as-of answers are held against. */
class Play {
  titles: { on: string; title: string }[][] = [];

  private constructor(
    private readonly scene: Scene,
    readonly sites: string[],
    readonly contracts: string[],
  ) {
    this.titles = contracts.map(() => []);
  }

  static async begin(spans: { from: number; length: number }[]): Promise<Play> {
    clock.set('2027-01-01T02:00:00Z');
    const scene = await aScene(service);
    const sites = await someSites(service, scene.operatorId, SITES);
    const contracts = [];
    for (const { from, length } of spans) {
      const body = draftBody(scene, { from: dayOf(from), to: dayOf(from + length), title: 'as signed' });
      const { id } = (await service.as(scene.owner).post('/v1/contracts').send(body).expect(201)).body;
      for (const actor of [scene.owner, scene.official]) {
        await service.as(actor).post(`/v1/contracts/${id}/signatures`).send({}).expect(201);
      }
      contracts.push(String(id));
    }
    return new Play(scene, sites, contracts);
  }

  async run(step: Command): Promise<void> {
    if (step.do === 'sleep') {
      clock.advance({ days: step.days });
      await service.running.app.get(PeriodicRunner).runNow(CONTRACT_CALENDAR);
      return;
    }
    const id = this.contracts[step.which];
    const path = `/v1/contracts/${id}`;
    if (step.do === 'activate') await this.post(`${path}/activate`, {});
    if (step.do === 'terminate') await this.post(`${path}/terminate`, { on: dayOf(step.on), reason: 'x' });
    if (step.do === 'bring') {
      const sites = [{ siteId: this.sites[step.site], from: dayOf(step.from), to: dayOf(step.to) }];
      await this.post(`${path}/sites`, { sites });
    }
    if (step.do === 'handOver') {
      await this.post(`${path}/handovers`, { toContractId: this.contracts[step.to], on: dayOf(step.on) });
    }
    if (step.do === 'add') await this.amend(path, step.on, { addSites: [{ siteId: this.sites[step.site] }] });
    if (step.do === 'extend') await this.amend(path, step.on, { to: dayOf(step.to) });
    if (step.do === 'end') await this.amend(path, step.on, { endSites: await this.standings(id, step.site) });
    if (step.do === 'retitle') {
      const title = `title ${this.titles[step.which].length}`;
      const agreed = await this.amend(path, step.on, { terms: { title } });
      if (agreed) this.titles[step.which].push({ on: dayOf(step.on), title });
    }
  }

  /** What the terms of a day must be: the amendments replayed in the order of their agreement. */
  titleOn(index: number, on: string): string {
    return this.titles[index].filter((each) => each.on <= on).at(-1)?.title ?? 'as signed';
  }

  get(path: string) {
    return service.as(this.scene.owner).get(path).expect(200);
  }

  private async amend(path: string, on: number, changes: object): Promise<boolean> {
    const amendment = await this.post(`${path}/amendments`, { effectiveOn: dayOf(on), ...changes });
    if (amendment.status !== 201) return false;
    const signatures = `${path}/amendments/${amendment.body.id}/signatures`;
    await service.as(this.scene.owner).post(signatures).send({}).expect(201);
    return (await this.post(signatures, {})).status === 201;
  }

  private async standings(contractId: string, index: number): Promise<string[]> {
    const { body } = await this.get(`/v1/contracts/${contractId}/sites?siteId=${this.sites[index]}`);
    return body.items.map((item: { id: string }) => item.id).slice(0, 1);
  }

  /** Refusals are part of the game, defects are not. */
  private async post(path: string, body: object) {
    const answer = await service.as(this.scene.official).post(path).send(body);
    if (answer.status >= 500)
      throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }
}

interface Row {
  id: string;
  site_id: string;
  from_day: string;
  to_day: string;
  withdrawn: boolean;
  holds: boolean;
  in_force: boolean;
  version: number;
}

async function rowsOf(sites: string[]): Promise<Row[]> {
  const { rows } = await service.db.query<Row>(
    `SELECT id, site_id, from_day::text, to_day::text, withdrawn, holds, in_force, version
     FROM contract_site WHERE site_id = ANY ($1)`,
    [sites],
  );
  return rows;
}

/** Day by day, without any help of ranges or constraints. */
function doublyHeld(rows: Row[]): string[] {
  const taken = new Set<string>();
  const twice: string[] = [];
  for (const row of rows.filter(({ holds }) => holds)) {
    for (let n = numberOf(row.from_day); n < numberOf(row.to_day); n++) {
      const cell = `${row.site_id} ${n}`;
      if (taken.has(cell)) twice.push(cell);
      taken.add(cell);
    }
  }
  return twice;
}

const spans = fc.array(fc.record({ from: fc.nat(10), length: fc.integer({ min: 10, max: DAYS }) }), {
  minLength: CONTRACTS,
  maxLength: CONTRACTS,
});

it('whatever happens to contracts: one at a time holds a site, past terms stay, and the news equal the rows', async () => {
  const played: string[] = [];
  const steps = fc.array(command, { minLength: 10, maxLength: 25 });
  const property = fc.asyncProperty(spans, steps, async (begin, commands) => {
    const play = await Play.begin(begin);
    for (const step of commands) {
      await play.run(step);
      expect(doublyHeld(await rowsOf(play.sites))).toEqual([]);
    }
    played.push(...play.sites);
    for (const [index, id] of play.contracts.entries()) {
      const { body: contract } = await play.get(`/v1/contracts/${id}`);
      for (let n = numberOf(contract.from); n < numberOf(contract.to); n += 5) {
        const { body } = await play.get(`/v1/contracts/${id}?asOf=${dayOf(n)}`);
        expect(body.title).toBe(play.titleOn(index, dayOf(n)));
      }
    }
  });
  await fc.assert(property, { numRuns: 8, endOnFailure: true });

  const newest = new Map<string, ContractSiteSnapshot>();
  for (const told of await service.told(ContractSiteSnapshot)) {
    if (told.version > (newest.get(told.contractSiteId)?.version ?? 0)) newest.set(told.contractSiteId, told);
  }
  const rows = await rowsOf(played);
  expect(rows.filter(({ holds }) => holds).length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(newest.get(row.id)).toMatchObject({
      siteId: row.site_id,
      from: row.from_day,
      to: row.withdrawn ? row.from_day : row.to_day,
      inForce: row.in_force,
      version: row.version,
    });
  }
}, 120_000);
