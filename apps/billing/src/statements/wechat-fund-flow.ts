import { DomainError, formatYuan, isDay, type Day, type Fen } from '@doorstep/kernel';
import { Faults } from '../settlement-files/bill';
import { BACKTICKED, backticked } from '../settlement-files/wechat-fields';
import {
  kept,
  keptOrNull,
  parseAmount,
  Sums,
  type Movement,
  type MovementKind,
  type StatementFacts,
} from './statement';
import { notThisStatement } from './not-this-statement';

/*
 * WeChat Pay's fund-flow bill (资金账单): everything that moved on the merchant's account at the channel, payouts and fees
 * too, each with the balance after it. Fields begin with backticks; two summary lines stand at the end.
 */
const COLUMNS = {
  at: ['记账时间'],
  orderNo: ['微信支付业务单号'],
  flowNo: ['资金流水单号'],
  name: ['业务名称'],
  type: ['业务类型'],
  direction: ['收支类型'],
  amount: ['收支金额(元)', '收支金额（元）'],
  balance: ['账户结余(元)', '账户结余（元）'],
  note: ['备注'],
  voucherNo: ['业务凭证号'],
} as const;
type Column = keyof typeof COLUMNS;

const SUMMARY_BEGINS = '资金流水总笔数';
const TIME = /^(\d{4}-\d\d-\d\d) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

export class WechatFundFlowReader {
  readonly layout = 'wechat_fund_flow';
  readonly delimiter = BACKTICKED;
  readonly faults = new Faults();
  private readonly sums = new Sums();
  private readonly count = { 收入: 0, 支出: 0 };
  private header?: Record<Column, number>;
  private width = 0;
  private openingFen?: Fen;
  private closingFen?: Fen;
  private lastLine = 0;
  private summaryHeader?: string[];
  private summary?: { fields: string[]; lineNo: number };

  /** @param day the day that the bill is of; needed when it has no lines */
  constructor(private readonly day?: Day) {}

  read(record: string[], lineNo: number): Movement | undefined {
    const cells = backticked(record).map((field) => field.trim());
    if (!this.header) return void this.readHeader(cells);
    if (this.summaryHeader) {
      if (this.summary) this.faults.add(lineNo, 'it stands after the summary.');
      else this.summary = { fields: cells, lineNo };
      return undefined;
    }
    if (cells[0] === SUMMARY_BEGINS) return void (this.summaryHeader = cells);
    if (cells.length !== this.width)
      return void this.faults.add(lineNo, `it has ${cells.length} columns, the header ${this.width}.`);
    const movement = this.readLine(this.header, cells, lineNo);
    if (typeof movement === 'string') return void this.faults.add(lineNo, movement);
    this.openingFen ??= (movement.balanceFen as Fen) - movement.amountFen;
    this.closingFen = movement.balanceFen as Fen;
    this.lastLine = lineNo;
    this.sums.add(movement);
    return movement;
  }

  finish(): StatementFacts[] {
    if (!this.header) throw notThisStatement('The file is empty.');
    if (!this.summary)
      throw new DomainError('invalid', 'file_truncated', 'The file ends before its summary.', {
        mend: 'Download it again: the last two lines of a fund-flow bill are its summary.',
      });
    this.checkSummary(this.summary);
    if (this.openingFen !== undefined && this.closingFen !== undefined)
      this.sums.check(this.faults, this.lastLine, this.openingFen, this.closingFen);
    this.faults.refuse();
    const day = this.day ?? this.sums.firstDay;
    if (!day)
      throw new DomainError(
        'invalid',
        'bill_day_missing',
        'A bill without lines does not say of which day it is.',
        {
          field: 'day',
          mend: 'Add ?day=YYYY-MM-DD.',
        },
      );
    const { lines, creditsFen, debitsFen } = this.sums;
    const [openingFen, closingFen] = [this.openingFen ?? null, this.closingFen ?? null];
    return [
      {
        ...{ number: null, accountNo: null, fromDay: day, toDay: day },
        openingFen,
        closingFen,
        creditsFen,
        debitsFen,
        lines,
      },
    ];
  }

  private readHeader(cells: string[]): void {
    const header = Object.fromEntries(
      Object.entries(COLUMNS).map(([column, names]) => [
        column,
        cells.findIndex((cell) => (names as readonly string[]).includes(cell.replace(/^\uFEFF/, ''))),
      ]),
    ) as Record<Column, number>;
    const missing = (Object.keys(COLUMNS) as Column[]).filter((column) => header[column] < 0);
    if (missing.length > 0)
      throw notThisStatement(
        `The first line is not the header of a WeChat Pay fund-flow bill: it lacks ${missing.map((column) => COLUMNS[column][0]).join(', ')}.`,
      );
    this.header = header;
    this.width = cells.length;
  }

  /** @returns what is wrong with it as a text */
  private readLine(header: Record<Column, number>, cells: string[], lineNo: number): Movement | string {
    const cell = (column: Column): string => cells[header[column]];
    const [, bookedOn] = TIME.exec(cell('at')) ?? [];
    if (!bookedOn || !isDay(bookedOn)) return `记账时间 ${cell('at').slice(0, 40)} is not a time.`;
    const billDay = this.day ?? this.sums.firstDay ?? bookedOn;
    if (bookedOn !== billDay) return `it is of ${bookedOn}, the bill of ${billDay}.`;
    const direction = cell('direction');
    if (direction !== '收入' && direction !== '支出')
      return `收支类型 ${direction.slice(0, 20)} is not known.`;
    const [amount, balanceFen] = [parseAmount(cell('amount')), parseAmount(cell('balance'))];
    if (amount === undefined || amount <= 0)
      return `收支金额 ${cell('amount').slice(0, 40)} is not an amount in whole fen.`;
    if (balanceFen === undefined)
      return `账户结余 ${cell('balance').slice(0, 40)} is not an amount in whole fen.`;
    this.count[direction]++;
    return {
      ...{ statementNo: 0, lineNo, bookedOn, amountFen: direction === '收入' ? amount : -amount, balanceFen },
      kind: kindOf(`${cell('name')} ${cell('type')}`),
      // A payout is known to the bank by its voucher, everything else by the channel's order.
      referenceNo: keptOrNull(
        kindOf(`${cell('name')} ${cell('type')}`) === 'payout'
          ? cell('voucherNo') || cell('orderNo')
          : cell('orderNo'),
      ),
      text: kept([cell('name'), cell('type'), cell('note')].filter(Boolean).join(' ')),
      counterparty: null,
      bankRef: keptOrNull(cell('flowNo')),
    };
  }

  private checkSummary({ fields, lineNo }: { fields: string[]; lineNo: number }): void {
    const { creditsFen, debitsFen, lines } = this.sums;
    const stated = (name: string): string =>
      fields[(this.summaryHeader ?? []).findIndex((cell) => cell.startsWith(name))] ?? '';
    for (const [name, has] of [
      ['资金流水总笔数', lines],
      ['收入笔数', this.count.收入],
      ['支出笔数', this.count.支出],
    ] as const)
      if (Number(stated(name)) !== has || stated(name) === '')
        this.faults.add(lineNo, `${name} says ${stated(name)}, there are ${has}.`);
    for (const [name, fen] of [
      ['收入金额', creditsFen],
      ['支出金额', debitsFen],
    ] as const)
      if (parseAmount(stated(name)) !== fen)
        this.faults.add(lineNo, `${name} says ${stated(name)}, the lines make ${formatYuan(fen)}.`);
  }
}

/** What moved the money, by the channel's own words; fees before trades, because they are called fees of trades. */
function kindOf(words: string): MovementKind {
  if (words.includes('手续费')) return 'fee';
  if (words.includes('退款')) return 'refund';
  if (words.includes('提现') || words.includes('结算到')) return 'payout';
  return words.includes('交易') ? 'trade' : 'other';
}
