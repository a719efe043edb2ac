import type { ContractMoney } from '@doorstep/contracts';
import { newId, sumFen, type Day } from '@doorstep/kernel';
import fc from 'fast-check';
import { contractSettled } from '../ledger/contract-entries';
import { addDays } from '../shared/days';
import { linesOf, netOf, type Earlier, type RevisionRevenue } from './contract-settlement';
import { nextCycle, standingOf, type MoneyRevision, type StandingContract } from './cycle';

const FIRST = '2026-01-01';
const amount = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 9_999_999 }));
const money: fc.Arbitrary<ContractMoney> = fc
  .record({
    settlementCycle: fc.constantFrom('monthly', 'quarterly'),
    fee: fc.option(
      fc.oneof(
        fc.record({ model: fc.constantFrom('management_fee', 'purchased_service'), amountFen: amount }),
        fc.record({
          model: fc.constant('revenue_share'),
          operatorShareBp: fc.integer({ min: 0, max: 10_000 }),
        }),
      ),
    ),
    rent: fc.option(fc.record({ amountFenPerMonth: amount, marketFenPerMonth: amount })),
    depositFen: fc.option(amount),
  })
  .map(
    (drawn) =>
      Object.fromEntries(
        Object.entries(drawn).filter(([, value]) => value !== null),
      ) as unknown as ContractMoney,
  );

/** Revenue booked on a day, known from a settlement on: earlier days of later ones are months that were opened again. */
interface Booked {
  day: Day;
  fen: number;
  known: number;
}
const story = fc.record({
  begins: fc.nat(80),
  stands: fc.integer({ min: 1, max: 300 }),
  first: money,
  amendments: fc.array(fc.record({ after: fc.nat(300), money: fc.option(money), known: fc.nat(6) }), {
    maxLength: 5,
  }),
  booked: fc.array(
    fc.record({ on: fc.nat(350), fen: fc.integer({ min: -50_000, max: 90_000 }), known: fc.nat(12) }),
    { maxLength: 25 },
  ),
});

/** The terms as they are known at a settlement: whoever amends nothing says again what held before. */
function termsOf(
  from: Day,
  to: Day,
  changes: readonly { on: Day; money: ContractMoney | null }[],
): StandingContract {
  const revisions: MoneyRevision[] = [];
  for (const change of [...changes].sort((a, b) => (a.on < b.on ? -1 : 1))) {
    const last = revisions.at(-1);
    if (last) last.to = change.on;
    const next = change.money ?? (last as MoneyRevision).money;
    revisions.push({ revision: revisions.length + 1, from: change.on, to, money: next });
  }
  return standingOf({ from, to }, revisions);
}

/** Half up, away from zero, on whole numbers alone. */
function rounded(numerator: bigint, denominator: bigint): number {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = (2n * size + denominator) / (2n * denominator);
  return Number(numerator < 0n ? -whole : whole);
}

const UNIT = {
  monthly: (day: Day) => day.slice(0, 7),
  quarterly: (day: Day) => `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`,
};
const CALENDAR = Array.from({ length: 3 * 365 }, (_, nth) => addDays(FIRST, nth));
/** Days of each month and quarter, counted. */
const LASTS = new Map<string, number>();
for (const day of CALENDAR)
  for (const of of Object.values(UNIT)) LASTS.set(of(day), (LASTS.get(of(day)) ?? 0) + 1);

/** What is due of each kind before a day, by going through the contract day by day. */
function oracle(contract: StandingContract, until: Day, booked: readonly Booked[]): Record<string, number> {
  const units = new Map<string, { kind: string; fenDays: bigint; days: bigint }>();
  const termsOn = (day: Day) =>
    (
      contract.revisions.find(({ from, to }) => from <= day && day < to) ??
      (day < contract.from ? contract.revisions[0] : contract.revisions.at(-1))
    )?.money;
  const add = (kind: string, per: 'monthly' | 'quarterly', fen: number, day: Day) => {
    const of = UNIT[per](day);
    const key = `${kind} ${of}`;
    const unit = units.get(key) ?? { kind, fenDays: 0n, days: BigInt(LASTS.get(of) ?? 0) };
    unit.fenDays += BigInt(fen);
    units.set(key, unit);
  };
  for (const day of CALENDAR.filter((each) => each >= contract.from && each < until && each < contract.to)) {
    const { fee, rent, settlementCycle } = termsOn(day) as ContractMoney;
    if (fee?.amountFen !== undefined) add(fee.model, settlementCycle, fee.amountFen, day);
    if (rent) add('rent', 'monthly', rent.amountFenPerMonth, day);
  }
  const due: Record<string, number> = {};
  for (const { kind, fenDays, days } of units.values()) due[kind] = (due[kind] ?? 0) + rounded(fenDays, days);
  const byShare = new Map<number, number>();
  for (const { day, fen } of booked) {
    const share = termsOn(day)?.fee?.operatorShareBp;
    if (share !== undefined) byShare.set(share, (byShare.get(share) ?? 0) + fen);
  }
  for (const [share, fen] of byShare)
    due.revenue_share = (due.revenue_share ?? 0) + fen - rounded(BigInt(fen) * BigInt(share), 10_000n);
  due.deposit = until >= contract.to ? 0 : (termsOn(addDays(until, -1))?.depositFen ?? 0);
  return due;
}

/** As the ledger is asked: by revision, before the cycle and through its end; what lies outside goes with the nearest. */
function revenueOf(contract: StandingContract, from: Day, booked: readonly Booked[]): RevisionRevenue[] {
  return contract.revisions.map(({ revision, from: begins, to }, index, all) => {
    const under = booked.filter(
      ({ day }) => (index === 0 || day >= begins) && (index === all.length - 1 || day < to),
    );
    return {
      revision,
      beforeFen: sumFen(under.filter(({ day }) => day < from).map(({ fen }) => fen)),
      throughFen: sumFen(under.map(({ fen }) => fen)),
    };
  });
}

it('whatever is amended, opened again or corrected: what was settled comes to what is due, and every entry to zero', () =>
  fc.assert(
    fc.property(story, ({ begins, stands, first, amendments, booked }) => {
      const from = addDays(FIRST, begins);
      const to = addDays(from, stands);
      const facts = booked.map(({ on, fen, known }): Booked => ({ day: addDays(from, on), fen, known }));
      const changes = new Map<Day, { on: Day; money: ContractMoney | null; known: number }>();
      for (const { after, money: terms, known } of amendments) {
        const on = addDays(from, 1 + after);
        changes.set(on, { on, money: terms, known });
      }
      const earlier: Earlier = {};
      let settledTo: Day | undefined;
      // To the contract's last day, and twice after it.
      for (let [nth, after] = [0, 0]; after < 2; nth++) {
        const known = [...changes.values()].filter((change) => change.known <= nth);
        const contract = termsOf(from, to, [{ on: from, money: first }, ...known]);
        const cycle = nextCycle(contract, settledTo);
        expect(cycle.from).toBe(settledTo ?? from);
        const open = facts.filter((fact) => fact.known <= nth && (cycle.last || fact.day < cycle.to));
        const before = cycle.kind === 'closing' ? '9999-12-31' : cycle.from;
        const lines = linesOf(contract, cycle, revenueOf(contract, before, open), earlier);
        for (const { kind, amountFen, dueFen, earlierFen, ownFen, changeFen, parts } of lines) {
          const own = sumFen(parts.map((part) => part.amountFen));
          expect([dueFen - earlierFen, ownFen + changeFen, own]).toEqual([amountFen, amountFen, ownFen]);
          earlier[kind] = (earlier[kind] ?? 0) + amountFen;
        }
        const due = oracle(contract, cycle.to, open);
        const settled = { ...Object.fromEntries(Object.keys(due).map((kind) => [kind, 0])), ...earlier };
        expect(settled).toEqual({
          ...Object.fromEntries(Object.keys(earlier).map((kind) => [kind, 0])),
          ...due,
        });
        const of = { operatorId: newId(), contractId: newId(), settlementId: newId(), day: cycle.to };
        const clearing = contractSettled(of, lines)
          .flatMap((entry) => entry.lines)
          .filter(({ account }) => account.kind === 'authority_clearing');
        expect(sumFen(clearing.map(({ amountFen }) => amountFen))).toBe(netOf(lines));
        settledTo = cycle.to;
        if (cycle.kind === 'closing') after++;
      }
      expect(settledTo).toBe(to);
    }),
    { numRuns: 100 },
  ));
