import { DomainError } from '@doorstep/kernel';
import {
  activateContract,
  changeDraft,
  closeContract,
  type Contract,
  draftContract,
  type DraftContract,
  dueCommand,
  endOf,
  holdsItsSites,
  isInForce,
  partyOf,
  type PartyMember,
  resumeContract,
  signContract,
  suspendContract,
  terminateContract,
} from './contract';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const AUTHORITY = id(1);
const OPERATOR = id(2);
const NOW = new Date('2026-11-20T02:00:00Z');
const DIGEST = 'd'.repeat(64);

const official: PartyMember = { id: id(11), kind: 'person', organisationId: AUTHORITY, roles: ['authority'] };
const owner: PartyMember = { id: id(12), kind: 'person', organisationId: OPERATOR, roles: ['owner'] };

const command: DraftContract = {
  operatorId: OPERATOR,
  authorityId: AUTHORITY,
  number: 'HP-2026-001',
  form: 'chain',
  from: '2026-12-01',
  to: '2029-12-01',
  terms: {
    title: '黄浦区社区嵌入式服务设施运营合同',
    services: [{ kind: 'meals', priceCeilingFen: 2500 }],
    settlementCycle: 'monthly',
    kpis: [],
  },
};

const draft = draftContract(command, id(20));
const signedByOne = signContract(draft, owner, DIGEST, NOW);
const signed = signContract(signedByOne, official, DIGEST, NOW);
const active = activateContract(signed, '2026-12-01');
const suspended = suspendContract(active, 'fire doors blocked');

const refusal = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
};

describe('a draft', () => {
  it('is refused when its days or its terms contradict themselves', () => {
    expect(refusal(() => draftContract({ ...command, to: command.from }, id(20))).code).toBe('period_empty');
    const nothing = { ...command.terms, services: [] };
    expect(refusal(() => draftContract({ ...command, terms: nothing }, id(20))).code).toBe('services_empty');
  });

  it('loses its signature when it is changed', () => {
    const changed = changeDraft(signedByOne, { to: '2028-12-01' });
    expect(changed).toMatchObject({ to: '2028-12-01', signatures: [], status: 'draft', version: 3 });
  });

  it('can neither be activated nor suspended, and says what it takes', () => {
    const refused = refusal(() => activateContract(draft, '2026-12-01'));
    expect(refused).toMatchObject({ kind: 'conflict', code: 'contract_draft' });
    expect(refused.details.allowed).toEqual(['change', 'amend', 'sign', 'terminate']);
  });

  it('is called off at once', () => {
    expect(terminateContract(draft, { reason: 'no funds' }, '2026-11-20')).toMatchObject({
      status: 'terminated',
      endsOn: null,
      statusReason: 'no funds',
    });
  });
});

describe('signing', () => {
  it('takes both parties, in either order', () => {
    expect(signedByOne.status).toBe('draft');
    expect(signed.status).toBe('signed');
    const other = signContract(signContract(draft, official, DIGEST, NOW), owner, DIGEST, NOW);
    expect(other.signatures.map((signature) => signature.party)).toEqual(['authority', 'operator']);
    expect(other.status).toBe('signed');
  });

  it('happens once for each party', () => {
    expect(refusal(() => signContract(signedByOne, { ...owner, id: id(13) }, DIGEST, NOW)).code).toBe(
      'already_signed',
    );
    expect(refusal(() => signContract(signed, owner, DIGEST, NOW)).code).toBe('contract_signed');
  });

  it.each<[string, PartyMember]>([
    ["the operator's finance", { ...owner, roles: ['finance'] }],
    ["another operator's owner", { ...owner, organisationId: id(3) }],
    ["another authority's official", { ...official, organisationId: id(4) }],
    ["an owner's role in the authority", { ...official, roles: ['owner'] }],
    ['an administrator', { id: id(14), kind: 'person', organisationId: null, roles: ['administrator'] }],
    ["the operator's API client", { ...owner, kind: 'client' }],
  ])('is not for %s', (_who, member) => {
    expect(refusal(() => partyOf(draft, member))).toMatchObject({
      kind: 'forbidden',
      code: 'not_a_signatory',
    });
  });
});

describe('a signed contract', () => {
  it('is activated from its first day on, until the day it is out', () => {
    expect(refusal(() => activateContract(signed, '2026-11-30')).code).toBe('contract_not_begun');
    expect(active.status).toBe('active');
    expect(refusal(() => activateContract(signed, '2029-12-01')).code).toBe('contract_over');
  });

  it('can no longer be changed', () => {
    expect(refusal(() => changeDraft(signed, { number: 'X' })).code).toBe('contract_signed');
  });
});

describe('an active contract', () => {
  it('is in force and holds its sites; suspended it only holds them', () => {
    expect([isInForce(active), holdsItsSites(active)]).toEqual([true, true]);
    expect([isInForce(suspended), holdsItsSites(suspended)]).toEqual([false, true]);
    expect([isInForce(signed), holdsItsSites(signed)]).toEqual([false, false]);
    expect(resumeContract(suspended)).toMatchObject({ status: 'active', statusReason: null });
  });

  it('ends today, or goes on until the day that was chosen', () => {
    const now = terminateContract(active, { reason: 'breach' }, '2027-03-01');
    expect(now).toMatchObject({ status: 'terminated', endsOn: '2027-03-01' });
    const later = terminateContract(active, { on: '2027-06-01', reason: 'handover' }, '2027-03-01');
    expect(later).toMatchObject({ status: 'active', endsOn: '2027-06-01' });
    expect(endOf(later)).toBe('2027-06-01');
  });

  it('never ends in the past, nor later than it was going to', () => {
    const end = (contract: Contract, on: string) =>
      refusal(() => terminateContract(contract, { on, reason: 'x' }, '2027-03-01')).code;
    expect(end(active, '2027-02-28')).toBe('end_out_of_range');
    expect(end(active, '2029-12-02')).toBe('end_out_of_range');
    const cut = terminateContract(active, { on: '2027-06-01', reason: 'handover' }, '2027-03-01');
    expect(end(cut, '2027-06-02')).toBe('end_out_of_range');
  });

  it('needs a reason to be suspended or ended', () => {
    expect(refusal(() => suspendContract(active, ' ')).code).toBe('reason_empty');
    expect(refusal(() => terminateContract(active, { reason: '' }, '2027-03-01')).code).toBe('reason_empty');
  });
});

describe('the calendar', () => {
  const cut = terminateContract(active, { on: '2027-06-01', reason: 'handover' }, '2027-03-01');

  it.each<[string, Contract, string, ReturnType<typeof dueCommand>]>([
    ['leaves a draft alone', draft, '2030-01-01', undefined],
    ['waits for the first day', signed, '2026-11-30', undefined],
    ['activates on the first day', signed, '2026-12-01', 'activate'],
    ['expires what was signed and never begun', signed, '2029-12-01', 'expire'],
    ['leaves an active one alone', active, '2029-11-30', undefined],
    ['expires an active one on the day it is out', active, '2029-12-01', 'expire'],
    ['expires a suspended one', suspended, '2029-12-01', 'expire'],
    ['terminates on the chosen day', cut, '2027-06-01', 'terminate'],
    ['leaves the ended alone', closeContract(active, 'expire'), '2031-01-01', undefined],
  ])('%s', (_what, contract, today, due) => expect(dueCommand(contract, today)).toBe(due));
});
