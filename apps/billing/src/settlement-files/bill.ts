import { DomainError, type Day, type Fen } from '@doorstep/kernel';

/** One line of a channel's bill, whatever the channel writes. */
export interface BillLine {
  /** Line of the file, the first being 1. */
  lineNo: number;
  /** refund: `amountFen` went back to the resident. */
  kind: 'payment' | 'refund';
  /** Instant with its offset from UTC, ISO 8601. */
  at: string;
  channelOrderNo: string;
  merchantOrderNo: string;
  channelRefundNo: string | null;
  merchantRefundNo: string | null;
  /** What the channel settles. */
  amountFen: Fen;
  /** What was ordered, or asked back; differs when the channel took off a coupon. */
  orderFen: Fen;
  /** Below zero when the channel gives a fee back. */
  feeFen: Fen;
  /** Parts per million of the amount; null when the file doesn't say. */
  ratePpm: number | null;
  /** Device or shop as the file names it. */
  place: string | null;
}

export type BillPart = 'all' | 'payments' | 'refunds';

/** What a whole bill comes to. */
export interface BillFacts {
  part: BillPart;
  /** The operator's number at the channel; empty when the bill has no lines. */
  merchantNo: string;
  billDay: Day;
  lines: number;
  paymentsFen: Fen;
  refundsFen: Fen;
  feesFen: Fen;
  /** The file's own summary, column by column, as it is written. */
  summary: Record<string, string>;
}

/** Something wrong with one line of a file. */
export interface LineFault {
  line: number;
  reason: string;
}

/** Reads the lines of one layout. What is wrong is gathered, so that a person sees more than the first fault. */
export interface BillReader {
  /** Name of the layout, kept with the file. */
  readonly layout: string;
  /** Between two fields. */
  readonly delimiter: string;
  /** @returns what a line holds; nothing for headers, comments, summaries and faulty lines */
  read(fields: string[], lineNo: number): BillLine | undefined;
  /** Called after the last line; throws when anything is wrong with the file. */
  finish(): BillFacts;
}

/** How many faults are told at once. */
const FAULTS_SHOWN_MAX = 20;

/** Gathers faults; beyond a number it only counts. */
export class Faults {
  private readonly shown: LineFault[] = [];
  private count = 0;

  add(line: number, reason: string): void {
    this.count++;
    if (this.shown.length < FAULTS_SHOWN_MAX) this.shown.push({ line, reason });
  }

  /** Refuses the file whole when there are any. */
  refuse(): void {
    if (this.count === 0) return;
    throw new DomainError(
      'invalid',
      'file_broken',
      `The file has ${this.count} fault${this.count === 1 ? '' : 's'}; the first is in line ${this.shown[0].line}: ${this.shown[0].reason}`,
      {
        mend: 'Download the bill from the channel again and send it unchanged; nothing of this file was taken over.',
        faults: this.count,
        errors: this.shown.map(({ line, reason }) => ({
          field: `line ${line}`,
          reason,
          mend: 'Send the file as the channel wrote it.',
        })),
      },
    );
  }
}

/** A file that isn't of the layout at all. */
export function notThisLayout(reason: string, mend = BILL_UNCHANGED): DomainError {
  return new DomainError('invalid', 'file_not_recognised', reason, { mend });
}

const BILL_UNCHANGED = 'Send the bill as the channel gives it, in UTF-8, with its header line.';
