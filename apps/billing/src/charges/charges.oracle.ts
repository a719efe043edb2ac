/* An account of charges that is right because it is simple: for specs. */

export const PLANNED_MINUTES = 120;
export const RULES = [
  { kind: 'meals', fixedFen: 700, caps: { perDayUses: 1 }, budgetFen: 2_500 },
  { kind: 'meals', rateBp: 3_333, caps: { perMonthFen: 900 }, budgetFen: 100_000 },
  { kind: 'childcare', rateBp: 4_000, caps: { perYearFen: 5_000 }, budgetFen: 9_999 },
  { kind: 'childcare', fixedFen: 1_111, caps: { perDayFen: 1_500 }, budgetFen: 4_444 },
] as const;
export const PRICE = { meals: 1_800, childcare: 3_000 };
export type Kind = keyof typeof PRICE;

/** A booking as the naive account remembers it. */
export interface Remembered {
  resident: number;
  day: string;
  kind: Kind;
  status: 'authorised' | 'released' | 'captured';
  grossFen: number;
  /** By rule; those of another kind give nothing. */
  gave: number[];
}

export class NaiveAccount {
  readonly bookings: Remembered[] = [];

  hold(resident: number, day: string, kind: Kind): void {
    const grossFen = kind === 'meals' ? PRICE.meals : (PRICE.childcare * PLANNED_MINUTES) / 60;
    let rest = grossFen;
    const gave = RULES.map((rule, index) => {
      if (rule.kind !== kind) return 0;
      const fen = Math.min(rest, wantedBy(rule, grossFen), this.leftOf(index, resident, day));
      rest -= fen;
      return fen;
    });
    this.bookings.push({ resident, day, kind, status: 'authorised', grossFen, gave });
  }

  deliver(booking: Remembered, minutes: number): void {
    if (booking.kind === 'childcare' && minutes < PLANNED_MINUTES) {
      const residentFen = booking.grossFen - sum(booking.gave);
      const grossFen = Math.round((PRICE.childcare * minutes) / 60);
      let rest = grossFen;
      booking.gave = booking.gave.map((reserved, index) => {
        const fen = reserved === 0 ? 0 : Math.min(rest, reserved, wantedBy(RULES[index], grossFen));
        rest -= fen;
        return fen;
      });
      booking.grossFen = grossFen;
      if (rest > residentFen) throw new Error('the resident would pay more than was authorised');
    }
    booking.status = 'captured';
  }

  /** Looks back over everything that stands. */
  private leftOf(index: number, resident: number, day: string): number {
    const { caps, budgetFen } = RULES[index] as { caps: Record<string, number>; budgetFen: number };
    const standing = this.bookings.filter((one) => one.status !== 'released' && one.gave[index] > 0);
    const since = (length: number) =>
      standing.filter(
        (one) => one.resident === resident && one.day.slice(0, length) === day.slice(0, length),
      );
    const given = (list: Remembered[]) => sum(list.map((one) => one.gave[index]));
    if (since(10).length >= (caps.perDayUses ?? Infinity)) return 0;
    return Math.min(
      (caps.perDayFen ?? Infinity) - given(since(10)),
      (caps.perMonthFen ?? Infinity) - given(since(7)),
      (caps.perYearFen ?? Infinity) - given(since(4)),
      budgetFen - given(standing),
    );
  }
}

function wantedBy(rule: { fixedFen?: number; rateBp?: number }, grossFen: number): number {
  return rule.fixedFen ?? Math.round((grossFen * (rule.rateBp ?? 0)) / 10_000);
}
export const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);
