import type { ContractMoney } from '@doorstep/contracts';
import type { Day } from '@doorstep/kernel';
import { linesOf, netOf, type Earlier, type RevisionRevenue } from './contract-settlement';
import { cycleEndingWith, monthOf, nextCycle, standingOf, type Cycle, type StandingContract } from './cycle';

type Money = Partial<ContractMoney>;

/** A contract whose terms change on the days that are named. */
function aContract(from: Day, to: Day, ...terms: [Money, ...[Day, Money][]]): StandingContract {
  const [first, ...later] = terms as [Money, ...[Day, Money][]];
  const all: [Day, Money][] = [[from, first], ...later];
  return standingOf(
    { from, to },
    all.map(([begins, money], index) => ({
      ...{ revision: index + 1, from: begins, to: all[index + 1]?.[0] ?? '2030-01-01' },
      money: { settlementCycle: 'monthly', ...money },
    })),
  );
}

/** Settles cycle after cycle, each less what went before. */
function settled(contract: StandingContract, many: number, revenue: RevisionRevenue[][] = []) {
  const earlier: Earlier = {};
  let to: Day | undefined;
  return Array.from({ length: many }, (_, index) => {
    const cycle = nextCycle(contract, to);
    const lines = linesOf(contract, cycle, revenue[index] ?? [], earlier);
    for (const { kind, amountFen } of lines) earlier[kind] = (earlier[kind] ?? 0) + amountFen;
    to = cycle.to;
    return { cycle, lines, netFen: netOf(lines) };
  });
}
const amounts = ({ lines }: { lines: { kind: string; amountFen: number }[] }) =>
  Object.fromEntries(lines.map(({ kind, amountFen }) => [kind, amountFen]));
const span = ({ from, to }: Cycle) => `${from} ${to}`;

describe('the cycles of a contract', () => {
  it('are months of the calendar, the first and the last as far as it stands', () => {
    const cycles = settled(aContract('2026-11-16', '2027-01-11', {}), 4).map(({ cycle }) => cycle);
    expect(cycles.map(span)).toEqual([
      '2026-11-16 2026-12-01',
      '2026-12-01 2027-01-01',
      '2027-01-01 2027-01-11',
      '2027-01-11 2027-01-11',
    ]);
    expect(cycles.map(({ kind, last }) => `${kind} ${last}`)).toEqual([
      'monthly false',
      'monthly false',
      'monthly true',
      'closing true',
    ]);
    expect(cycles.map(monthOf)).toEqual(['2026-11', '2026-12', '2027-01', '2027-01']);
  });

  it('go by the terms of their first day when the length changes', () => {
    const contract = aContract('2026-01-01', '2027-01-01', {}, [
      '2026-02-15',
      { settlementCycle: 'quarterly' },
    ]);
    expect(settled(contract, 4).map(({ cycle }) => span(cycle))).toEqual([
      '2026-01-01 2026-02-01',
      '2026-02-01 2026-03-01',
      '2026-03-01 2026-04-01',
      '2026-04-01 2026-07-01',
    ]);
  });
});

describe('a management fee', () => {
  const fee = { model: 'management_fee', amountFen: 3_000_000 } as const;

  it('is paid by the authority for each full cycle, and by days of a part of one', () => {
    const [first, second, last] = settled(aContract('2026-11-16', '2027-01-11', { fee }), 3);
    // 15 of November's 30 days; December whole; 10 of January's 31 days.
    expect([first, second, last].map(({ netFen }) => netFen)).toEqual([1_500_000, 3_000_000, 967_742]);
    expect(first.lines[0].parts).toEqual([
      {
        ...{ revision: 1, from: '2026-11-16', to: '2026-12-01', days: 15, ofDays: 30 },
        ...{ baseFen: 3_000_000, amountFen: 1_500_000 },
      },
    ]);
  });

  it('of a quarter goes by the days of the quarter', () => {
    const contract = aContract('2026-11-16', '2027-04-01', { settlementCycle: 'quarterly', fee });
    // 46 of 92 days, then a whole quarter.
    expect(settled(contract, 2).map(({ netFen }) => netFen)).toEqual([1_500_000, 3_000_000]);
  });

  it('that an amendment leaves as it was costs no fen, one that it changes goes by days', () => {
    const odd = { model: 'management_fee', amountFen: 100_001 } as const;
    const same = aContract('2026-11-01', '2027-11-01', { fee: odd }, ['2026-11-16', { fee: odd }]);
    expect(settled(same, 1)[0].netFen).toBe(100_001);
    const raised = { model: 'management_fee', amountFen: 200_001 } as const;
    const [{ lines, netFen }] = settled(
      aContract('2026-11-01', '2027-11-01', { fee: odd }, ['2026-11-16', { fee: raised }]),
      1,
    );
    expect(netFen).toBe(150_001);
    expect(lines[0].parts.map(({ days, amountFen }) => [days, amountFen])).toEqual([
      [15, 50_001],
      [15, 100_000],
    ]);
  });
});

describe('a share of revenue', () => {
  const fee = { model: 'revenue_share', operatorShareBp: 8_500 } as const;
  const booked = (beforeFen: number, throughFen: number, revision = 1) => [
    { revision, beforeFen, throughFen },
  ];

  it('is kept by the operator in its part, and the rest is owed to the authority', () => {
    const [{ lines, netFen }] = settled(aContract('2026-11-01', '2027-11-01', { fee }), 1, [
      booked(0, 1_001),
    ]);
    // The operator keeps 850.85, rounded to 851 fen.
    expect(lines).toMatchObject([{ kind: 'revenue_share', payer: 'operator', dueFen: 150, amountFen: 150 }]);
    expect(lines[0].parts).toMatchObject([{ baseFen: 1_001, rateBp: 1_500, amountFen: 150 }]);
    expect(netFen).toBe(-150);
  });

  it('takes back what was corrected, be it booked in this cycle or in one that was opened again', () => {
    const contract = aContract('2026-11-01', '2027-11-01', { fee });
    const [, second] = settled(contract, 2, [booked(0, 1_000), booked(600, 500)]);
    expect(second.lines[0]).toMatchObject({
      ...{ earlierFen: 150, changeFen: -60, ownFen: -15, dueFen: 75, amountFen: -75 },
    });
  });

  it('goes by the terms of the day on which revenue is booked', () => {
    const half = { model: 'revenue_share', operatorShareBp: 5_000 } as const;
    const contract = aContract('2026-11-01', '2027-11-01', { fee }, ['2026-11-16', { fee: half }]);
    const [{ netFen }] = settled(contract, 1, [[...booked(0, 1_000), ...booked(0, 1_000, 2)]]);
    expect(netFen).toBe(-150 - 500);
  });
});

describe('rent and deposit', () => {
  it('are owed by the operator: rent by months with what was conceded of the market, the deposit while it stands', () => {
    const contract = aContract('2026-11-16', '2027-01-01', {
      rent: { amountFenPerMonth: 100_000, marketFenPerMonth: 900_000 },
      depositFen: 20_000_000,
    });
    const [first, last] = settled(contract, 2);
    expect(amounts(first)).toEqual({ rent: 50_000, deposit: 20_000_000 });
    expect(first.lines[0]).toMatchObject({ payer: 'operator', concessionFen: 400_000 });
    expect(first.netFen).toBe(-20_050_000);
    // The contract has ended: the deposit comes back.
    expect(amounts(last)).toEqual({ rent: 100_000, deposit: -20_000_000 });
    expect(last.netFen).toBe(19_900_000);
  });

  it('of a quarter are three months, and a deposit follows its terms', () => {
    const quarterly = { settlementCycle: 'quarterly', rent: { amountFenPerMonth: 100_000 } } as const;
    const contract = aContract('2026-10-01', '2027-10-01', { ...quarterly, depositFen: 500 }, [
      '2026-12-31',
      { ...quarterly, depositFen: 300 },
    ]);
    const [first] = settled(contract, 1);
    expect(amounts(first)).toEqual({ rent: 300_000, deposit: 300 });
    expect(first.lines[1].parts).toMatchObject([{ revision: 2, baseFen: 300 }]);
    const later = aContract('2026-10-01', '2027-10-01', { ...quarterly, depositFen: 500 }, [
      '2027-01-01',
      {},
    ]);
    expect(settled(later, 1)[0].lines[1].parts).toMatchObject([{ revision: 1, baseFen: 500 }]);
  });
});

it('what was settled elsewhere is taken off, and goes back where it was never due', () => {
  const fee = { model: 'management_fee', amountFen: 3_000 } as const;
  const contract = aContract('2026-01-01', '2027-01-01', { fee });
  const march = cycleEndingWith(contract, '2026-03') as Cycle;
  expect(span(march)).toBe('2026-03-01 2026-04-01');
  const lines = linesOf(contract, march, [], {}, { management_fee: 5_900, rent: 70 });
  expect(lines).toMatchObject([
    {
      kind: 'management_fee',
      dueFen: 9_000,
      earlierFen: 5_900,
      ownFen: 3_000,
      changeFen: 100,
      amountFen: 3_100,
    },
    { kind: 'rent', dueFen: 0, elsewhereFen: 70, amountFen: -70 },
  ]);
  expect(cycleEndingWith(contract, '2025-12')).toBeUndefined();
  expect(cycleEndingWith(contract, '2027-01')).toBeUndefined();
});

describe('a contract that ended early', () => {
  it('owes nothing of later days, whatever was agreed for them', () => {
    const fee = { model: 'purchased_service', amountFen: 3_100 } as const;
    const contract = aContract(
      '2026-12-01',
      '2026-12-11',
      { fee },
      ['2026-12-05', { fee }],
      ['2027-02-01', {}],
    );
    const [only, after] = settled(contract, 2);
    expect(amounts(only)).toEqual({ purchased_service: 1_000 });
    expect(after.lines).toEqual([]);
  });

  it('is followed by what comes to light later, as often as something does', () => {
    const fee = { model: 'revenue_share', operatorShareBp: 0 } as const;
    const contract = aContract('2026-12-01', '2026-12-11', { fee });
    const booked = (fen: number) => [{ revision: 1, beforeFen: fen, throughFen: fen }];
    const [, late, quiet] = settled(contract, 3, [
      [{ revision: 1, beforeFen: 0, throughFen: 900 }],
      booked(700),
      booked(700),
    ]);
    expect(amounts(late)).toEqual({ revenue_share: -200 });
    expect(quiet.lines).toEqual([]);
  });
});
