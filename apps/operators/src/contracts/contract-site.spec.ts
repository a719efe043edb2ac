import { DomainError, overlaps } from '@doorstep/kernel';
import fc from 'fast-check';
import { type Contract, draftContract } from './contract';
import { bringUnder, type ContractSite, endStanding, type SiteAddition } from './contract-site';

const id = (n: number) => `019a0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const contract: Contract = draftContract(
  {
    operatorId: id(2),
    authorityId: id(1),
    number: 'HP-2026-001',
    form: 'chain',
    from: '2026-12-01',
    to: '2029-12-01',
    terms: {
      title: '运营合同',
      services: [{ kind: 'meals' }, { kind: 'sports' }],
      settlementCycle: 'monthly',
      kpis: [],
    },
  },
  id(20),
);

const faultsOf = (additions: SiteAddition[]): { field: string; reason: string }[] => {
  try {
    bringUnder(contract, additions);
  } catch (error) {
    if (error instanceof DomainError) return error.details.errors as { field: string; reason: string }[];
  }
  return [];
};

describe('bringing sites under a contract', () => {
  it("takes the contract's days where none are given", () => {
    expect(bringUnder(contract, [{ siteId: id(90) }])).toEqual([
      { siteId: id(90), from: '2026-12-01', to: '2029-12-01', kinds: [] },
    ]);
  });

  it('ends with the contract when that ends early', () => {
    expect(bringUnder({ ...contract, endsOn: '2027-06-01' }, [{ siteId: id(90) }])[0].to).toBe('2027-06-01');
  });

  it('names every fault of every entry', () => {
    const faults = faultsOf([
      { siteId: id(90), from: '2026-02-30' },
      { siteId: id(91), from: '2027-02-01', to: '2027-01-01' },
      { siteId: id(92), from: '2026-11-30', kinds: ['bowling'] },
      { siteId: id(93), to: '2029-12-02' },
      { siteId: id(94) },
      { siteId: id(94), from: '2028-01-01' },
    ]);
    expect(faults.map((fault) => fault.field)).toEqual([
      'sites[0].from',
      'sites[1].to',
      'sites[2].from',
      'sites[2].kinds',
      'sites[3].to',
      'sites[5].siteId',
    ]);
  });

  it('takes a site twice when its spans of days touch', () => {
    const spans: SiteAddition[] = [
      { siteId: id(90), to: '2027-12-01', kinds: ['meals'] },
      { siteId: id(90), from: '2027-12-01' },
    ];
    expect(bringUnder(contract, spans)).toHaveLength(2);
  });

  it('is over when the contract has ended', () => {
    const ended = { ...contract, status: 'terminated' as const };
    expect(() => bringUnder(ended, [{ siteId: id(90) }])).toThrow("can't be asked to amend");
  });

  it('never takes one site twice on one day', () => {
    const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString());
    const addition = fc.record({ siteId: fc.constantFrom(id(90), id(91)), a: day, b: day });
    fc.assert(
      fc.property(fc.array(addition, { maxLength: 6 }), (drawn) => {
        const additions = drawn
          .filter(({ a, b }) => a < b)
          .map(({ siteId, a, b }) => ({ siteId, from: a.slice(0, 10), to: b.slice(0, 10) }));
        const clash = additions.some((one, i) =>
          additions.some((other, j) => i < j && one.siteId === other.siteId && overlaps(one, other)),
        );
        expect(faultsOf(additions).length > 0).toBe(clash);
      }),
    );
  });
});

describe('ending a standing on a day', () => {
  const site: ContractSite = {
    id: id(30),
    contractId: contract.id,
    siteId: id(90),
    from: '2027-01-01',
    to: '2028-01-01',
    kinds: [],
    withdrawn: false,
    version: 1,
  };

  it('cuts what runs, withdraws what has not begun, leaves what is over', () => {
    expect(endStanding(site, '2027-06-01')).toMatchObject({ to: '2027-06-01', withdrawn: false, version: 2 });
    expect(endStanding(site, '2027-01-01')).toMatchObject({ to: '2028-01-01', withdrawn: true, version: 2 });
    expect(endStanding(site, '2028-01-01')).toBe(site);
  });
});
