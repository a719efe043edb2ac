import { ageYears, BASIS_POINTS_WHOLE, type Fen } from '@doorstep/kernel';
import { bookingOf, type Wish } from './day';
import type { Area } from './city';
import { PRICES } from './plan';
import { codesIn } from './plan-programmes';

/**
 * What attended services must have cost and what the roomy programmes must have paid, worked out from the plan and the
 * front-end's own notes with plain arithmetic. Shares no code with billing.
 */
export interface Expected {
  grossFen: Fen;
  /** By programme code; the programme with the small budget is not here, since who came first decides. */
  programmesFen: Record<string, Fen>;
}

export function expectedOf(wishes: Wish[], day: string, area: Area): Expected {
  const roomy = ['MEAL-60', 'MEAL-80', 'CHILD-3'] as const;
  const codes = area.cities.flatMap((city) => roomy.map((name) => codesIn(area, city.code)[name]));
  const expected: Expected = {
    grossFen: 0,
    programmesFen: Object.fromEntries(codes.map((code) => [code, 0])),
  };
  for (const wish of wishes.filter((w) => w.fate === 'attended')) {
    const grossFen = grossOf(wish);
    const codeOf = codesIn(area, wish.site.plan.community.code.slice(0, 4));
    expected.grossFen += grossFen;
    const age = ageYears(wish.resident.plan.birthDate, day);
    if (wish.offering.kind === 'meals' && age >= 60)
      expected.programmesFen[codeOf[age >= 80 ? 'MEAL-80' : 'MEAL-60']] += age >= 80 ? 300 : 200;
    if (wish.offering.kind === 'childcare') {
      expected.programmesFen[codeOf['CHILD-3']] += Math.floor(
        (grossFen * 3_000 * 2 + BASIS_POINTS_WHOLE) / (2 * BASIS_POINTS_WHOLE),
      );
    }
  }
  return expected;
}

/** Timed services cost whole started steps of the time attended, rounded half up to the fen. */
function grossOf(wish: Wish): Fen {
  const price = PRICES.find((p) => p.kind === wish.offering.kind);
  if (!price) throw new Error(`no price for ${wish.offering.kind}`);
  if (price.unit === 'use') return price.amountFen;
  const { start, end } = bookingOf(wish);
  const minutes = wish.minutes ?? (Date.parse(end) - Date.parse(start)) / 60_000;
  const step = price.stepMinutes ?? 1;
  const billed = Math.ceil(minutes / step) * step;
  return Math.floor((price.amountFen * billed * 2 + 60) / 120);
}
