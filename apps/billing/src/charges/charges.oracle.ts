/* An account of charges that is right because it is simple: for specs. */

export const PLANNED_MINUTES = 120;
export interface Rule {
  kind: Kind;
  fixedFen?: number;
  rateBp?: number;
  caps: { perDayUses?: number; perDayFen?: number; perMonthFen?: number; perYearFen?: number };
  budgetFen: number;
}

export const PRICE = { meals: 1_800, childcare: 3_000 };
export type Kind = keyof typeof PRICE;

export const RULES: readonly Rule[] = [
  { kind: 'meals', fixedFen: 700, caps: { perDayUses: 1 }, budgetFen: 2_500 },
  { kind: 'meals', rateBp: 3_333, caps: { perMonthFen: 900 }, budgetFen: 100_000 },
  { kind: 'childcare', rateBp: 4_000, caps: { perYearFen: 5_000 }, budgetFen: 9_999 },
  { kind: 'childcare', fixedFen: 1_111, caps: { perDayFen: 1_500 }, budgetFen: 4_444 },
];

/** A booking as the naive account remembers it. */
export interface Remembered {
  resident: number;
  day: string;
  kind: Kind;
  status: 'authorised' | 'released' | 'captured';
  /** What it was rated by. */
  price: number;
  rules: readonly Rule[];
  minutes: number;
  grossFen: number;
  /** By rule; those of another kind give nothing. */
  gave: number[];
  creditedFen: number;
  /** What happened to the reservation, in its order. */
  story: { day: string; residentFen: number; fundersFen: number }[];
}

export class NaiveAccount {
  readonly bookings: Remembered[] = [];
  readonly prices = { ...PRICE };
  readonly rules = [...RULES];

  hold(resident: number, day: string, kind: Kind, today = day): void {
    const rated = { price: this.prices[kind], rules: [...this.rules], minutes: PLANNED_MINUTES };
    const empty = { grossFen: 0, gave: RULES.map(() => 0), creditedFen: 0, story: [] };
    const booking: Remembered = { resident, day, kind, status: 'authorised', ...rated, ...empty };
    this.authorise(booking);
    this.bookings.push(booking);
    const fundersFen = sum(booking.gave);
    booking.story.push({ day: today, residentFen: booking.grossFen - fundersFen, fundersFen });
  }

  release(booking: Remembered, today: string): void {
    if (booking.status === 'authorised') booking.story.push({ day: today, residentFen: 0, fundersFen: 0 });
    booking.status = 'released';
  }

  /** Replays every booking's story up to the end of the day. What is posted is so from the day of the service on. */
  reservedOn(day = '9999-12-31'): { residentFen: number; fundersFen: number } {
    const lastOf = ({ story }: Remembered) => story.filter((event) => event.day <= day).at(-1);
    const standing = this.bookings.filter((one) => one.status !== 'captured' || one.day > day).map(lastOf);
    return {
      residentFen: sum(standing.map((event) => event?.residentFen ?? 0)),
      fundersFen: sum(standing.map((event) => event?.fundersFen ?? 0)),
    };
  }

  deliver(booking: Remembered, minutes: number): void {
    if (booking.kind === 'childcare' && minutes < PLANNED_MINUTES) {
      const residentFen = booking.grossFen - sum(booking.gave);
      const grossFen = Math.round((booking.price * minutes) / 60);
      let rest = grossFen;
      booking.gave = booking.gave.map((reserved, index) => {
        const fen = reserved === 0 ? 0 : Math.min(rest, reserved, wantedBy(booking.rules[index], grossFen));
        rest -= fen;
        return fen;
      });
      booking.grossFen = grossFen;
      if (rest > residentFen) throw new Error('the resident would pay more than was authorised');
    }
    booking.minutes = minutes;
    booking.status = 'captured';
  }

  /** What was rated by other prices, or other rules, than hold now is taken back whole and given anew, day by day. */
  correct(what: 'price' | 'rules'): void {
    const other = ({ kind, price, rules }: Remembered) =>
      what === 'price'
        ? price !== this.prices[kind]
        : rules.some((rule, index) => rule.kind === kind && rule !== this.rules[index]);
    const affected = this.bookings
      .filter((booking) => booking.status === 'captured' && other(booking))
      .toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    for (const booking of affected) booking.gave = booking.gave.map(() => 0);
    for (const booking of affected) {
      if (what === 'price') booking.price = this.prices[booking.kind];
      else booking.rules = [...this.rules];
      this.authorise(booking);
      this.deliver(booking, booking.minutes);
    }
  }

  /** What the resident owes after what the operator took on itself. */
  owedFen({ grossFen, gave, creditedFen }: Remembered): number {
    return Math.max(0, grossFen - sum(gave) - creditedFen);
  }

  private authorise(booking: Remembered): void {
    const { kind, price } = booking;
    booking.grossFen = kind === 'meals' ? price : (price * PLANNED_MINUTES) / 60;
    let rest = booking.grossFen;
    booking.gave = booking.rules.map((rule, index) => {
      if (rule.kind !== kind) return 0;
      const fen = Math.min(rest, wantedBy(rule, booking.grossFen), this.leftOf(index, booking));
      rest -= fen;
      return fen;
    });
  }

  /** Looks back over everything that stands. */
  private leftOf(index: number, { resident, day, rules }: Remembered): number {
    const { caps, budgetFen } = rules[index];
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
