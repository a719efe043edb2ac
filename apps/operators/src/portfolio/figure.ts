import { type Fen, splitByLargestRemainder } from '@doorstep/kernel';

export const COST_CLASSES = ['base_labour', 'service_labour', 'materials', 'premises'] as const;
/** Staff that is there whether or not anybody comes; staff, goods and rooms that services take. */
export type CostClass = (typeof COST_CLASSES)[number];

export const PAYERS = ['resident', 'funder', 'concession', 'none'] as const;
/**
 * Where money for a service comes from. A concession is what the operator itself gives up: it bears its part of the costs
 * and brings in nothing. `none` bears the costs of what nobody paid for.
 */
export type Payer = (typeof PAYERS)[number];

/** Where the figures of a site's month belong. */
export interface Place {
  contractId: string | null;
  regionCode: string;
  /** Empty: costs of a month in which the site did nothing. */
  kind: string;
}

export interface Counts {
  sessions: number;
  /** In units: people, uses of a court, visits at a time. */
  capacity: number;
  booked: number;
  attended: number;
  noShow: number;
  cancelled: number;
  /** People who came, each time counted. */
  visits: number;
  /** People who waited in vain; children who wait for a place by the days on which they would have been there. */
  waiting: number;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  concessionFen: Fen;
}

export interface Cell extends Place, Counts {
  funders: { funderId: string | null; amountFen: Fen }[];
}

export interface Cost {
  /** Empty: the whole site's. */
  kind: string;
  costClass: CostClass;
  amountFen: Fen;
  /** The contract whose rent it is: only what stood under it bears it. Null: everything at the site. */
  contractId: string | null;
}

/** What a place bears of the costs. */
export interface Burden extends Place {
  costsFen: Record<CostClass, Fen>;
}

export interface MarginLine extends Place {
  payer: Payer;
  funderId: string | null;
  revenueFen: Fen;
  costsFen: Record<CostClass, Fen>;
}

/** Columns in which counts are kept. */
export const COUNT_COLUMNS: Record<keyof Counts, string> = {
  sessions: 'sessions',
  capacity: 'capacity',
  booked: 'booked',
  attended: 'attended',
  noShow: 'no_show',
  cancelled: 'cancelled',
  visits: 'visits',
  waiting: 'waiting',
  grossFen: 'gross_fen',
  residentFen: 'resident_fen',
  fundersFen: 'funders_fen',
  concessionFen: 'concession_fen',
};
export const COUNT_NAMES = Object.keys(COUNT_COLUMNS) as (keyof Counts)[];

export const NO_COUNTS = Object.fromEntries(COUNT_NAMES.map((name) => [name, 0])) as unknown as Counts;

/**
 * One month of one site: its figures, and its margins by who pays. A cost is spread over what it was for (its kind, or all
 * kinds) by gross revenue; where there was none, by capacity, else evenly. What a kind bears is spread over who paid for
 * it by what each paid. Every split is by largest remainder, so all of it sums to what was entered.
 *
 * @param cells each place once, whatever their order
 * @param elsewhere where costs belong that meet no figures
 */
export function monthOf(
  cells: readonly Cell[],
  costs: readonly Cost[],
  elsewhere: Omit<Place, 'kind'>,
): { cells: Cell[]; costs: Burden[]; margins: MarginLine[] } {
  const all = [...cells].sort(byPlace);
  const borne = new Map<Cell, Record<CostClass, Fen>>();
  for (const cost of [...costs].sort(byKindThenClass)) {
    if (cost.amountFen === 0) continue;
    const bearers = all.filter(
      ({ kind, contractId }) =>
        (cost.kind === '' || kind === cost.kind) &&
        (cost.contractId === null || contractId === cost.contractId),
    );
    if (bearers.length === 0) {
      const place = { ...elsewhere, contractId: cost.contractId ?? elsewhere.contractId, kind: cost.kind };
      const cell: Cell = { ...place, ...NO_COUNTS, funders: [] };
      all.push(cell);
      bearers.push(cell);
    }
    splitByLargestRemainder(cost.amountFen, weightsOf(bearers)).forEach((part, i) => {
      const costsOfCell = borne.get(bearers[i]) ?? noCosts();
      costsOfCell[cost.costClass] += part;
      borne.set(bearers[i], costsOfCell);
    });
  }
  return {
    cells: all,
    costs: [...borne].map(([{ contractId, regionCode, kind }, costsFen]) => ({
      contractId,
      regionCode,
      kind,
      costsFen,
    })),
    margins: all.flatMap((cell) => marginsOf(cell, borne.get(cell) ?? noCosts())),
  };
}

function marginsOf(cell: Cell, costs: Record<CostClass, Fen>): MarginLine[] {
  const { contractId, regionCode, kind, residentFen, concessionFen } = cell;
  const paid = [
    { payer: 'resident' as Payer, funderId: null, paidFen: residentFen, revenueFen: residentFen },
    ...[...cell.funders]
      .sort((a, b) => compare(a.funderId ?? '', b.funderId ?? ''))
      .map(({ funderId, amountFen }) => ({
        payer: 'funder' as Payer,
        funderId,
        paidFen: amountFen,
        revenueFen: amountFen,
      })),
    { payer: 'concession' as Payer, funderId: null, paidFen: concessionFen, revenueFen: 0 },
  ];
  const weights = paid.map(({ paidFen }) => Math.max(0, paidFen));
  const nobodyPaid = weights.every((weight) => weight === 0);
  const bearers = [...paid, { payer: 'none' as Payer, funderId: null, paidFen: 0, revenueFen: 0 }];
  const bearing = [...weights, nobodyPaid ? 1 : 0];
  const parts = Object.fromEntries(
    COST_CLASSES.map((each) => [each, splitByLargestRemainder(costs[each], bearing)]),
  ) as Record<CostClass, Fen[]>;
  return bearers
    .map(({ payer, funderId, revenueFen }, i) => {
      const costsFen = Object.fromEntries(COST_CLASSES.map((each) => [each, parts[each][i]]));
      return { contractId, regionCode, kind, payer, funderId, revenueFen, costsFen } as MarginLine;
    })
    .filter(
      (line, i) => line.revenueFen !== 0 || paid[i]?.paidFen || COST_CLASSES.some((c) => line.costsFen[c]),
    );
}

/** By gross revenue; where there was none by capacity, else evenly. */
function weightsOf(cells: readonly Cell[]): number[] {
  const gross = cells.map(({ grossFen }) => Math.max(0, grossFen));
  if (gross.some((weight) => weight > 0)) return gross;
  const capacity = cells.map((cell) => cell.capacity);
  return capacity.some((weight) => weight > 0) ? capacity : cells.map(() => 1);
}

function noCosts(): Record<CostClass, Fen> {
  return { base_labour: 0, service_labour: 0, materials: 0, premises: 0 };
}

function byPlace(a: Place, b: Place): number {
  return (
    compare(a.kind, b.kind) ||
    compare(a.contractId ?? '', b.contractId ?? '') ||
    compare(a.regionCode, b.regionCode)
  );
}

/** Costs of a kind first: what they find or make is there for those of the whole site; rents after what is entered. */
function byKindThenClass(a: Cost, b: Cost): number {
  if ((a.kind === '') !== (b.kind === '')) return a.kind === '' ? 1 : -1;
  return (
    compare(a.kind, b.kind) ||
    COST_CLASSES.indexOf(a.costClass) - COST_CLASSES.indexOf(b.costClass) ||
    compare(a.contractId ?? '', b.contractId ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
