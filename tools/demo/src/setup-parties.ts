import type { City } from './city';
import { type FrontEnd, inParallel } from './front-end';
import { creditCodeOf, type ResidentPlan } from './plan';
import type { Progress } from './progress';

/** Whoever takes part, by the ids and identities that the API gave. */
export interface Parties {
  administrator: FrontEnd;
  owner: FrontEnd;
  official: FrontEnd;
  frontEnd: FrontEnd;
  authorityId: string;
  operatorId: string;
  funders: Record<'civil_affairs' | 'health_commission', string>;
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
  city: City,
  number: number,
): Promise<Parties> {
  const register = async (nth: number, body: Record<string, unknown>): Promise<string> => {
    const creditCode = creditCodeOf(10 * number + nth);
    return (await administrator.post<Created>('/v1/organisations', { ...body, creditCode })).id;
  };
  const regionCode = city.code;
  const authorityId = await register(1, {
    kind: 'authority',
    name: `${city.name}民政局社区服务处`,
    regionCode,
  });
  const operatorId = await register(2, {
    kind: 'operator',
    operation: 'chain',
    name: '邻里门阶社区服务有限公司',
  });
  const civilAffairs = await register(3, { kind: 'funder', name: '市民政局', regionCode });
  const health = await register(4, { kind: 'funder', name: '市卫生健康委', regionCode });

  const open = (organisationId: string, login: string, name: string, role: string): Promise<FrontEnd> =>
    openAccount(gateway, administrator, organisationId, login, name, [role]);
  const owner = await open(operatorId, `owner${number}@chain.example`, '陈总', 'owner');
  const official = await open(authorityId, `official${number}@authority.example`, '李处', 'authority');
  const client = { organisationId: operatorId, name: '预约小程序' };
  const { key } = await owner.post<{ key: string }>('/v1/api-clients', client);
  return {
    administrator,
    owner,
    official,
    frontEnd: gateway.as({ apiKey: key }),
    authorityId,
    operatorId,
    funders: { civil_affairs: civilAffairs, health_commission: health },
  };
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
