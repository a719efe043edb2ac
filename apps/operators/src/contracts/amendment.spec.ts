import { DomainError } from '@doorstep/kernel';
import {
  type Amendment,
  type AmendmentChanges,
  effectOf,
  type LastRevision,
  signAmendment,
  withdrawAmendment,
} from './amendment';
import { activateContract, type Contract, draftContract, type PartyMember, signContract } from './contract';
import type { ContractSite } from './contract-site';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const NOW = new Date('2026-11-20T02:00:00Z');
const official: PartyMember = { id: id(11), kind: 'person', organisationId: id(1), roles: ['authority'] };
const owner: PartyMember = { id: id(12), kind: 'person', organisationId: id(2), roles: ['owner'] };

const draft = draftContract(
  {
    operatorId: id(2),
    authorityId: id(1),
    number: 'HP-2026-001',
    form: 'chain',
    from: '2026-12-01',
    to: '2029-12-01',
    terms: {
      title: '运营合同',
      services: [{ kind: 'meals', priceCeilingFen: 2500 }, { kind: 'sports' }],
      settlementCycle: 'monthly',
      kpis: [],
    },
  },
  id(20),
);
const active = activateContract(
  signContract(signContract(draft, owner, 'd', NOW), official, 'd', NOW),
  '2026-12-01',
);
const last: LastRevision = { revision: 1, from: '2026-12-01', terms: active.terms };
const sports: ContractSite = {
  id: id(30),
  contractId: active.id,
  siteId: id(90),
  from: '2026-12-01',
  to: '2029-12-01',
  kinds: ['sports'],
  withdrawn: false,
  version: 1,
};

const effect = (changes: AmendmentChanges, effectiveOn = '2027-06-01', contract: Contract = active) =>
  effectOf(contract, last, [sports], { effectiveOn, changes }, '2027-03-01');
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};

describe('an amendment', () => {
  it('replaces the terms it names and keeps the others', () => {
    const { terms, contract } = effect({ terms: { settlementCycle: 'quarterly' } });
    expect(terms).toEqual({ ...active.terms, settlementCycle: 'quarterly' });
    expect(contract.version).toBe(active.version + 1);
  });

  it('adds sites from its day on, to the end of the contract', () => {
    expect(effect({ addSites: [{ siteId: id(91) }] }).additions).toEqual([
      { siteId: id(91), from: '2027-06-01', to: '2029-12-01', kinds: [] },
    ]);
    expect(effect({ to: '2031-12-01', addSites: [{ siteId: id(91) }] }).additions[0].to).toBe('2031-12-01');
  });

  it('may add sites for a kind that it brings along itself', () => {
    const services = [...active.terms.services, { kind: 'culture' }];
    const addSites = [{ siteId: id(91), kinds: ['culture'] }];
    expect(codeOf(() => effect({ addSites }))).toBe('sites_refused');
    expect(effect({ terms: { services }, addSites }).additions).toHaveLength(1);
  });

  it('takes a kind away only together with the sites that are let for it', () => {
    const services = [{ kind: 'meals' }];
    expect(codeOf(() => effect({ terms: { services } }))).toBe('kinds_in_use');
    expect(effect({ terms: { services }, endSites: [sports.id] }).endings).toEqual([sports]);
  });

  it.each<[string, AmendmentChanges, string, string]>([
    ['yesterday', { to: '2030-01-01' }, '2027-02-28', 'effective_day_out_of_range'],
    ['on the day the contract is out', { to: '2030-01-01' }, '2029-12-01', 'effective_day_out_of_range'],
    ['with nothing in it', {}, '2027-06-01', 'nothing_changes'],
    ['that shortens the term', { to: '2028-01-01' }, '2027-06-01', 'not_an_extension'],
    ['that ends what does not stand', { endSites: [id(31)] }, '2027-06-01', 'standing_unknown'],
    [
      'that adds sites before its day',
      { addSites: [{ siteId: id(91), from: '2027-05-31' }] },
      '2027-06-01',
      'sites_refused',
    ],
  ])('is refused %s', (_what, changes, day, code) => expect(codeOf(() => effect(changes, day))).toBe(code));

  it('follows the one before it in time', () => {
    const later: LastRevision = { ...last, revision: 2, from: '2027-09-01' };
    const amend = (effectiveOn: string) =>
      effectOf(active, later, [], { effectiveOn, changes: { to: '2030-01-01' } }, '2027-03-01');
    expect(codeOf(() => amend('2027-08-31'))).toBe('effective_day_out_of_range');
    expect(codeOf(() => amend('2027-09-01'))).toBe('taken');
  });

  it('is for contracts that are signed and not yet ended', () => {
    const changes = { to: '2030-01-01' };
    expect(codeOf(() => effect(changes, '2027-06-01', draft))).toBe('contract_draft');
    expect(codeOf(() => effect(changes, '2027-06-01', { ...active, status: 'terminated' }))).toBe(
      'contract_terminated',
    );
    expect(codeOf(() => effect(changes, '2027-06-01', { ...active, endsOn: '2028-01-01' }))).toBe(
      'contract_ending',
    );
  });
});

describe('agreeing on an amendment', () => {
  const proposed: Amendment = {
    id: id(40),
    contractId: active.id,
    ordinal: 1,
    effectiveOn: '2027-06-01',
    changes: { to: '2030-12-01' },
    note: null,
    status: 'proposed',
    signatures: [],
    version: 1,
  };

  it('takes both parties once', () => {
    const once = signAmendment(proposed, active, official, 'd', NOW);
    expect(once.status).toBe('proposed');
    expect(codeOf(() => signAmendment(once, active, official, 'd', NOW))).toBe('already_signed');
    expect(signAmendment(once, active, owner, 'd', NOW)).toMatchObject({ status: 'agreed', version: 3 });
    expect(codeOf(() => signAmendment(proposed, active, { ...owner, roles: [] }, 'd', NOW))).toBe(
      'not_a_signatory',
    );
  });

  it('is over once it is withdrawn', () => {
    const withdrawn = withdrawAmendment(proposed);
    expect(codeOf(() => signAmendment(withdrawn, active, official, 'd', NOW))).toBe('amendment_withdrawn');
    expect(codeOf(() => withdrawAmendment(withdrawn))).toBe('amendment_withdrawn');
  });
});
