import { DomainError, contains, proportion, type Day, type Fen } from '@doorstep/kernel';

export const PRICE_UNITS = ['use', 'hour', 'half_day', 'day', 'month'] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

const HOUR_MINUTES = 60;
/** A stay counts as one half day for each started span of this length, as one day for each started 24 hours. */
export const HALF_DAY_MINUTES = 300;
export const DAY_MINUTES = 1440;

/** What one unit of a service costs one person, while the period lasts. */
export interface Price {
  id: string;
  contractId: string;
  /** Null: at every site of the contract that has no price of its own. */
  siteId: string | null;
  kind: string;
  /** Null: every mode of the kind that has no price of its own. */
  mode: string | null;
  /** Null: every class of age that has no price of its own. */
  ageClass: string | null;
  unit: PriceUnit;
  amountFen: Fen;
  /** For the unit `hour`: minutes are rounded up to a multiple of this before they are charged. */
  stepMinutes: number;
  from: Day;
  /** First day that is out; null = until further notice. */
  to: Day | null;
}

/** What a price is looked up for. */
export interface Sought {
  contractId: string;
  siteId: string;
  kind: string;
  mode: string;
  ageClass?: string;
  day: Day;
}

/** The price that holds: the site's own before the contract's, the mode's own before any mode's, then the class's own. */
export function priceFor(prices: readonly Price[], sought: Sought): Price | undefined {
  return prices.filter((price) => covers(price, sought)).sort((a, b) => rank(a) - rank(b))[0];
}

function covers(price: Price, sought: Sought): boolean {
  return (
    price.contractId === sought.contractId &&
    price.kind === sought.kind &&
    (price.siteId === null || price.siteId === sought.siteId) &&
    (price.mode === null || price.mode === sought.mode) &&
    (price.ageClass === null || price.ageClass === sought.ageClass) &&
    contains(price, sought.day)
  );
}

function rank({ siteId, mode, ageClass }: Pick<Price, 'siteId' | 'mode' | 'ageClass'>): number {
  return (siteId === null ? 4 : 0) + (mode === null ? 2 : 0) + (ageClass === null ? 1 : 0);
}

/** A tariff is as much of a price as a charge keeps of it. */
export type Tariff = Pick<Price, 'unit' | 'amountFen' | 'stepMinutes'>;

/** What one person's stay costs: timed units by started steps, rounded half up to the fen once. */
export function costOfStay(tariff: Tariff, minutes: number): Fen {
  switch (tariff.unit) {
    case 'use':
    // What of a month's fee is due is for the month's own attendance to say.
    case 'month':
      return tariff.amountFen;
    case 'hour':
      return proportion(tariff.amountFen, billedMinutes(tariff, minutes), HOUR_MINUTES);
    case 'half_day':
      return tariff.amountFen * startedSpans(minutes, HALF_DAY_MINUTES);
    case 'day':
      return tariff.amountFen * startedSpans(minutes, DAY_MINUTES);
  }
}

/** Minutes that the unit `hour` charges: whole steps. */
export function billedMinutes({ stepMinutes }: Pick<Tariff, 'stepMinutes'>, minutes: number): number {
  return Math.ceil(minutes / stepMinutes) * stepMinutes;
}

function startedSpans(minutes: number, spanMinutes: number): number {
  return Math.max(1, Math.ceil(minutes / spanMinutes));
}

/** A service that a contract lets run, and the most a unit of it may cost. */
export interface ContractedService {
  kind: string;
  mode?: string;
  priceCeilingFen?: Fen;
}

/** What a contract says of a service: not in it, in it without a ceiling, or in it up to an amount. */
export type Ceiling = 'not_contracted' | { ceilingFen: Fen | null };

/** The ceiling for one mode: the line of that very mode before the line of the whole kind. */
export function ceilingFor(services: readonly ContractedService[], kind: string, mode: string): Ceiling {
  const ofKind = services.filter((service) => service.kind === kind);
  const line =
    ofKind.find((service) => service.mode === mode) ?? ofKind.find((service) => service.mode === undefined);
  return line ? { ceilingFen: line.priceCeilingFen ?? null } : 'not_contracted';
}

/**
 * Refuses a price that the contract does not carry. A price for every mode must keep the lowest ceiling of the kind,
 * because it may come to apply to any of them.
 */
export function assertWithinContract(
  price: Pick<Price, 'kind' | 'mode' | 'amountFen'>,
  services: readonly ContractedService[],
): void {
  const { kind, mode, amountFen } = price;
  const ceiling = mode === null ? lowestCeiling(services, kind) : ceilingFor(services, kind, mode);
  if (ceiling === 'not_contracted') {
    throw new DomainError('invalid', 'kind_not_in_contract', `The contract has no ${serviceName(price)}.`, {
      field: 'kind',
      mend: 'Take a kind and mode that the contract names, or amend the contract first.',
    });
  }
  if (ceiling.ceilingFen !== null && amountFen > ceiling.ceilingFen) {
    throw new DomainError(
      'invalid',
      'price_above_ceiling',
      `${amountFen} fen is above the contract's ceiling of ${ceiling.ceilingFen} fen for ${serviceName(price)}.`,
      {
        field: 'amountFen',
        mend:
          mode === null
            ? 'Lower the price, or give each mode its own.'
            : 'Lower the price, or agree on a higher ceiling.',
        ceilingFen: ceiling.ceilingFen,
      },
    );
  }
}

function lowestCeiling(services: readonly ContractedService[], kind: string): Ceiling {
  const ofKind = services.filter((service) => service.kind === kind);
  if (ofKind.length === 0) return 'not_contracted';
  const ceilings = ofKind.flatMap(({ priceCeilingFen }) => priceCeilingFen ?? []);
  return { ceilingFen: ceilings.length > 0 ? Math.min(...ceilings) : null };
}

function serviceName({ kind, mode }: { kind: string; mode: string | null }): string {
  return mode === null ? kind : `${kind} (${mode})`;
}
