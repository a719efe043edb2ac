import { formatYuan, parseYuan, type Day, type Fen } from '@doorstep/kernel';
import type { Faults } from '../settlement-files/bill';

export const MOVEMENT_KINDS = ['entry', 'trade', 'refund', 'fee', 'payout', 'other'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Money that moved on an account, as its statement says. */
export interface Movement {
  /** Which statement of the file it belongs to, the first being 0. */
  statementNo: number;
  /** Line of the file, the first being 1; in XML, which may be all one line, the number of the movement. */
  lineNo: number;
  bookedOn: Day;
  /** Money in above zero. */
  amountFen: Fen;
  balanceFen: Fen | null;
  kind: MovementKind;
  /** The number by which the other side knows it. */
  referenceNo: string | null;
  text: string;
  counterparty: string | null;
  bankRef: string | null;
}

/** What one statement comes to. */
export interface StatementFacts {
  number: string | null;
  /** The account that the file names; null when its layout has no place for it. */
  accountNo: string | null;
  fromDay: Day;
  toDay: Day;
  openingFen: Fen | null;
  closingFen: Fen | null;
  creditsFen: Fen;
  debitsFen: Fen;
  lines: number;
}

/** Text kept of a movement; banks write up to some hundred characters. */
const TEXT_MAX = 1000;

export function kept(text: string | null | undefined): string {
  return (text ?? '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, TEXT_MAX);
}

export const keptOrNull = (text: string | null | undefined): string | null => kept(text) || null;

/** Sums of a statement that is being read. */
export class Sums {
  lines = 0;
  creditsFen: Fen = 0;
  debitsFen: Fen = 0;
  firstDay?: Day;
  lastDay?: Day;

  add({ amountFen, bookedOn }: Pick<Movement, 'amountFen' | 'bookedOn'>): void {
    this.lines++;
    if (amountFen > 0) this.creditsFen += amountFen;
    else this.debitsFen -= amountFen;
    if (this.firstDay === undefined || bookedOn < this.firstDay) this.firstDay = bookedOn;
    if (this.lastDay === undefined || bookedOn > this.lastDay) this.lastDay = bookedOn;
  }

  /** Opening plus everything that moved is closing, to the fen. */
  check(faults: Faults, line: number, openingFen: Fen, closingFen: Fen): void {
    const makesFen = openingFen + this.creditsFen - this.debitsFen;
    if (makesFen === closingFen) return;
    faults.add(
      line,
      `it opens with ${formatYuan(openingFen)} and its lines lead to ${formatYuan(makesFen)}, but it closes with ${formatYuan(closingFen)}.`,
    );
  }
}

/** Yuan with any number of decimals, of which those after the second must be 0: nobody moves fractions of a fen. */
export function parseAmount(text: string): Fen | undefined {
  return parseYuan(text.trim().replace(/(\.\d\d)0+$/, '$1'));
}
