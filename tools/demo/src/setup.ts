import type { Area } from './city';
import type { FrontEnd } from './front-end';
import type { Plan, ProgrammePlan } from './plan';
import type { Progress } from './progress';
import { funderOf, registerParties, registerResidents, type Parties, type Resident } from './setup-parties';
import {
  employ,
  firstOfYear,
  importRegions,
  onceHeard,
  openSites,
  signContract,
  type OpenSite,
} from './setup-sites';

export type { OpenSite, Parties, Resident };

/** Everything that stands when the day begins, by the ids that the API gave. */
export interface Scene extends Parties {
  contractId: string;
  programmes: Programme[];
  sites: OpenSite[];
  residents: Resident[];
}

export interface Programme {
  id: string;
  code: string;
  budgetFen: number;
  tooSmall: boolean;
}

/** Registers the parties, opens the sites, signs the contract over them, sets prices and programmes, enrols residents. */
export async function setUp(
  gateway: FrontEnd,
  administratorLogin: { login: string; password: string },
  area: Area,
  plan: Plan,
  today: string,
  progress: Progress,
  // Several scenes can stand on one platform: each has a number of its own in logins and codes.
  number = 0,
): Promise<Scene> {
  const administrator = await gateway.signIn(administratorLogin.login, administratorLogin.password);
  await importRegions(administrator, area.regions, today, progress);
  const parties = await registerParties(gateway, administrator, area, number);
  const { owner, official, frontEnd, authorityId, operatorId } = parties;

  const sites = await openSites(owner, plan.sites, progress);
  await employ(owner, sites);
  const contractId = await signContract(owner, official, authorityId, operatorId, sites, today);
  for (const price of plan.prices) {
    await onceHeard(() => owner.post('/v1/prices', { ...price, contractId, from: firstOfYear(today) }));
  }
  const programmes: Programme[] = [];
  for (const programme of plan.programmes) programmes.push(await setProgramme(parties, programme, today));
  const residents = await registerResidents(frontEnd, plan.residents, progress);
  return { ...parties, contractId, programmes, sites, residents };
}

async function setProgramme(parties: Parties, programme: ProgrammePlan, today: string): Promise<Programme> {
  const { administrator } = parties;
  const { code, budgetFen, tooSmall } = programme;
  const { id } = await administrator.post<{ id: string }>('/v1/programmes', {
    code,
    funderId: funderOf(parties, programme.funder, programme.cityCode),
    from: firstOfYear(today),
    ...programme.body,
  });
  await administrator.post(`/v1/programmes/${id}/budgets`, {
    period: today.slice(0, 7),
    amountFen: budgetFen,
  });
  return { id, code, budgetFen, tooSmall };
}
