import { type Fen, parseYuan } from '@doorstep/kernel';
import { COST_CLASSES, type CostClass } from '../portfolio/figure';

export const MONTH = /^20\d{2}-(0[1-9]|1[0-2])$/;
export const KIND = /^[a-z][a-z0-9_]{1,39}$/;
/** A thousand million yuan for one class of one site's month is a slip of the pen. */
export const AMOUNT_FEN_MAX = 100_000_000_000;

/** What a site cost in a month; without a kind it is the whole site's. */
export interface SiteCost {
  siteId: string;
  month: string;
  /** Empty: all kinds together. */
  kind: string;
  costClass: CostClass;
  amountFen: Fen;
  note: string | null;
}

/** Columns of a file of costs. */
export const COST_COLUMNS = {
  required: ['siteCode', 'month', 'costClass', 'amountYuan'],
  optional: ['kind', 'note'],
} as const;

export type CostOfFile = Omit<SiteCost, 'siteId'> & { siteCode: string };
export interface CellFault {
  field: string;
  reason: string;
  mend: string;
}

/** A row of a file as a cost, with everything that is wrong about it. */
export function costOfCells(cells: Record<string, string | undefined>): {
  cost?: CostOfFile;
  faults: CellFault[];
} {
  const faults: CellFault[] = [];
  const at = (field: string, reason: string, mend: string) => void faults.push({ field, reason, mend });
  // A spreadsheet makes a date of a month; its first day stands for it.
  const month = (cells.month ?? '').replace(/^(\d{4}-\d{2})-01$/, '$1');
  const amountFen = parseYuan(cells.amountYuan ?? '');
  const costClass = COST_CLASSES.find((each) => each === cells.costClass);
  const siteCode = cells.siteCode ?? '';
  const kind = cells.kind ?? '';
  const note = cells.note || null;
  if (siteCode === '') at('siteCode', 'is empty', "Give the site's own code.");
  if (!MONTH.test(month)) at('month', `${month || '(empty)'} is no month`, 'Write it as 2026-11.');
  if (kind !== '' && !KIND.test(kind))
    at(
      'kind',
      `${kind.slice(0, 50)} is no kind of service`,
      'Leave it empty for the whole site, or write e.g. meals.',
    );
  if (!costClass) at('costClass', 'is none of the classes', `One of ${COST_CLASSES.join(', ')}.`);
  if (amountFen === undefined || amountFen < 0 || amountFen > AMOUNT_FEN_MAX)
    at('amountYuan', 'is no amount', 'Yuan with at most two decimals, from 0 up, such as 12345.60.');
  if (note !== null && note.length > 500) at('note', 'is too long', 'At most 500 characters.');
  if (faults.length > 0 || !costClass || amountFen === undefined) return { faults };
  return { cost: { siteCode, month, kind, costClass, amountFen, note }, faults };
}

/** Two rows with the same key say two things about one cost. */
export function keyOf({ month, kind, costClass }: Omit<SiteCost, 'siteId'>, site: string): string {
  return `${site} ${month} ${kind} ${costClass}`;
}
