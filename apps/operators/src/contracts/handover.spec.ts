import { DomainError } from '@doorstep/kernel';
import { type Contract, draftContract } from './contract';
import type { ContractSite } from './contract-site';
import { handOver } from './handover';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const contract = (n: number, changes: Partial<Contract> = {}): Contract => ({
  ...draftContract(
    {
      operatorId: id(2),
      authorityId: id(1),
      number: `HP-${n}`,
      form: 'chain',
      from: '2026-12-01',
      to: '2029-12-01',
      terms: { title: '合同', services: [{ kind: 'meals' }], settlementCycle: 'monthly', kpis: [] },
    },
    id(n),
  ),
  status: 'active',
  ...changes,
});
const site = (n: number, changes: Partial<ContractSite> = {}): ContractSite => ({
  id: id(n),
  contractId: id(20),
  siteId: id(n + 100),
  from: '2026-12-01',
  to: '2029-12-01',
  kinds: [],
  withdrawn: false,
  version: 1,
  ...changes,
});
const former = contract(20);
const next = contract(21, { from: '2027-01-01', to: '2031-01-01' });
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'taken';
};
const move = (on: string, sites = [site(30)], a = former, b = next) =>
  handOver(a, b, sites, on, '2027-03-01');

describe('a handover', () => {
  it('leaves no day without a contract and none with two', () => {
    const [{ ended, begun }] = move('2027-06-01');
    expect(ended).toMatchObject({ to: '2027-06-01', withdrawn: false });
    expect(begun).toEqual({ siteId: id(130), from: '2027-06-01', to: '2031-01-01', kinds: [] });
  });

  it('moves as a whole what has not begun', () => {
    const [{ ended, begun }] = move('2027-06-01', [site(30, { from: '2027-09-01' })]);
    expect(ended.withdrawn).toBe(true);
    expect(begun.from).toBe('2027-09-01');
  });

  it.each<[string, () => unknown, string]>([
    ['in the past', () => move('2027-02-28'), 'handover_day_out_of_range'],
    ['after the one contract', () => move('2029-12-02'), 'handover_day_out_of_range'],
    [
      'before the other',
      () => move('2027-03-01', [site(30)], former, contract(21, { from: '2027-04-01' })),
      'handover_day_out_of_range',
    ],
    ['without sites', () => move('2027-06-01', []), 'nothing_to_hand_over'],
    ['to itself', () => move('2027-06-01', [site(30)], former, former), 'same_contract'],
    [
      "to another operator's contract",
      () => move('2027-06-01', [site(30)], former, { ...next, operatorId: id(3) }),
      'other_operator',
    ],
    [
      'to a draft',
      () => move('2027-06-01', [site(30)], former, { ...next, status: 'draft' }),
      'contract_draft',
    ],
    [
      'to an ended contract',
      () => move('2027-06-01', [site(30)], former, { ...next, status: 'expired' }),
      'contract_expired',
    ],
    [
      'of kinds the other lacks',
      () => move('2027-06-01', [site(30, { kinds: ['sports'] })]),
      'kinds_missing',
    ],
    [
      'of a site that begins when the other is over',
      () =>
        move(
          '2027-06-01',
          [site(30, { from: '2027-12-01' })],
          former,
          contract(21, { from: '2027-01-01', to: '2027-12-01' }),
        ),
      'site_begins_too_late',
    ],
  ])('is refused %s', (_what, work, code) => expect(codeOf(work)).toBe(code));

  it('may fall on the day on which the first contract is out', () => {
    expect(codeOf(() => move('2029-12-01', [site(30, { to: '2029-12-01' })]))).toBe('taken');
  });
});
