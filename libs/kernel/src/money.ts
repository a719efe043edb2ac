import { assert } from './errors';

/**
 * Money is an integer number of fen (1/100 yuan), always a safe integer: up to 90 trillion yuan, which is more than
 * any contract. Products with rates go through bigint, so nothing is ever rounded by a float.
 * Decision: docs/decisions/0003-money-as-integer-fen.md.
 */
export type Fen = number;

/** Rates are basis points: 10 000 = 100 %. */
export const BASIS_POINTS_WHOLE = 10_000;

export function fen(amount: number): Fen {
  assert(Number.isSafeInteger(amount), `an amount in fen is a safe integer, not ${amount}`);
  return amount;
}

export function sumFen(amounts: Iterable<Fen>): Fen {
  let total = 0;
  for (const amount of amounts) total = fen(total + fen(amount));
  return total;
}

export type Rounding = 'half_up' | 'down' | 'up';

/**
 * `amount × numerator ÷ denominator`, exact until the one rounding at the end.
 * Half-up rounds away from zero at exactly one half, as invoices do; `down` and `up` are toward and away from zero.
 */
export function proportion(
  amount: Fen,
  numerator: number,
  denominator: number,
  rounding: Rounding = 'half_up',
): Fen {
  return proportionOfSum([[amount, numerator]], denominator, rounding);
}

/**
 * The sum of `amount × numerator` over parts, divided by the denominator, with one rounding at the end: amounts that hold
 * for some days of a month each come to exactly the amount where they are the same.
 */
export function proportionOfSum(
  parts: readonly (readonly [amount: Fen, numerator: number])[],
  denominator: number,
  rounding: Rounding = 'half_up',
): Fen {
  assert(
    Number.isSafeInteger(denominator) && denominator > 0 && parts.every(([, n]) => Number.isSafeInteger(n)),
    'a ratio of integers',
  );
  const product = parts.reduce(
    (sum, [amount, numerator]) => sum + BigInt(fen(amount)) * BigInt(numerator),
    0n,
  );
  const divisor = BigInt(denominator);
  const sign = product < 0n ? -1n : 1n;
  const magnitude = product * sign;
  const bump = rounding === 'down' ? 0n : rounding === 'up' ? divisor - 1n : divisor / 2n;
  return fen(Number(sign * ((magnitude + bump) / divisor)));
}

/** The part of an amount that a rate in basis points makes. */
export function shareOf(amount: Fen, basisPoints: number, rounding: Rounding = 'half_up'): Fen {
  return proportion(amount, basisPoints, BASIS_POINTS_WHOLE, rounding);
}

/**
 * Splits an amount in proportion to weights so that the parts always sum to the whole: every part is rounded toward
 * zero, then the fen left over go to the largest remainders. Ties go to the earlier part, so the result never depends
 * on anything but the arguments.
 */
export function splitByLargestRemainder(total: Fen, weights: readonly number[]): Fen[] {
  assert(
    weights.length > 0 && weights.every((w) => Number.isSafeInteger(w) && w >= 0),
    'weights are integers ≥ 0',
  );
  const weightSum = weights.reduce((sum, w) => sum + BigInt(w), 0n);
  assert(weightSum > 0n, 'at least one weight is above zero');
  const sign = total < 0 ? -1n : 1n;
  const magnitude = BigInt(fen(total)) * sign;
  const parts = weights.map((weight, index) => {
    const product = magnitude * BigInt(weight);
    return { index, floor: product / weightSum, remainder: product % weightSum };
  });
  const left = Number(magnitude - parts.reduce((sum, p) => sum + p.floor, 0n));
  const winners = new Set(
    [...parts]
      .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map((p) => p.index),
  );
  return parts.map((p) => fen(Number(sign * (p.floor + (winners.has(p.index) ? 1n : 0n)))));
}

/** Yuan as files write them ("15", "-3.50", "1,200.00", "`0.01") to fen; undefined when it isn't an amount of at most two decimals. */
export function parseYuan(text: string): Fen | undefined {
  return plainYuan(text) ?? anyYuan(text);
}

/** "18.00": what nearly every amount of a million lines looks like, in a fifth of the general pattern's time. */
function plainYuan(text: string): Fen | undefined {
  const point = text.length - 3;
  if (point < 1 || point > 12 || text.charCodeAt(point) !== POINT) return undefined;
  let amount = 0;
  for (let at = 0; at < text.length; at++) {
    if (at === point) continue;
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    amount = amount * 10 + digit;
  }
  return amount;
}

const [POINT, ZERO] = ['.', '0'].map((character) => character.charCodeAt(0));

function anyYuan(text: string): Fen | undefined {
  const match = /^([+-]?)[¥￥]?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/^`/, ''));
  if (!match) return undefined;
  const [, sign, whole, decimals = ''] = match;
  const amount = Number(whole.replaceAll(',', '')) * 100 + Number(decimals.padEnd(2, '0'));
  if (!Number.isSafeInteger(amount)) return undefined;
  return sign === '-' && amount !== 0 ? -amount : amount;
}

/** Fen as yuan with two decimals, without grouping: the form that files and programs read. */
export function formatYuan(amount: Fen): string {
  const magnitude = Math.abs(fen(amount));
  return `${amount < 0 ? '-' : ''}${Math.floor(magnitude / 100)}.${String(magnitude % 100).padStart(2, '0')}`;
}
