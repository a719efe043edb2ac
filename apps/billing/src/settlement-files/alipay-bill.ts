import { DomainError, formatYuan, isDay, parseYuan, type Day, type Fen } from '@doorstep/kernel';
import { Faults, notThisLayout, type BillFacts, type BillLine, type BillReader } from './bill';

/*
 * Alipay's business detail (业务明细): comments begin with #, the header follows them, fields end with tabs, refunds are
 * negative. The comments at the top say whose it is and of which time, those at the end how many payments and refunds there
 * are and what they come to; both must agree with the lines.
 */
const COLUMNS = {
  channelOrderNo: '支付宝交易号',
  merchantOrderNo: '商户订单号',
  type: '业务类型',
  completedAt: '完成时间',
  place: '门店编号',
  ordered: '订单金额（元）',
  received: '商家实收（元）',
  refundNo: '退款批次号/请求号',
  fee: '服务费（元）',
} as const;
type Column = keyof typeof COLUMNS;

const BEGINS = '#支付宝业务明细';
const ACCOUNT = /^#账号：\[\s*([^\]\s]+)\s*\]/;
const SPAN =
  /^#起始日期：\[(\d{4})年(\d{2})月(\d{2})日 00:00:00\]\s*终止日期：\[(\d{4})年(\d{2})月(\d{2})日 00:00:00\]/;
const ENDS = /^#-+业务明细列表结束-+/;
const TOTALS = /^#(交易|退款)合计：(\d+)笔，商家实收(?:退款)?共(-?[\d.]+)元/;
const TIME = /^(\d{4}-\d\d-\d\d) (([01]\d|2[0-3]):[0-5]\d:[0-5]\d)$/;

interface Total {
  count: number;
  fen: Fen;
}

export class AlipayBillReader implements BillReader {
  readonly layout = 'alipay_business_detail';
  readonly delimiter = ',';
  private readonly faults = new Faults();
  private readonly counted: Record<'交易' | '退款', Total> = {
    交易: { count: 0, fen: 0 },
    退款: { count: 0, fen: 0 },
  };
  private readonly stated: Partial<Record<'交易' | '退款', Total & { lineNo: number }>> = {};
  private readonly summary: Record<string, string> = {};
  private begun = false;
  private ended = false;
  private header?: Record<Column, number>;
  private width = 0;
  private merchantNo = '';
  private spanDay?: Day;
  private feesFen: Fen = 0;

  /** @param billDay the day that the bill is said to be of; must be the one in the file */
  constructor(private readonly billDay?: Day) {}

  read(record: string[], lineNo: number): BillLine | undefined {
    if (!this.begun && !record[0].startsWith(BEGINS))
      throw notThisLayout('The first line is not that of an Alipay business detail.');
    this.begun = true;
    if (record[0].startsWith('#')) return void this.readComment(record.join(','), lineNo);
    const fields = record.map((field) => field.trim());
    if (!this.header) return void this.readHeader(fields, lineNo);
    if (this.ended) return void this.faults.add(lineNo, 'it stands after the end of the list.');
    if (fields.length !== this.width)
      return void this.faults.add(lineNo, `it has ${fields.length} columns, the header ${this.width}.`);
    const line = this.readLine(this.header, fields, lineNo);
    if (typeof line !== 'string') return line;
    return void this.faults.add(lineNo, line);
  }

  finish(): BillFacts {
    if (!this.begun) throw notThisLayout('The file is empty.');
    if (!this.header || !this.ended) throw truncated();
    if (!this.spanDay)
      throw notThisLayout('The file does not say of which day it is, or it is of more than one.');
    if (this.billDay !== undefined && this.billDay !== this.spanDay)
      throw anotherDay(this.billDay, this.spanDay);
    this.checkTotals();
    this.faults.refuse();
    const { 交易: payments, 退款: refunds } = this.counted;
    return {
      part: 'all',
      merchantNo: this.merchantNo,
      billDay: this.spanDay,
      lines: payments.count + refunds.count,
      paymentsFen: payments.fen,
      refundsFen: refunds.fen,
      feesFen: this.feesFen,
      summary: this.summary,
    };
  }

  private readComment(text: string, lineNo: number): void {
    const account = ACCOUNT.exec(text)?.[1];
    if (account && this.merchantNo && account !== this.merchantNo)
      this.faults.add(lineNo, `it is of account ${account}, the lines before of ${this.merchantNo}.`);
    if (account) this.merchantNo = account;
    const span = SPAN.exec(text);
    if (span) this.spanDay = oneDay(span);
    if (ENDS.test(text)) this.ended = true;
    const total = TOTALS.exec(text);
    if (!total) return;
    const [, type, count, yuan] = total as unknown as [string, '交易' | '退款', string, string];
    const fen = parseYuan(yuan);
    if (fen === undefined) this.faults.add(lineNo, `${yuan} is not an amount in whole fen.`);
    else this.stated[type] = { count: Number(count), fen: Math.abs(fen), lineNo };
    this.summary[`${type}合计`] = `${count}笔 ${yuan}元`;
  }

  private readHeader(fields: string[], lineNo: number): void {
    // Of which account a bill is decides which bill of a day it is and whose payout; nobody but the file may say.
    if (!this.merchantNo)
      this.faults.add(lineNo, 'no line before it says of which account the bill is (#账号：[…]).');
    const header = Object.fromEntries(
      Object.entries(COLUMNS).map(([column, name]) => [column, fields.indexOf(name)]),
    ) as Record<Column, number>;
    const missing = (Object.keys(COLUMNS) as Column[]).filter((column) => header[column] < 0);
    if (missing.length > 0)
      throw notThisLayout(`The header lacks ${missing.map((column) => COLUMNS[column]).join(', ')}.`);
    this.header = header;
    this.width = fields.length;
  }

  /** @returns what is wrong with it as a text */
  private readLine(header: Record<Column, number>, fields: string[], lineNo: number): BillLine | string {
    const cell = (column: Column): string => fields[header[column]];
    const type = cell('type');
    if (type !== '交易' && type !== '退款') return `业务类型 ${type} is not known.`;
    const isRefund = type === '退款';
    const amounts = (['received', 'ordered', 'fee'] as const).map((column) => parseYuan(cell(column) || '0'));
    const wrong = amounts.indexOf(undefined);
    if (wrong >= 0) return `${['商家实收', '订单金额', '服务费'][wrong]} is not an amount in whole fen.`;
    const [received, ordered, fee] = amounts as Fen[];
    if (isRefund ? received > 0 : received < 0)
      return `商家实收 ${cell('received')} has the wrong sign for ${type}.`;
    const time = TIME.exec(cell('completedAt'));
    if (!time || !isDay(time[1])) return `完成时间 ${cell('completedAt')} is not a time.`;
    if (time[1] !== this.spanDay) return `it is of ${time[1]}, the bill of ${this.spanDay}.`;
    const [channelOrderNo, merchantOrderNo, refundNo] = [
      cell('channelOrderNo'),
      cell('merchantOrderNo'),
      cell('refundNo'),
    ];
    if (!channelOrderNo || !merchantOrderNo) return 'it has no order number.';
    if (isRefund && !refundNo) return 'it is a refund without a refund number.';
    // Fees are written as they move the account: below zero when charged. Here a charged fee is above zero.
    const feeFen = isRefund ? -Math.abs(fee) : Math.abs(fee);
    this.counted[type].count++;
    this.counted[type].fen += Math.abs(received);
    this.feesFen += feeFen;
    return {
      ...{
        lineNo,
        kind: isRefund ? 'refund' : 'payment',
        at: `${time[1]}T${time[2]}+08:00`,
        channelOrderNo,
        merchantOrderNo,
      },
      ...{ channelRefundNo: null, merchantRefundNo: isRefund ? refundNo : null },
      ...{
        amountFen: Math.abs(received),
        orderFen: Math.abs(ordered),
        feeFen,
        ratePpm: null,
        place: cell('place') || null,
      },
    };
  }

  private checkTotals(): void {
    for (const type of ['交易', '退款'] as const) {
      const [stated, counted] = [this.stated[type], this.counted[type]];
      if (!stated) throw truncated();
      if (stated.count !== counted.count)
        this.faults.add(stated.lineNo, `${type}合计 says ${stated.count}, there are ${counted.count}.`);
      if (stated.fen !== counted.fen)
        this.faults.add(
          stated.lineNo,
          `${type}合计 says ${formatYuan(stated.fen)}, the lines make ${formatYuan(counted.fen)}.`,
        );
    }
  }
}

/** The day of a span from midnight to the next midnight; undefined for any other. */
function oneDay([, y1, m1, d1, y2, m2, d2]: RegExpExecArray): Day | undefined {
  const [from, to] = [`${y1}-${m1}-${d1}`, `${y2}-${m2}-${d2}`];
  const next = new Date(Date.parse(`${from}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return next === to ? from : undefined;
}

function truncated(): DomainError {
  return new DomainError('invalid', 'file_truncated', 'The file ends before its totals.', {
    mend: 'Download it again: a business detail ends with the totals of payments and refunds.',
  });
}

function anotherDay(said: Day, found: Day): DomainError {
  return new DomainError('invalid', 'bill_of_another_day', `The bill is of ${found}, not of ${said}.`, {
    field: 'billDay',
    mend: 'Leave billDay out, or send the bill of that day.',
  });
}
