import { DomainError } from '@doorstep/kernel';
import fc from 'fast-check';
import {
  changeAccount,
  disableAccount,
  enableAccount,
  type Granter,
  type HomeOrganisation,
  openAccount,
  type OpenAccount,
  PERSON_ROLES,
  type PersonRole,
  ROLES_OF_ORGANISATION,
} from './person';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const chain: HomeOrganisation = { id: id(1), kind: 'operator', operatorId: id(1) };
const rival: HomeOrganisation = { id: id(2), kind: 'operator', operatorId: id(2) };
const bureau: HomeOrganisation = { id: id(3), kind: 'authority', operatorId: null };
const fund: HomeOrganisation = { id: id(4), kind: 'funder', operatorId: null };
const homes = [chain, rival, bureau, fund];

const administrator: Granter = { id: id(10), organisationId: null, roles: ['administrator'] };
const owner: Granter = { id: id(11), organisationId: chain.id, roles: ['owner'] };
const official: Granter = { id: id(12), organisationId: bureau.id, roles: ['authority'] };

const colleague: OpenAccount = { login: 'Li.Na@example.cn', name: ' 李娜 ', roles: ['finance'] };

const refusal = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
};

describe('opening an account', () => {
  it('writes the login in lower case and takes the tenant from the organisation', () => {
    expect(openAccount(owner, chain, colleague, id(20))).toEqual({
      id: id(20),
      organisationId: chain.id,
      operatorId: chain.id,
      login: 'li.na@example.cn',
      name: '李娜',
      roles: ['finance'],
      siteIds: [],
      status: 'active',
      version: 1,
    });
  });

  it.each([
    ["an owner in another operator's organisation", owner, rival, ['finance'], 'organisation_not_found'],
    ['an owner in an authority', owner, bureau, ['authority'], 'organisation_not_found'],
    ['an owner outside of organisations', owner, null, ['administrator'], 'organisation_not_found'],
    ['an owner who makes an administrator', owner, chain, ['administrator'], 'role_not_grantable'],
    ['an owner who makes an official', owner, chain, ['owner', 'authority'], 'role_not_grantable'],
    ['an official who makes an owner', official, bureau, ['owner'], 'role_not_grantable'],
    ['an official in an operator', official, chain, ['owner'], 'organisation_not_found'],
    [
      'an administrator who hides one in a tenant',
      administrator,
      chain,
      ['administrator'],
      'role_not_grantable',
    ],
    [
      'an administrator with more roles',
      administrator,
      null,
      ['administrator', 'owner'],
      'role_not_grantable',
    ],
    ['an account without roles', owner, chain, [], 'roles_empty'],
  ])('refuses %s', (_what, granter, home, roles, code) => {
    const command = { ...colleague, roles: roles as PersonRole[] };
    expect(refusal(() => openAccount(granter, home, command, id(20))).code).toBe(code);
  });

  it('never gives a role that the organisation does not have, whoever asks', () => {
    const anyGranter = fc.constantFrom(administrator, owner, official);
    const anyHome = fc.constantFrom(null, ...homes);
    const anyRoles = fc.uniqueArray(fc.constantFrom(...PERSON_ROLES), { maxLength: 4 });
    fc.assert(
      fc.property(anyGranter, anyHome, anyRoles, (granter, home, roles) => {
        const siteIds = roles.every((r) => r === 'site_manager' || r === 'caregiver') ? [id(90)] : undefined;
        let opened;
        try {
          opened = openAccount(granter, home, { ...colleague, roles, siteIds }, id(20));
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
          return;
        }
        const allowed: readonly string[] = home ? ROLES_OF_ORGANISATION[home.kind] : ['administrator'];
        expect(opened.roles.every((role) => allowed.includes(role))).toBe(true);
        expect(granter === administrator || home?.id === granter.organisationId).toBe(true);
        expect(opened.operatorId).toBe(home?.operatorId ?? null);
      }),
    );
  });

  it('binds site managers and caregivers to sites, and nobody else', () => {
    const manager: OpenAccount = { ...colleague, roles: ['site_manager'] };
    expect(refusal(() => openAccount(owner, chain, manager, id(20))).code).toBe('sites_missing');
    expect(openAccount(owner, chain, { ...manager, siteIds: [id(90), id(90)] }, id(20)).siteIds).toEqual([
      id(90),
    ]);
    const both: OpenAccount = { ...colleague, roles: ['site_manager', 'finance'], siteIds: [id(90)] };
    expect(refusal(() => openAccount(owner, chain, both, id(20))).code).toBe('sites_not_expected');
    const many = Array.from({ length: 101 }, (_, n) => id(100 + n));
    expect(refusal(() => openAccount(owner, chain, { ...manager, siteIds: many }, id(20))).code).toBe(
      'too_many_sites',
    );
  });

  it.each(['ab', 'with space', '王小明', 'a'.repeat(101)])('refuses the login %j', (login) => {
    expect(refusal(() => openAccount(owner, chain, { ...colleague, login }, id(20))).code).toBe(
      'login_malformed',
    );
  });
});

describe('a branch', () => {
  const branch: HomeOrganisation = { id: id(5), kind: 'operator', operatorId: chain.id };

  it("gets its accounts from the head office, in the head office's tenant", () => {
    expect(openAccount(owner, branch, colleague, id(20))).toMatchObject({
      organisationId: branch.id,
      operatorId: chain.id,
    });
  });

  it('reaches its own people alone', () => {
    const head: Granter = { id: id(13), organisationId: branch.id, roles: ['owner'] };
    expect(openAccount(head, branch, colleague, id(20)).organisationId).toBe(branch.id);
    expect(refusal(() => openAccount(head, chain, colleague, id(20))).code).toBe('organisation_not_found');
  });
});

describe('an open account', () => {
  const person = openAccount(
    owner,
    chain,
    { ...colleague, roles: ['site_manager'], siteIds: [id(90)] },
    id(20),
  );

  it('loses its sites when it gets a role that reaches all of them', () => {
    expect(changeAccount(owner, chain, person, { roles: ['portfolio_manager'] })).toMatchObject({
      roles: ['portfolio_manager'],
      siteIds: [],
      version: 2,
    });
  });

  it('keeps its sites when its roles stay bound to them', () => {
    expect(changeAccount(owner, chain, person, { roles: ['caregiver'] }).siteIds).toEqual([id(90)]);
  });

  it('takes no role from the one who changes it', () => {
    const self = { ...person, id: owner.id, roles: ['owner' as const], siteIds: [] };
    expect(refusal(() => changeAccount(owner, chain, self, { roles: ['finance'] })).code).toBe(
      'own_role_kept',
    );
    expect(changeAccount(owner, chain, self, { roles: ['owner', 'finance'] }).roles).toEqual([
      'owner',
      'finance',
    ]);
  });

  it('is disabled and enabled again, each once', () => {
    const disabled = disableAccount(owner, chain, person);
    expect(disabled).toMatchObject({ status: 'disabled', version: 2 });
    expect(disableAccount(owner, chain, disabled)).toBe(disabled);
    expect(enableAccount(owner, chain, disabled)).toMatchObject({ status: 'active', version: 3 });
    expect(enableAccount(owner, chain, person)).toBe(person);
  });

  it('is not disabled by its own holder or from outside', () => {
    expect(refusal(() => disableAccount({ ...owner, id: person.id }, chain, person)).code).toBe(
      'own_account_kept',
    );
    expect(refusal(() => disableAccount(official, chain, person)).code).toBe('organisation_not_found');
  });
});
