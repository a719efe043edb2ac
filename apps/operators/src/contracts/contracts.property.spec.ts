import { ContractSiteSnapshot, ContractSnapshot } from '@doorstep/contracts';
import { PeriodicRunner } from '@doorstep/platform';
import { FixedClock, startTestService, type TestService } from '@doorstep/testing';
import fc from 'fast-check';
import { AppModule } from '../app.module';
import { OperatorsConfig } from '../config';
import { migrations } from '../migrations';
import { ContractHistory, someTerms } from '../testing/contract-history.fixture';
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

const SIGNED = {
  title: 'as signed',
  services: [{ kind: 'meals', priceCeilingFen: 2500 }, { kind: 'sports' }],
  settlementCycle: 'monthly',
  rent: { amountFenPerMonth: 100_000 },
  kpis: [{ metric: 'aa', target: 1 }],
};

const which = fc.nat(CONTRACTS - 1);
const site = fc.nat(SITES - 1);
const day = fc.nat(DAYS);
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('bring' as const), which, site, from: day, to: day }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('activate' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('amend' as const), which, on: day, terms: someTerms }),
  },
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
  private constructor(
    private readonly scene: Scene,
    readonly sites: string[],
    readonly contracts: string[],
    readonly history: ContractHistory,
  ) {}

  static async begin(spans: { from: number; length: number }[]): Promise<Play> {
    clock.set('2027-01-01T02:00:00Z');
    const scene = await aScene(service);
    const sites = await someSites(service, scene.operatorId, SITES);
    const contracts = [];
    const days = spans.map(({ from, length }) => ({ from: dayOf(from), to: dayOf(from + length) }));
    for (const span of days) {
      const body = { ...draftBody(scene, SIGNED), ...span };
      const { id } = (await service.as(scene.owner).post('/v1/contracts').send(body).expect(201)).body;
      for (const actor of [scene.owner, scene.official]) {
        await service.as(actor).post(`/v1/contracts/${id}/signatures`).send({}).expect(201);
      }
      contracts.push(String(id));
    }
    return new Play(scene, sites, contracts, new ContractHistory(SIGNED, days));
  }

  async run(step: Command): Promise<void> {
    if (step.do === 'sleep') {
      clock.advance({ days: step.days });
      await service.running.app.get(PeriodicRunner).runNow(CONTRACT_CALENDAR);
      return;
    }
    const contract = step.which;
    const path = `/v1/contracts/${this.contracts[contract]}`;
    const on = 'on' in step ? dayOf(step.on) : '';
    if (step.do === 'activate') await this.post(`${path}/activate`, {});
    if (step.do === 'terminate') {
      const { status, body } = await this.post(`${path}/terminate`, { on, reason: 'x' });
      if (status === 200 && body.endsOn) this.history.endedWhole(contract, on);
    }
    if (step.do === 'bring') {
      const standing = { siteId: this.sites[step.site], from: dayOf(step.from), to: dayOf(step.to) };
      const { status } = await this.post(`${path}/sites`, { sites: [standing] });
      if (status === 201) this.history.brought({ contract, ...standing });
    }
    if (step.do === 'handOver') {
      const body = { toContractId: this.contracts[step.to], on };
      const { status } = await this.post(`${path}/handovers`, body);
      if (status === 201) this.history.handedOver(contract, step.to, on);
    }
    if (step.do === 'add' || step.do === 'end' || step.do === 'extend' || step.do === 'amend')
      await this.amendBy(step, path, on);
  }

  private async amendBy(
    step: Extract<Command, { do: 'add' | 'end' | 'extend' | 'amend' }>,
    path: string,
    on: string,
  ): Promise<void> {
    const { history } = this;
    const { which: contract } = step;
    if (step.do === 'amend' && (await this.amend(path, on, { terms: step.terms })))
      history.amended(contract, on, step.terms);
    if (step.do === 'add') {
      const siteId = this.sites[step.site];
      if (await this.amend(path, on, { addSites: [{ siteId }] }))
        history.brought({ contract, siteId, from: on, to: history.days[contract].to });
    }
    if (step.do === 'extend' && (await this.amend(path, on, { to: dayOf(step.to) })))
      history.extended(contract, dayOf(step.to));
    if (step.do === 'end') {
      const { body } = await this.get(`${path}/sites?siteId=${this.sites[step.site]}`);
      const [standing] = body.items;
      if (standing && (await this.amend(path, on, { endSites: [standing.id] })))
        history.ended(
          (each) =>
            each.contract === contract && each.siteId === standing.siteId && each.from === standing.from,
          on,
        );
    }
  }

  get(path: string) {
    return service.as(this.scene.owner).get(path).expect(200);
  }

  private async amend(path: string, effectiveOn: string, changes: object): Promise<boolean> {
    const amendment = await this.post(`${path}/amendments`, { effectiveOn, ...changes });
    if (amendment.status !== 201) return false;
    const signatures = `${path}/amendments/${amendment.body.id}/signatures`;
    await service.as(this.scene.owner).post(signatures).send({}).expect(201);
    return (await this.post(signatures, {})).status === 201;
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

it('whatever happens to contracts: one at a time holds a site, terms and sites of each day are the history replayed, and the news equal the rows', async () => {
  const played: string[] = [];
  const plays: Play[] = [];
  const steps = fc.array(command, { minLength: 10, maxLength: 25 });
  const property = fc.asyncProperty(spans, steps, async (begin, commands) => {
    const play = await Play.begin(begin);
    for (const step of commands) {
      await play.run(step);
      expect(doublyHeld(await rowsOf(play.sites))).toEqual([]);
    }
    played.push(...play.sites);
    plays.push(play);
    for (const [index, id] of play.contracts.entries()) {
      for (const day of play.history.edges(index)) {
        const { body } = await play.get(`/v1/contracts/${id}?asOf=${day}`);
        const { title, services, settlementCycle, fee, rent, depositFen, kpis } = body;
        const terms = { title, services, settlementCycle, fee, rent, depositFen, kpis };
        expect(terms).toEqual(play.history.termsOn(index, day));
        const { body: listed } = await play.get(`/v1/contracts/${id}/sites?asOf=${day}`);
        const sites = listed.items.map(({ siteId }: { siteId: string }) => siteId).sort();
        expect([day, sites]).toEqual([day, play.history.sitesOn(index, day)]);
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
  expectRevisionsToldOf(plays, await service.told(ContractSnapshot));
}, 120_000);

/** What a contract was last told to allow on a day is what was agreed on for it. */
function expectRevisionsToldOf(plays: Play[], told: ContractSnapshot[]): void {
  for (const { contracts, history } of plays) {
    for (const [index, id] of contracts.entries()) {
      const [last] = told.filter(({ contractId }) => contractId === id).sort((a, b) => b.version - a.version);
      for (const day of history.edges(index)) {
        const revision = last.revisions?.find(({ from, to }) => from <= day && day < to);
        expect(revision?.services).toEqual(history.termsOn(index, day).services);
      }
    }
  }
}
