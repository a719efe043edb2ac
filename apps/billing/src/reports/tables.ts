import { formatYuan, type Language, type Words, words } from '@doorstep/kernel';
import type { Table } from '@doorstep/platform';
import type { Column as PaperColumn } from '../papers/paper.writer';

/** Reports as tables: what stands in their columns, for files and for people. */
export const TABLE_NAMES = [
  'four-way-by-contract',
  'four-way-by-site',
  'four-way-by-day',
  'four-way-by-funder',
  'reconciliation-statement',
  'subsidies',
  'resident-shares',
  'settlement-statement',
  'payouts',
  'margin-inputs',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export interface Column {
  /** By which programs read it; it stays. */
  key: string;
  title: Words;
  unit: 'text' | 'count' | 'fen';
  /** Added up at the end. */
  summed?: boolean;
}

export interface TableSort {
  title: Words;
  columns: readonly Column[];
}

const text = (key: string, zh: string, en: string): Column => ({ key, title: words(zh, en), unit: 'text' });
const fen = (key: string, zh: string, en: string, summed = true): Column => ({
  ...{ key, title: words(zh, en), unit: 'fen', summed },
});
const count = (key: string, zh: string, en: string): Column => ({
  ...{ key, title: words(zh, en), unit: 'count', summed: true },
});

const named = fen('named', '已列差异', 'In named exceptions');
const difference = fen('difference', '差额', 'Difference');
const claimed = fen('claimed', '已申领', 'Claimed');
const unclaimed = fen('unclaimed', '未申领', 'Not claimed yet');
const site = text('site', '站点', 'Site');
const kind = text('kind', '服务类型', 'Kind of service');
const contract = text('contract', '合同', 'Contract');
const services = count('services', '次数', 'Services');

const fourWay = (zh: string, key: string, en: string): TableSort => ({
  title: words(`四方对账（按${zh}）`, `Four-way tie by ${en.toLowerCase()}`),
  columns: [
    text('key', key, en),
    fen('charged', '费用', 'Charged'),
    fen('ledger', '账簿收入', 'Revenue in the ledger'),
    fen('own', '其中：让利', 'of it: concessions'),
    fen('corrected', '其中：跨月更正', 'of it: corrections of other months'),
    fen('due', '应收（居民与资助方）', 'Due from residents and funders'),
    fen('documents', '已收、未收与申领', 'Paid, unpaid and claims'),
    fen('payments', '已收款', 'Paid'),
    fen('unpaid', '居民未付', 'Not paid by residents'),
    ...[claimed, unclaimed],
    fen('channel', '渠道与银行', 'Channels and bank'),
    fen('bank', '其中：银行已到账', 'of it: at the bank'),
    fen('fees', '其中：渠道手续费', "of it: channels' fees"),
    fen('inTransit', '其中：银行在途', 'of it: on the way to the bank'),
    fen('unsettled', '渠道未出账', 'Not in a bill yet'),
    fen('unremitted', '申领未到账', 'Claims not paid yet'),
    ...[named, difference],
  ],
});

export const TABLES: Record<TableName, TableSort> = {
  'four-way-by-contract': fourWay('合同', '合同', 'Contract'),
  'four-way-by-site': fourWay('站点', '站点', 'Site'),
  'four-way-by-day': fourWay('日', '日期', 'Day'),
  'four-way-by-funder': {
    title: words('四方对账（按资助方）', 'Four-way tie by funder'),
    columns: [
      text('key', '资助方', 'Funder'),
      fen('charged', '资助份额', "Funder's share"),
      fen('ledger', '账簿应收', 'Receivable in the ledger'),
      ...[claimed, unclaimed],
      fen('seen', '银行到账', 'At the bank'),
      fen('inTransit', '已拨付在途', 'Remitted, on the way'),
      fen('unremitted', '申领未拨付', 'Claimed, not remitted'),
      fen('open', '待到账', 'Not at the bank yet'),
      ...[named, difference],
    ],
  },
  'reconciliation-statement': {
    title: words('对账单', 'Reconciliation statement'),
    columns: [
      text('section', '账户或渠道', 'Account or channel'),
      text('item', '项目', 'Item'),
      // Parts stand beside their whole, so nothing here adds up to anything.
      { ...count('number', '笔数', 'Number'), summed: false },
      fen('amount', '金额', 'Amount', false),
    ],
  },
  subsidies: {
    title: words('补贴使用与预算', 'Subsidies and their budgets'),
    columns: [
      text('programme', '补贴项目', 'Programme'),
      text('funder', '资助方', 'Funder'),
      text('region', '区域', 'Region'),
      site,
      count('uses', '次数', 'Uses'),
      fen('given', '已给付', 'Given'),
      claimed,
      fen('budget', '项目预算', 'Budget', false),
      fen('left', '预算余额', 'Left of it', false),
    ],
  },
  'resident-shares': {
    title: words('居民自付', "Residents' shares"),
    columns: [
      ...[site, kind, services],
      fen('gross', '费用', 'Gross'),
      fen('resident', '居民自付', "Residents' share"),
      fen('paid', '已付', 'Paid'),
      fen('open', '未付', 'Open'),
    ],
  },
  'settlement-statement': {
    title: words('运营方结算单', "Operator's settlement statement"),
    columns: [
      ...[contract, text('account', '科目', 'Account'), text('of', '明细', 'Of')],
      ...[fen('opening', '期初', 'Opening'), fen('debit', '借方', 'Debit')],
      ...[fen('credit', '贷方', 'Credit'), fen('closing', '期末', 'Closing')],
    ],
  },
  payouts: {
    title: words('待付款清单', 'Payouts still to come'),
    columns: [
      ...[text('payer', '付款方', 'Payer'), contract, text('reference', '单号', 'Reference')],
      ...[text('day', '日期', 'Day'), fen('amount', '金额', 'Amount'), fen('seen', '已到账', 'Arrived')],
      ...[fen('left', '待付', 'Left'), text('account', '收款账号', 'Into account')],
    ],
  },
  'margin-inputs': {
    title: words('边际贡献数据（站点 × 服务 × 资金来源）', 'Inputs of contribution margins'),
    columns: [
      ...[site, kind, text('source', '资金来源', 'Source of funds'), services],
      ...[fen('income', '收入', 'Income'), fen('channelFees', '渠道手续费', "Channels' fees")],
    ],
  },
};

export type Cells = (string | number | null)[];

/** The rows as cells in the order of the columns. */
export function cellsOf(
  { columns }: TableSort,
  rows: readonly Record<string, string | number | null>[],
): Cells[] {
  return rows.map((row) => columns.map(({ key }) => row[key] ?? null));
}

/** Sums of what can be added up; nothing when there is nothing to add. */
export function sumsOf({ columns }: TableSort, rows: readonly Cells[]): Cells | undefined {
  if (!columns.some(({ summed }) => summed)) return undefined;
  return columns.map(({ summed }, i) =>
    summed ? rows.reduce((sum, row) => sum + Number(row[i] ?? 0), 0) : null,
  );
}

/** The sums as the last row of a table for people. */
export const totalOf = (sums: Cells, language: Language): Cells => [TOTAL[language], ...sums.slice(1)];
const TOTAL = words('合计', 'Total');

/** For spreadsheets: amounts in yuan, the sums as the last row. */
export function spreadsheetOf(name: TableName, rows: readonly Cells[], language: Language): Table {
  const sort = TABLES[name];
  const sums = sumsOf(sort, rows);
  const all = sums ? [...rows, totalOf(sums, language)] : rows;
  return {
    name: sort.title[language],
    columns: sort.columns.map(({ title }) => title[language]),
    rows: all.map((row) =>
      row.map((cell, i) => (sort.columns[i].unit === 'fen' && cell !== null ? { fen: Number(cell) } : cell)),
    ),
  };
}

/** Columns of a page, the texts wider than the figures. */
export function paperColumnsOf({ columns }: TableSort, language: Language): PaperColumn<string[]>[] {
  const weight = ({ unit }: Column): number => ({ count: 1, fen: 1.7, text: 2.2 })[unit];
  const whole = columns.reduce((sum, column) => sum + weight(column), 0);
  return columns.map((column, index) => ({
    ...{ title: column.title[language], share: weight(column) / whole },
    ...{ align: column.unit === 'text' ? 'left' : 'right', value: (row) => row[index] },
  }));
}

/** As people read them: yuan with two decimals and groups of three. */
export function paperCellsOf({ columns }: TableSort, row: Cells): string[] {
  return row.map((cell, i) => {
    if (cell === null) return '';
    return columns[i].unit === 'fen' ? grouped(formatYuan(Number(cell))) : String(cell);
  });
}

function grouped(yuan: string): string {
  return yuan.replace(/\B(?=(\d{3})+\.)/g, ',');
}
