import { DomainError, isDay, type Day, type Fen } from '@doorstep/kernel';
import { Faults } from '../settlement-files/bill';
import { kept, keptOrNull, parseAmount, Sums, type Movement, type StatementFacts } from './statement';
import { notThisStatement } from './not-this-statement';

/*
 * A table whose columns no standard says: each bank names them its own way, so the account says which column holds what.
 * 贷方 is money in, from the bank's point of view; 借方 is money out.
 */
export interface Mapping {
  /** Column names as they stand in the header, by what they hold. */
  columns: MappedColumns;
  /** How days are written: digits of year, month and day in this order, whatever stands between them. */
  dayOrder: 'ymd' | 'dmy' | 'mdy';
  /** With a column `direction`: the word that means money in. */
  creditWord?: string;
  /** Lines that begin so are sums or remarks, not movements. */
  skip?: string[];
  /** The newest line stands first. */
  newestFirst?: boolean;
}

export interface MappedColumns {
  day: string;
  /** One column with a sign, or with `direction` beside it. */
  amount?: string;
  direction?: string;
  /** Two columns, of which each line fills one. */
  credit?: string;
  debit?: string;
  balance?: string;
  referenceNo?: string;
  text?: string;
  counterparty?: string;
  bankRef?: string;
}

/** Lines before the header: the bank's letterhead, the account, the span of days. */
const HEAD_LINES_MAX = 50;

/** Refuses a mapping that can't say what moved. */
export function checkMapping({ columns, creditWord }: Mapping): void {
  const two = columns.credit !== undefined && columns.debit !== undefined;
  const one = columns.amount !== undefined;
  if (one === two || (columns.credit === undefined) !== (columns.debit === undefined))
    throw unclear('Say either amount, or credit and debit.');
  if ((columns.direction === undefined) !== (creditWord === undefined))
    throw unclear('Say direction and creditWord together.');
  if (columns.direction !== undefined && !one) throw unclear('direction belongs to amount.');
}

function unclear(mend: string): DomainError {
  return new DomainError('invalid', 'mapping_unclear', 'The mapping does not say what moved.', {
    field: 'mapping',
    mend,
  });
}

/** Reads the rows of a table by an account's mapping. */
export class MappedReader {
  readonly layout = 'mapped';
  readonly faults = new Faults();
  private readonly sums = new Sums();
  private header?: Record<string, number>;
  private debitWord?: string;
  private first?: Movement;
  private last?: Movement;

  constructor(
    private readonly mapping: Mapping,
    /** Days that the file is said to be of; without them, from the first to the last of its lines. */
    private readonly span: { from?: Day; to?: Day } = {},
  ) {}

  read(cells: string[], lineNo: number): Movement | undefined {
    if (cells.every((cell) => cell === '')) return undefined;
    if (!this.header) return void this.findHeader(cells, lineNo);
    const begins = cells.find((cell) => cell !== '') ?? '';
    if (this.mapping.skip?.some((word) => begins.startsWith(word))) return undefined;
    const movement = this.readLine(this.header, cells, lineNo);
    if (typeof movement === 'string') return void this.faults.add(lineNo, movement);
    this.first ??= movement;
    this.last = movement;
    this.sums.add(movement);
    return movement;
  }

  finish(): StatementFacts[] {
    if (!this.header)
      throw notThisStatement(`No line has the columns ${Object.values(this.mapping.columns).join(', ')}.`);
    const [oldest, newest] = this.mapping.newestFirst ? [this.last, this.first] : [this.first, this.last];
    const hasBalances = typeof oldest?.balanceFen === 'number' && typeof newest?.balanceFen === 'number';
    const openingFen = hasBalances ? (oldest.balanceFen as Fen) - oldest.amountFen : null;
    const closingFen = hasBalances ? (newest.balanceFen as Fen) : null;
    if (openingFen !== null && closingFen !== null && newest)
      this.sums.check(this.faults, newest.lineNo, openingFen, closingFen);
    this.faults.refuse();
    const fromDay = this.span.from ?? this.sums.firstDay ?? this.span.to;
    const toDay = this.span.to ?? this.sums.lastDay ?? this.span.from;
    if (!fromDay || !toDay)
      throw new DomainError(
        'invalid',
        'statement_days_missing',
        'A file without lines does not say of which days it is.',
        {
          field: 'from',
          mend: 'Add ?from=YYYY-MM-DD&to=YYYY-MM-DD.',
        },
      );
    const { lines, creditsFen, debitsFen } = this.sums;
    return [
      {
        ...{ number: null, accountNo: null, fromDay, toDay },
        openingFen,
        closingFen,
        creditsFen,
        debitsFen,
        lines,
      },
    ];
  }

  private findHeader(cells: string[], lineNo: number): void {
    const names = Object.values(this.mapping.columns) as string[];
    if (!names.every((name) => cells.includes(name))) {
      if (lineNo >= HEAD_LINES_MAX)
        throw notThisStatement(
          `None of the first ${HEAD_LINES_MAX} lines has the columns ${names.join(', ')}.`,
        );
      return;
    }
    this.header = Object.fromEntries(
      Object.entries(this.mapping.columns).map(([what, name]) => [what, cells.indexOf(name as string)]),
    );
  }

  /** @returns what is wrong with it as a text */
  private readLine(header: Record<string, number>, cells: string[], lineNo: number): Movement | string {
    const cell = (what: keyof MappedColumns): string => cells[header[what]]?.trim() ?? '';
    const bookedOn = dayOf(cell('day'), this.mapping.dayOrder);
    if (!bookedOn) return `${cell('day').slice(0, 40) || 'its day'} is not a day.`;
    if ((this.span.from && bookedOn < this.span.from) || (this.span.to && bookedOn > this.span.to))
      return `it is of ${bookedOn}, outside of the days that the file is said to be of.`;
    const amountFen = this.amountOf(cell);
    if (typeof amountFen === 'string') return amountFen;
    const balance = header.balance === undefined ? null : parseAmount(cell('balance'));
    if (balance === undefined)
      return `the balance ${cell('balance').slice(0, 40)} is not an amount in whole fen.`;
    return {
      ...{ statementNo: 0, lineNo, bookedOn, amountFen, balanceFen: balance, kind: 'entry' },
      ...{ referenceNo: keptOrNull(cell('referenceNo')), text: kept(cell('text')) },
      ...{ counterparty: keptOrNull(cell('counterparty')), bankRef: keptOrNull(cell('bankRef')) },
    };
  }

  private amountOf(cell: (what: keyof MappedColumns) => string): Fen | string {
    const { columns, creditWord } = this.mapping;
    const read = (what: keyof MappedColumns): Fen | undefined =>
      cell(what) === '' ? 0 : parseAmount(cell(what));
    if (columns.amount === undefined) {
      const [credit, debit] = [read('credit'), read('debit')];
      if (credit === undefined || debit === undefined) return 'its amount is not one in whole fen.';
      if ((credit === 0) === (debit === 0)) return 'it fills both or none of credit and debit.';
      return credit - debit;
    }
    const amount = read('amount');
    if (!amount) return `${cell('amount').slice(0, 40) || 'its amount'} is not an amount in whole fen.`;
    if (columns.direction === undefined) return amount;
    const direction = cell('direction');
    if (direction === creditWord) return amount;
    // One other word means money out; a third one, or none, would turn a sign around unseen.
    this.debitWord ??= direction;
    if (direction === '' || direction !== this.debitWord)
      return `${direction.slice(0, 20) || 'nothing'} does not say whether money came in or went out.`;
    return -amount;
  }
}

/** A day from its digits; four of them are the year wherever there is one. A time behind it is cut off. */
export function dayOf(text: string, order: Mapping['dayOrder']): Day | undefined {
  const packed = /^(\d{4})(\d\d)(\d\d)(?:\D.*)?$/.exec(text);
  const parts = packed?.slice(1) ?? /^(\d{1,4})\D+(\d{1,2})\D+(\d{1,4})(?:\D.*)?$/.exec(text)?.slice(1);
  if (!parts) return undefined;
  const [a, b, c] = parts;
  const [year, month, day] = packed || order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b];
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(written) ? written : undefined;
}
