import { randomInt } from 'node:crypto';
import { checkCreditCode } from '@doorstep/kernel';
import { type Caller } from './api';

/** Everybody of one tenant, each with one role. */
export interface Tenant {
  operatorId: string;
  owner: Caller;
  frontEnd: Caller;
  staff: Caller[];
}

/** An organisation outside of the tenants, and who speaks for it. */
export interface Body {
  organisationId: string;
  caller: Caller;
}

interface Created {
  id: string;
}

const STAFF_ROLES = ['portfolio_manager', 'finance', 'auditor'];
const SITE_ROLES = ['site_manager', 'caregiver'];

/** Registers organisations and opens accounts as an administrator would. */
export class Registry {
  constructor(
    private readonly administrator: Caller,
    /** Makes every login, code and name of this run unlike any other's. */
    private readonly run: string,
  ) {}

  /** An operator with an owner; the rest of the staff follows when there are sites. */
  async operator(mark: string): Promise<Pick<Tenant, 'operatorId' | 'owner' | 'frontEnd'>> {
    const operatorId = await this.organisation({
      kind: 'operator',
      operation: 'chain',
      name: `${mark} operator`,
    });
    const owner = await this.account(operatorId, mark, 'owner');
    const { key } = await owner.must<{ key: string }>('POST', '/v1/api-clients', {
      organisationId: operatorId,
      name: `${mark} front end`,
    });
    return { operatorId, owner, frontEnd: owner.as(`${mark} front_end`, 'front_end', { 'x-api-key': key }) };
  }

  /** One colleague for each of the other roles. */
  staff(operatorId: string, mark: string, siteIds: string[]): Promise<Caller[]> {
    return Promise.all([
      ...STAFF_ROLES.map((role) => this.account(operatorId, mark, role)),
      ...SITE_ROLES.map((role) => this.account(operatorId, mark, role, siteIds)),
    ]);
  }

  async authority(mark: string, regionCode: string): Promise<Body> {
    const organisationId = await this.organisation({
      kind: 'authority',
      name: `${mark} authority`,
      regionCode,
    });
    return { organisationId, caller: await this.account(organisationId, mark, 'authority') };
  }

  async funder(mark: string, regionCode: string): Promise<Body> {
    const organisationId = await this.organisation({ kind: 'funder', name: `${mark} funder`, regionCode });
    return { organisationId, caller: await this.account(organisationId, mark, 'funder') };
  }

  private async organisation(body: Record<string, unknown>): Promise<string> {
    const { id } = await this.administrator.must<Created>('POST', '/v1/organisations', {
      ...body,
      creditCode: creditCode(),
    });
    return id;
  }

  /** An account begins with a one-time password that must be changed. */
  private async account(
    organisationId: string,
    mark: string,
    role: string,
    siteIds?: string[],
  ): Promise<Caller> {
    const login = `${mark}.${role}.${this.run}@example.com`.toLowerCase();
    const { oneTimePassword } = await this.administrator.must<{ oneTimePassword: string }>(
      'POST',
      '/v1/people',
      {
        organisationId,
        login,
        name: `${mark} ${role}`,
        roles: [role],
        ...(siteIds && { siteIds }),
      },
    );
    const next = `${oneTimePassword}-Changed1`;
    const first = await logIn(this.administrator, `${mark} ${role}`, role, login, oneTimePassword);
    await first.must('POST', '/v1/people/me/password', { current: oneTimePassword, next });
    return logIn(this.administrator, `${mark} ${role}`, role, login, next);
  }
}

export async function logIn(
  from: Caller,
  name: string,
  role: string,
  login: string,
  password: string,
): Promise<Caller> {
  const nobody = from.as('nobody', 'nobody', {});
  const { accessToken } = await nobody.must<{ accessToken: string }>('POST', '/v1/auth/token', {
    login,
    password,
  });
  return from.as(name, role, { authorization: `Bearer ${accessToken}` });
}

function creditCode(): string {
  const body = `9144${String(randomInt(10 ** 12)).padStart(13, '0')}`;
  const check = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'].find((one) => checkCreditCode(body + one) === 'valid');
  return check ? body + check : creditCode();
}
