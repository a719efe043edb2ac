import { DomainError, formatYuan, isDay, parseYuan, type Day, type Fen } from '@doorstep/kernel';
import { Faults, notThisLayout, type BillFacts, type BillLine, type BillPart, type BillReader } from './bill';
import { BACKTICKED, backticked, parseFee, parseRate } from './wechat-fields';

/*
 * WeChat Pay's daily trade bill (交易账单), all versions: columns are found by their names, which differ between bills of
 * type SUCCESS, REFUND and ALL and over the years. Every data field begins with a backtick. A summary header and one
 * summary line stand at the end and must agree with the lines to the fen.
 */
const COLUMNS = {
  at: ['交易时间'],
  refundedAt: ['退款成功时间', '退款申请时间'],
  merchantNo: ['商户号'],
  place: ['设备号'],
  channelOrderNo: ['微信订单号'],
  merchantOrderNo: ['商户订单号'],
  state: ['交易状态'],
  currency: ['货币种类'],
  settled: ['应结订单金额', '总金额'],
  ordered: ['订单金额'],
  channelRefundNo: ['微信退款单号'],
  merchantRefundNo: ['商户退款单号'],
  refunded: ['退款金额'],
  couponRefunded: ['充值券退款金额', '代金券或立减优惠退款金额', '企业红包退款金额'],
  askedBack: ['申请退款金额'],
  fee: ['手续费'],
  rate: ['费率'],
} as const;
type Column = keyof typeof COLUMNS;

const NEEDED: Column[] = [
  'at',
  'merchantNo',
  'channelOrderNo',
  'merchantOrderNo',
  'state',
  'settled',
  'fee',
  'rate',
];
const NEEDED_FOR_REFUNDS: Column[] = ['channelRefundNo', 'merchantRefundNo', 'refunded'];

/** Columns of the summary and the sums that they state. */
const SUMMARY: Record<string, Column | 'lines'> = {
  总交易单数: 'lines',
  应结订单总金额: 'settled',
  总交易额: 'settled',
  退款总金额: 'refunded',
  总退款金额: 'refunded',
  充值券退款总金额: 'couponRefunded',
  手续费总金额: 'fee',
  订单总金额: 'ordered',
  申请退款总金额: 'askedBack',
};

const SUMMARY_BEGINS = '总交易单数';
const SUMMED = ['settled', 'ordered', 'refunded', 'couponRefunded', 'askedBack', 'fee'] as const;
type Summed = (typeof SUMMED)[number];

export class WechatBillReader implements BillReader {
  readonly layout = 'wechat_trade_bill';
  readonly delimiter = BACKTICKED;
  private readonly faults = new Faults();
  private header?: Header;
  private merchantNo?: string;
  private knownDay?: Day;
  private knownRate?: { text: string; ppm: number | undefined };
  private firstDay?: Day;
  private lastRefundDay?: Day;
  private lines = 0;
  private readonly sums: Amounts = {
    settled: 0,
    ordered: 0,
    refunded: 0,
    couponRefunded: 0,
    askedBack: 0,
    fee: 0,
  };
  private paymentsFen: Fen = 0;
  private refundsFen: Fen = 0;
  private summaryHeader?: string[];
  private summary?: { fields: string[]; lineNo: number };

  /** @param billDay the day that the bill is of; without it, the day of its payments */
  constructor(private readonly billDay?: Day) {}

  read(record: string[], lineNo: number): BillLine | undefined {
    const fields = backticked(record);
    if (!this.header) return void (this.header = headerOf(fields));
    if (this.summaryHeader) return void this.readSummary(fields, lineNo);
    if (fields[0] === SUMMARY_BEGINS) return void (this.summaryHeader = fields);
    this.lines++;
    if (fields.length !== this.header.width) {
      return void this.faults.add(
        lineNo,
        `it has ${fields.length} columns, the header ${this.header.width}.`,
      );
    }
    const line = this.readLine(this.header, fields, lineNo);
    if (typeof line !== 'string') return line;
    return void this.faults.add(lineNo, line);
  }

  finish(): BillFacts {
    if (!this.header) throw notThisLayout('The file is empty.');
    if (!this.summary) {
      throw new DomainError('invalid', 'file_truncated', 'The file ends before its summary.', {
        mend: 'Download it again: the last two lines of a bill are its summary.',
      });
    }
    this.faults.refuse();
    const stated = this.checkSummary(this.summary);
    this.faults.refuse();
    const billDay = this.billDay ?? this.firstDay ?? this.lastRefundDay;
    if (!billDay) {
      throw new DomainError(
        'invalid',
        'bill_day_missing',
        'A bill without lines does not say of which day it is.',
        {
          field: 'billDay',
          mend: 'Add ?billDay=YYYY-MM-DD.',
        },
      );
    }
    const { merchantNo = '', lines, paymentsFen, refundsFen } = this;
    const facts = { part: this.header.part, merchantNo, billDay, lines, paymentsFen, refundsFen };
    return { ...facts, feesFen: this.sums.fee, summary: stated };
  }

  /** @returns what is wrong with it as a text */
  private readLine({ part, at: position }: Header, fields: string[], lineNo: number): BillLine | string {
    const cell = (column: Column): string | undefined => fields[position[column]]?.trim();
    const state = cell('state');
    const kind = part === 'refunds' || state === 'REFUND' || state === 'REVOKED' ? 'refund' : 'payment';
    if (kind === 'payment' && state !== 'SUCCESS') return `交易状态 ${state} is not known.`;
    const currency = cell('currency');
    if (currency !== undefined && currency !== 'CNY') return `its currency is ${currency}, not CNY.`;
    const amounts = amountsOf(cell);
    if (typeof amounts === 'string') return amounts;
    const ratePpm = this.rateOf(cell('rate') ?? '');
    if (ratePpm === undefined) return `费率 ${cell('rate')} is not a rate.`;
    const time = (kind === 'refund' && cell('refundedAt')) || cell('at') || '';
    const day = this.dayOf(time);
    if (day === undefined) return `交易时间 ${time} is not a time.`;
    const [channelOrderNo, merchantOrderNo] = [cell('channelOrderNo'), cell('merchantOrderNo')];
    if (!channelOrderNo || !merchantOrderNo) return 'it has no order number.';
    const merchantRefundNo = kind === 'refund' ? numberOf(cell('merchantRefundNo')) : null;
    if (kind === 'refund' && !merchantRefundNo) return 'it is a refund without a refund number.';
    const wrongFile = this.checkFile(cell('merchantNo') ?? '', kind, day);
    if (wrongFile) return wrongFile;
    this.add(kind, amounts);
    const [amountFen, orderFen] = partsOf(kind, amounts, position);
    const channelRefundNo = kind === 'refund' ? numberOf(cell('channelRefundNo')) : null;
    // WeChat Pay writes China's time, which is UTC+8 all year.
    const at = `${day}T${time.slice(11)}+08:00`;
    const numbers = { channelOrderNo, merchantOrderNo, channelRefundNo, merchantRefundNo };
    return {
      lineNo,
      kind,
      at,
      ...numbers,
      amountFen,
      orderFen,
      feeFen: amounts.fee,
      ratePpm,
      place: cell('place') || null,
    };
  }

  private add(kind: BillLine['kind'], amounts: Amounts): void {
    for (const column of SUMMED) this.sums[column] += amounts[column];
    if (kind === 'payment') this.paymentsFen += amounts.settled;
    else this.refundsFen += amounts.refunded;
  }

  /** A merchant has few rates: the last one is the next one nearly always. */
  private rateOf(text: string): number | undefined {
    if (text !== this.knownRate?.text) this.knownRate = { text, ppm: parseRate(text) };
    return this.knownRate.ppm;
  }

  /** The day of a time as the channel writes it; undefined when it is none. The calendar is asked once for each day. */
  private dayOf(time: string): Day | undefined {
    if (!TIME.test(time)) return undefined;
    const day = time.slice(0, 10);
    if (day !== this.knownDay && !isDay(day)) return undefined;
    return (this.knownDay = day);
  }

  /** Whether a line belongs into this file at all: one merchant, one day. */
  private checkFile(merchantNo: string, kind: BillLine['kind'], day: Day): string | undefined {
    this.merchantNo ??= merchantNo;
    if (merchantNo !== this.merchantNo)
      return `it is of merchant ${merchantNo}, the lines before of ${this.merchantNo}.`;
    if (kind === 'refund') {
      if (this.lastRefundDay === undefined || day > this.lastRefundDay) this.lastRefundDay = day;
      return undefined;
    }
    this.firstDay ??= day;
    const billDay = this.billDay ?? this.firstDay;
    return day === billDay ? undefined : `it is of ${day}, the bill of ${billDay}.`;
  }

  private readSummary(fields: string[], lineNo: number): void {
    if (this.summary) this.faults.add(lineNo, 'it stands after the summary.');
    else this.summary = { fields, lineNo };
  }

  private checkSummary({ fields, lineNo }: { fields: string[]; lineNo: number }): Record<string, string> {
    const stated: Record<string, string> = {};
    (this.summaryHeader ?? []).forEach((name, index) => {
      const text = fields[index]?.trim() ?? '';
      stated[name] = text;
      const column = SUMMARY[name];
      if (column === undefined) return;
      if (column === 'lines') {
        if (Number(text) !== this.lines)
          this.faults.add(lineNo, `${name} says ${text}, there are ${this.lines} lines.`);
        return;
      }
      const fen = parseFee(text);
      const sum = this.sums[column as Summed];
      if (fen !== sum) this.faults.add(lineNo, `${name} says ${text}, the lines make ${formatYuan(sum)}.`);
    });
    return stated;
  }
}

interface Header {
  /** Where each column stands; -1 when this version has none. */
  at: Record<Column, number>;
  width: number;
  part: BillPart;
}

function headerOf(fields: string[]): Header {
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, names]) => [
      column,
      fields.findIndex((field) => (names as readonly string[]).includes(field)),
    ]),
  ) as Record<Column, number>;
  const hasRefunds = at.channelRefundNo >= 0;
  const needed = hasRefunds ? [...NEEDED, ...NEEDED_FOR_REFUNDS] : NEEDED;
  const missing = needed.filter((column) => at[column] < 0);
  if (missing.length > 0) {
    const names = missing.map((column) => COLUMNS[column][0]).join(', ');
    throw notThisLayout(`The first line is not the header of a WeChat Pay trade bill: it lacks ${names}.`);
  }
  return { at, width: fields.length, part: at.refundedAt >= 0 ? 'refunds' : hasRefunds ? 'all' : 'payments' };
}

type Amounts = Record<(typeof SUMMED)[number], Fen>;

/** The amounts of a line, or what is wrong with one of them. */
function amountsOf(cell: (column: Column) => string | undefined): Amounts | string {
  const amounts: Partial<Amounts> = {};
  for (const column of SUMMED) {
    const text = cell(column);
    const fen = !text || text === '0.00' ? 0 : column === 'fee' ? parseFee(text) : parseYuan(text);
    if (fen === undefined) return `${COLUMNS[column][0]} ${text} is not an amount in whole fen.`;
    if (fen < 0 && column !== 'fee') return `${COLUMNS[column][0]} ${text} is below zero.`;
    amounts[column] = fen;
  }
  return amounts as Amounts;
}

/** What is settled and what was ordered or asked back; versions without the latter column have them equal. */
function partsOf(kind: BillLine['kind'], amounts: Amounts, at: Record<Column, number>): [Fen, Fen] {
  if (kind === 'payment') return [amounts.settled, at.ordered < 0 ? amounts.settled : amounts.ordered];
  return [amounts.refunded, at.askedBack < 0 ? amounts.refunded : amounts.askedBack];
}

const TIME = /^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** In lines that aren't refunds the channel writes 0 for the refund's numbers. */
function numberOf(text: string | undefined): string | null {
  return text && text !== '0' ? text : null;
}
