import type { Area, City } from './city';
import { type FrontEnd, inParallel } from './front-end';
import { creditCodeOf, type Funder, FUNDERS, type ResidentPlan } from './plan';
import type { Progress } from './progress';

/** Whoever takes part, by the ids and identities that the API gave. */
export interface Parties {
  administrator: FrontEnd;
  owner: FrontEnd;
  /** Of the first city's authority, which signs. */
  official: FrontEnd;
  /** Of each city's own authority, by the city's code. */
  officials: Map<string, FrontEnd>;
  frontEnd: FrontEnd;
  authorityId: string;
  operatorId: string;
  /** By what and where: `civil_affairs 3101`. */
  funders: Record<string, string>;
}

export interface Resident {
  id: string;
  plan: ResidentPlan;
}

interface Created {
  id: string;
}

const WIDTH = 8;

/** Registers authority, operator and funders, opens accounts and gives the front-end its key. */
export async function registerParties(
  gateway: FrontEnd,
  administrator: FrontEnd,
  area: Area,
  number: number,
): Promise<Parties> {
  const register = async (nth: number, body: Record<string, unknown>): Promise<string> => {
    const creditCode = creditCodeOf(1_000 * number + nth);
    return (await administrator.post<Created>('/v1/organisations', { ...body, creditCode })).id;
  };
  const bodies = [];
  for (const [index, city] of area.cities.entries())
    bodies.push(await registerBodies(city, (nth, body) => register(10 * (index + 1) + nth, body)));
  const [{ authorityId }] = bodies;
  const operatorId = await register(1, {
    kind: 'operator',
    operation: 'chain',
    name: '邻里门阶社区服务有限公司',
  });

  const open = (organisationId: string, login: string, name: string, role: string): Promise<FrontEnd> =>
    openAccount(gateway, administrator, organisationId, login, name, [role]);
  const owner = await open(operatorId, `owner${number}@chain.example`, '陈总', 'owner');
  const officials = new Map<string, FrontEnd>();
  for (const { city, authorityId: id } of bodies) {
    const login = `official${number}-${city.code}@authority.example`;
    officials.set(city.code, await open(id, login, '李处', 'authority'));
  }
  const client = { organisationId: operatorId, name: '预约小程序' };
  const { key } = await owner.post<{ key: string }>('/v1/api-clients', client);
  return {
    administrator,
    owner,
    official: officials.get(bodies[0].city.code) as FrontEnd,
    officials,
    frontEnd: gateway.as({ apiKey: key }),
    authorityId,
    operatorId,
    funders: Object.assign({}, ...bodies.map(({ funders }) => funders)) as Record<string, string>,
  };
}

const FUNDER_NAMES: Record<Funder, string> = { civil_affairs: '民政局', health_commission: '卫生健康委' };

/** A city's authority and its funders. */
async function registerBodies(
  city: City,
  register: (nth: number, body: Record<string, unknown>) => Promise<string>,
): Promise<{ city: City; authorityId: string; funders: Record<string, string> }> {
  const regionCode = city.code;
  const name = `${city.name}民政局社区服务处`;
  const authorityId = await register(1, { kind: 'authority', name, regionCode });
  const funders: Record<string, string> = {};
  for (const [index, funder] of FUNDERS.entries()) {
    const body = { kind: 'funder', name: `${city.name}${FUNDER_NAMES[funder]}`, regionCode };
    funders[`${funder} ${city.code}`] = await register(2 + index, body);
  }
  return { city, authorityId, funders };
}

export function funderOf({ funders }: Pick<Parties, 'funders'>, funder: Funder, cityCode: string): string {
  return funders[`${funder} ${cityCode}`];
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

export async function registerResidents(
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
