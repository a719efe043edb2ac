import { type Day, DomainError, type Fen, liesWithin, type RegionCode } from '@doorstep/kernel';
import { dearestOf, type Price } from './price';

/** A service that a contract lets run, and the most a unit of it may cost. */
export interface ContractedService {
  kind: string;
  /** Absent: every mode of the kind. */
  mode?: string;
  /** Only there; absent: everywhere. */
  regionCode?: RegionCode;
  priceCeilingFen?: Fen;
}

/** What a contract says of services: today, and by the days on which it holds. */
export interface ContractedServices {
  services: readonly ContractedService[];
  /** Null: not told, what holds today holds throughout. */
  revisions: readonly { from: Day; to: Day; services: readonly ContractedService[] }[] | null;
}

/** What a contract says of a service: not in it, in it without a ceiling, or in it up to an amount. */
export type Ceiling = 'not_contracted' | { ceilingFen: Fen | null };

/** What was agreed on for a day; of days that the contract does not cover what it says today. */
export function servicesOn(
  { services, revisions }: ContractedServices,
  day: Day,
): readonly ContractedService[] {
  return revisions?.find(({ from, to }) => from <= day && day < to)?.services ?? services;
}

/**
 * The ceiling for one mode at one place. Of several lines that fit, one with a mode wins, then the longest region code.
 *
 * @param mode undefined: one that no line names
 */
export function ceilingFor(
  services: readonly ContractedService[],
  kind: string,
  mode: string | undefined,
  place: RegionCode,
): Ceiling {
  const [line] = services
    .filter(
      (each) =>
        each.kind === kind &&
        (each.mode === undefined || each.mode === mode) &&
        (each.regionCode === undefined || liesWithin(place, each.regionCode)),
    )
    .sort((a, b) => narrowness(b) - narrowness(a));
  return line ? { ceilingFen: line.priceCeilingFen ?? null } : 'not_contracted';
}

/**
 * Refuses a price that the contract does not carry. A price for every mode must keep the lowest ceiling of the kind, because
 * it may come to apply to any of them. A price for every site keeps what holds everywhere, or, where lines are for regions
 * alone, the highest of them: where less is agreed on a site needs a price of its own, and bookings are declined without one.
 *
 * @param place where its site is; null: it is for every site
 */
export function assertWithinContract(
  price: Pick<Price, 'kind' | 'mode' | 'amountFen' | 'bands'>,
  services: readonly ContractedService[],
  place: RegionCode | null,
): void {
  const { kind, mode } = price;
  const amountFen = dearestOf(price);
  const ceiling = place === null ? somewhere(services, kind, mode) : lowest(services, kind, mode, place);
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
        field: amountFen > price.amountFen ? 'bands' : 'amountFen',
        mend:
          mode === null
            ? 'Lower the price, or give each mode its own.'
            : 'Lower the price, or agree on a higher ceiling.',
        ceilingFen: ceiling.ceilingFen,
      },
    );
  }
}

/** What holds everywhere; without such a line the most that holds in any region that a line names. */
function somewhere(services: readonly ContractedService[], kind: string, mode: string | null): Ceiling {
  const everywhere = lowest(
    services.filter(({ regionCode }) => regionCode === undefined),
    kind,
    mode,
    '',
  );
  if (everywhere !== 'not_contracted') return everywhere;
  const regions = [...new Set(services.flatMap(({ regionCode }) => regionCode ?? []))];
  return highestOf(regions.map((region) => lowest(services, kind, mode, region)));
}

/** The ceiling of a mode, or the lowest of all modes that may run there. */
function lowest(
  services: readonly ContractedService[],
  kind: string,
  mode: string | null,
  place: RegionCode,
): Ceiling {
  if (mode !== null) return ceilingFor(services, kind, mode, place);
  const modes = [
    ...new Set(services.filter((each) => each.kind === kind).map((each) => each.mode)),
    undefined,
  ];
  const found = modes.map((each) => ceilingFor(services, kind, each, place)).filter(isContracted);
  if (found.length === 0) return 'not_contracted';
  const amounts = found.flatMap(({ ceilingFen }) => ceilingFen ?? []);
  return { ceilingFen: amounts.length > 0 ? Math.min(...amounts) : null };
}

function highestOf(ceilings: readonly Ceiling[]): Ceiling {
  const found = ceilings.filter(isContracted);
  if (found.length === 0) return 'not_contracted';
  const open = found.some(({ ceilingFen }) => ceilingFen === null);
  return { ceilingFen: open ? null : Math.max(...found.map(({ ceilingFen }) => ceilingFen ?? 0)) };
}

function isContracted(ceiling: Ceiling): ceiling is Exclude<Ceiling, 'not_contracted'> {
  return ceiling !== 'not_contracted';
}

/** A mode outweighs any region code. */
function narrowness({ mode, regionCode }: ContractedService): number {
  return (mode === undefined ? 0 : 100) + (regionCode?.length ?? 0);
}

function serviceName({ kind, mode }: { kind: string; mode: string | null }): string {
  return mode === null ? kind : `${kind} (${mode})`;
}
