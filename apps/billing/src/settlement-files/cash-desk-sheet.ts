import { DomainError, formatYuan, isDay, parseYuan, type Day } from '@doorstep/kernel';
import { Faults, notThisLayout, type BillFacts, type BillLine, type BillReader } from './bill';

/*
 * The sheet of a cash desk for one day, as a site's till or the person at it writes it:
 *
 *   收银台,S-1
 *   日期,2026-11-02
 *   单号,时间,类型,金额,退款单号,备注
 *   DS2026110200000017,11:15:00,收款,18.00,,
 *   DS2026110200000009,11:40:00,退款,5.00,R17,
 *   合计,2,18.00,5.00
 *
 * 合计 states how many lines there are, what came in and what was given back; all must agree to the fen.
 */
const HEADER = ['单号', '时间', '类型', '金额', '退款单号'] as const;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

export class CashDeskSheetReader implements BillReader {
  readonly layout = 'cash_desk_sheet';
  readonly delimiter = ',';
  private readonly faults = new Faults();
  private desk?: string;
  private day?: Day;
  private header?: number[];
  private totals?: { cells: string[]; lineNo: number };
  private readonly sums = { lines: 0, paymentsFen: 0, refundsFen: 0 };

  /** @param billDay the day that the sheet is said to be of; must be the one in it */
  constructor(private readonly billDay?: Day) {}

  read(record: string[], lineNo: number): BillLine | undefined {
    const cells = record.map((cell) => cell.trim());
    if (cells.every((cell) => cell === '')) return undefined;
    if (this.header) return this.readBody(this.header, cells, lineNo);
    if (cells[0] === '收银台') this.desk = cells[1];
    else if (cells[0] === '日期') this.day = this.dayOf(cells[1] ?? '');
    else this.header = headerOf(cells);
    return undefined;
  }

  finish(): BillFacts {
    if (!this.header || !this.desk || !this.day)
      throw notThisLayout(
        'The file is no sheet of a cash desk: it begins with 收银台 and 日期, then its columns.',
      );
    if (!this.totals)
      throw new DomainError('invalid', 'file_truncated', 'The sheet ends before its totals.', {
        mend: 'Send it whole: its last line begins with 合计.',
      });
    const { lines, paymentsFen, refundsFen } = this.sums;
    const { cells, lineNo } = this.totals;
    if (Number(cells[1]) !== lines)
      this.faults.add(lineNo, `合计 says ${cells[1]} lines, there are ${lines}.`);
    for (const [stated, fen] of [
      [cells[2], paymentsFen],
      [cells[3], refundsFen],
    ] as const)
      if (parseYuan(stated ?? '') !== fen)
        this.faults.add(lineNo, `合计 says ${stated}, the lines make ${formatYuan(fen)}.`);
    this.faults.refuse();
    const summary = { 笔数: cells[1], 收款: cells[2], 退款: cells[3] };
    return {
      ...{
        part: 'all',
        merchantNo: this.desk,
        billDay: this.day,
        lines,
        paymentsFen,
        refundsFen,
        feesFen: 0,
      },
      summary,
    };
  }

  private dayOf(text: string): Day {
    if (!isDay(text)) throw notThisLayout(`日期 ${text.slice(0, 20)} is not a day.`);
    if (this.billDay === undefined || this.billDay === text) return text;
    throw new DomainError(
      'invalid',
      'bill_of_another_day',
      `The sheet is of ${text}, not of ${this.billDay}.`,
      {
        field: 'billDay',
        mend: 'Leave billDay out, or send the sheet of that day.',
      },
    );
  }

  private readBody(header: number[], cells: string[], lineNo: number): BillLine | undefined {
    if (this.totals) return void this.faults.add(lineNo, 'it stands after the totals.');
    if (cells[0] === '合计') return void (this.totals = { cells, lineNo });
    const [orderNo, time, type, amount, refundNo] = header.map((index) => cells[index] ?? '');
    const amountFen = parseYuan(amount);
    const fault =
      (type !== '收款' && type !== '退款' && `类型 ${type.slice(0, 20)} is not known.`) ||
      ((amountFen === undefined || amountFen <= 0) &&
        `金额 ${amount.slice(0, 40)} is not an amount in whole fen.`) ||
      (!TIME.test(time) && `时间 ${time.slice(0, 20)} is not a time.`) ||
      (!orderNo && 'it has no number.') ||
      (type === '退款' && !refundNo && 'it is a refund without a refund number.');
    if (fault) return void this.faults.add(lineNo, fault);
    const isRefund = type === '退款';
    const fen = amountFen as number;
    this.sums.lines++;
    this.sums[isRefund ? 'refundsFen' : 'paymentsFen'] += fen;
    return {
      ...{
        lineNo,
        kind: isRefund ? 'refund' : 'payment',
        at: `${this.day}T${time}+08:00`,
        channelOrderNo: orderNo,
      },
      ...{ merchantOrderNo: orderNo, channelRefundNo: null, merchantRefundNo: isRefund ? refundNo : null },
      ...{ amountFen: fen, orderFen: fen, feeFen: 0, ratePpm: null, place: this.desk ?? null },
    };
  }
}

function headerOf(cells: string[]): number[] {
  const header = HEADER.map((name) => cells.indexOf(name));
  const missing = HEADER.filter((_, index) => header[index] < 0);
  if (missing.length === 0) return header;
  throw notThisLayout(`The header of the sheet lacks ${missing.join(', ')}.`);
}
