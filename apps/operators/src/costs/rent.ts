import { type Day, type Fen, proportionOfSum, splitByLargestRemainder } from '@doorstep/kernel';

interface Span {
  from: Day;
  /** First day that is out. */
  to: Day;
}

/** A contract that was in force, with what its days of a month say. */
export interface RentedContract extends Span {
  contractId: string;
  number: string;
  /** Rent by the terms of the days. */
  rents: (Span & { rentFen: Fen })[];
  standings: (Span & { siteId: string; areaM2: number | null })[];
}

/** How a rent is divided over the sites; `nobody`: none stood under the contract. */
export type RentBasis = 'area' | 'equal_parts' | 'nobody';

/** What a contract's rent of a month comes to, and each site's part of it. */
export interface RentOfMonth {
  rentFen: Fen;
  /** Days on which rent was due. */
  days: number;
  basis: RentBasis;
  parts: { siteId: string; amountFen: Fen }[];
}

/**
 * Rent is due for each day of the contract by the terms of that day: a month of one rent costs exactly that, else each rent
 * its days' part, all of them rounded once, as the contract is settled. It is divided over the sites that stood under the contract on some day of the month: by
 * area and days, or by days alone where the area of one isn't known. Largest remainder, ties to the lower id.
 */
export function rentOfMonth({ from, to, rents, standings }: RentedContract, month: string): RentOfMonth {
  const all = daysOf(month);
  const daysAt = new Map<Fen, number>();
  for (const day of all.filter((each) => from <= each && each < to)) {
    const rent = rents.find((each) => each.from <= day && day < each.to);
    if (rent) daysAt.set(rent.rentFen, (daysAt.get(rent.rentFen) ?? 0) + 1);
  }
  const rentFen = proportionOfSum([...daysAt], all.length);
  const days = [...daysAt.values()].reduce((sum, each) => sum + each, 0);
  const sites = sitesOf(standings, all);
  if (sites.length === 0) return { rentFen, days, basis: 'nobody', parts: [] };
  const byArea = sites.every(({ areaM2 }) => areaM2 !== null && areaM2 > 0);
  const weights = sites.map(
    (site) => site.days * (byArea ? Math.max(1, Math.round((site.areaM2 ?? 0) * 100)) : 1),
  );
  const parts = splitByLargestRemainder(rentFen, weights);
  return {
    ...{ rentFen, days, basis: byArea ? 'area' : 'equal_parts' },
    parts: sites.map(({ siteId }, i) => ({ siteId, amountFen: parts[i] })),
  };
}

/** Each site once, with the days on which it stood under the contract. */
function sitesOf(standings: RentedContract['standings'], all: readonly Day[]) {
  const bySite = new Map<string, { siteId: string; areaM2: number | null; days: number }>();
  for (const { siteId, areaM2, from, to } of standings) {
    const days = all.filter((day) => from <= day && day < to).length;
    if (days > 0) bySite.set(siteId, { siteId, areaM2, days: (bySite.get(siteId)?.days ?? 0) + days });
  }
  return [...bySite.values()].sort((a, b) => (a.siteId < b.siteId ? -1 : 1));
}

function daysOf(month: string): Day[] {
  const [year, ordinal] = month.split('-').map(Number);
  const many = new Date(Date.UTC(year, ordinal, 0)).getUTCDate();
  return Array.from({ length: many }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);
}
