import { DomainError, formatYuan, isDay, parseYuan, type Day, type Fen } from '@doorstep/kernel';
import { Faults, notThisLayout, type BillFacts, type BillLine, type BillPart, type BillReader } from './bill';

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

type Row = Record<Column, string | undefined>;

export class WechatBillReader implements BillReader {
  readonly layout = 'wechat_trade_bill';
  private readonly faults = new Faults();
  private positions?: Partial<Record<Column, number>>;
  private width = 0;
  private part: BillPart = 'all';
  private merchantNo?: string;
  private firstDay?: Day;
  private lastRefundDay?: Day;
  private lines = 0;
  private readonly sums: Record<Summed, Fen> = {
    settled: 0,
    ordered: 0,
    refunded: 0,
    couponRefunded: 0,
    askedBack: 0,
    fee: 0,
  };
  private payments: Fen = 0;
  private refunds: Fen = 0;
  private summaryHeader?: string[];
  private summary?: { fields: string[]; lineNo: number };

  /** @param billDay the day that the bill is of; without it, the day of its payments */
  constructor(private readonly billDay?: Day) {}

  read(raw: string[], lineNo: number): BillLine | undefined {
    const fields = joinedFields(raw);
    if (!this.positions) return void this.readHeader(fields);
    if (this.summaryHeader) return void this.readSummary(fields, lineNo);
    if (fields[0] === SUMMARY_BEGINS) return void (this.summaryHeader = fields);
    this.lines++;
    if (fields.length !== this.width) {
      return void this.faults.add(lineNo, `it has ${fields.length} columns, the header ${this.width}.`);
    }
    return this.readLine(this.rowOf(fields), lineNo);
  }

  finish(): BillFacts {
    if (!this.positions) throw notThisLayout('The file is empty.');
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
    const { part, merchantNo = '', lines, payments, refunds } = this;
    const facts = { part, merchantNo, billDay, lines, paymentsFen: payments, refundsFen: refunds };
    return { ...facts, feesFen: this.sums.fee, summary: stated };
  }

  private readHeader(fields: string[]): void {
    const find = (names: readonly string[]): number => fields.findIndex((field) => names.includes(field));
    const positions: Partial<Record<Column, number>> = {};
    for (const [column, names] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
      const position = find(names);
      if (position >= 0) positions[column] = position;
    }
    const hasRefunds = positions.channelRefundNo !== undefined;
    this.part = positions.refundedAt !== undefined ? 'refunds' : hasRefunds ? 'all' : 'payments';
    const needed = hasRefunds ? [...NEEDED, ...NEEDED_FOR_REFUNDS] : NEEDED;
    const missing = needed.filter((column) => positions[column] === undefined);
    if (missing.length > 0) {
      const names = missing.map((column) => COLUMNS[column][0]).join(', ');
      throw notThisLayout(`The first line is not the header of a WeChat Pay trade bill: it lacks ${names}.`);
    }
    this.positions = positions;
    this.width = fields.length;
  }

  private rowOf(fields: string[]): Row {
    const positions = this.positions ?? {};
    const cells = (Object.keys(COLUMNS) as Column[]).map((column) => {
      const position = positions[column];
      return [column, position === undefined ? undefined : fields[position].trim()] as const;
    });
    return Object.fromEntries(cells) as Row;
  }

  private readLine(row: Row, lineNo: number): BillLine | undefined {
    const fault = (reason: string): undefined => void this.faults.add(lineNo, reason);
    if (row.currency !== undefined && row.currency !== 'CNY')
      return fault(`its currency is ${row.currency}, not CNY.`);
    const amounts = this.amountsOf(row);
    if (typeof amounts === 'string') return fault(amounts);
    const ratePpm = parseRate(row.rate ?? '');
    if (ratePpm === undefined) return fault(`费率 ${row.rate} is not a rate.`);
    const kind =
      this.part === 'refunds' || row.state === 'REFUND' || row.state === 'REVOKED' ? 'refund' : 'payment';
    if (kind === 'payment' && row.state !== 'SUCCESS') return fault(`交易状态 ${row.state} is not known.`);
    const at = parseTime((kind === 'refund' ? row.refundedAt : undefined) || row.at || '');
    if (!at) return fault(`交易时间 ${row.at} is not a time.`);
    if (!row.channelOrderNo || !row.merchantOrderNo) return fault('it has no order number.');
    const [channelRefundNo, merchantRefundNo] = [
      numberOf(row.channelRefundNo),
      numberOf(row.merchantRefundNo),
    ];
    if (kind === 'refund' && !merchantRefundNo) return fault('it is a refund without a refund number.');
    const wrongFile = this.checkFile(row, kind, at);
    if (wrongFile) return fault(wrongFile);
    const [amountFen, orderFen] =
      kind === 'payment'
        ? [amounts.settled, row.ordered === undefined ? amounts.settled : amounts.ordered]
        : [amounts.refunded, row.askedBack === undefined ? amounts.refunded : amounts.askedBack];
    for (const column of SUMMED) this.sums[column] += amounts[column];
    if (kind === 'payment') this.payments += amountFen;
    else this.refunds += amountFen;
    return {
      ...{
        lineNo,
        kind,
        at: at.instant,
        channelOrderNo: row.channelOrderNo,
        merchantOrderNo: row.merchantOrderNo,
      },
      ...(kind === 'refund'
        ? { channelRefundNo, merchantRefundNo }
        : { channelRefundNo: null, merchantRefundNo: null }),
      ...{ amountFen, orderFen, feeFen: amounts.fee, ratePpm, place: row.place || null },
    };
  }

  /** Whether a line belongs into this file at all: one merchant, one day. */
  private checkFile(row: Row, kind: BillLine['kind'], at: LocalTime): string | undefined {
    this.merchantNo ??= row.merchantNo;
    if (row.merchantNo !== this.merchantNo)
      return `it is of merchant ${row.merchantNo}, the lines before of ${this.merchantNo}.`;
    if (kind === 'refund') {
      if (this.lastRefundDay === undefined || at.day > this.lastRefundDay) this.lastRefundDay = at.day;
      return undefined;
    }
    this.firstDay ??= at.day;
    const day = this.billDay ?? this.firstDay;
    return at.day === day ? undefined : `it is of ${at.day}, the bill of ${day}.`;
  }

  private amountsOf(row: Row): Record<Summed, Fen> | string {
    const amounts: Partial<Record<Summed, Fen>> = {};
    for (const column of SUMMED) {
      const text = row[column];
      const fen = text === undefined || text === '' ? 0 : column === 'fee' ? parseFee(text) : parseYuan(text);
      if (fen === undefined) return `${COLUMNS[column][0]} ${text} is not an amount in whole fen.`;
      if (fen < 0 && column !== 'fee') return `${COLUMNS[column][0]} ${text} is below zero.`;
      amounts[column] = fen;
    }
    return amounts as Record<Summed, Fen>;
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

/**
 * Fields without their backtick. A data field that doesn't begin with one is the rest of the field before it, which had a
 * comma in it (names of goods do).
 */
function joinedFields(raw: string[]): string[] {
  if (!raw[0]?.startsWith('`')) return raw.map((field) => field.trim());
  const fields: string[] = [];
  for (const part of raw) {
    if (part.startsWith('`') || fields.length === 0) fields.push(part.replace(/^`/, ''));
    else fields.push(`${fields.pop()},${part}`);
  }
  return fields;
}

interface LocalTime {
  instant: Date;
  day: Day;
}

/** WeChat Pay writes China's time, which is UTC+8 all year. */
function parseTime(text: string): LocalTime | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text);
  if (!match || !isDay(match[1])) return undefined;
  const instant = new Date(`${match[1]}T${match[2]}+08:00`);
  return Number.isNaN(instant.getTime()) ? undefined : { instant, day: match[1] };
}

/** Fees are written with five decimals, of which the last three are always 0: the channel charges whole fen. */
export function parseFee(text: string): Fen | undefined {
  return parseYuan(text.replace(/(\.\d\d)0+$/, '$1'));
}

/** "0.60%" to parts per million. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?%$/.exec(text);
  return match ? Number(match[1]) * 10_000 + Number((match[2] ?? '').padEnd(4, '0')) : undefined;
}

/** In lines that aren't refunds the channel writes 0 for the refund's numbers. */
function numberOf(text: string | undefined): string | null {
  return text && text !== '0' ? text : null;
}
