import { formatYuan } from '@doorstep/kernel';
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
  key: string;
  title: string;
  unit: 'text' | 'count' | 'fen';
  /** Added up at the end. */
  summed?: boolean;
}

export interface TableSort {
  title: string;
  columns: readonly Column[];
}

const text = (key: string, title: string): Column => ({ key, title, unit: 'text' });
const fen = (key: string, title: string, summed = true): Column => ({ key, title, unit: 'fen', summed });
const count = (key: string, title: string): Column => ({ key, title, unit: 'count', summed: true });

const fourWay = (by: string, title: string): TableSort => ({
  title: `四方对账（按${by}）`,
  columns: [
    text('key', title),
    fen('charged', '费用'),
    fen('ledger', '账簿收入'),
    ...[fen('own', '其中：让利'), fen('corrected', '其中：跨月更正'), fen('due', '应收（居民与资助方）')],
    fen('documents', '已收、未收与申领'),
    ...[
      fen('payments', '已收款'),
      fen('unpaid', '居民未付'),
      fen('claimed', '已申领'),
      fen('unclaimed', '未申领'),
    ],
    fen('channel', '渠道与银行'),
    ...[fen('bank', '其中：银行已到账'), fen('fees', '其中：渠道手续费'), fen('inTransit', '其中：银行在途')],
    ...[fen('unsettled', '渠道未出账'), fen('unremitted', '申领未到账'), fen('named', '已列差异')],
    fen('difference', '差额'),
  ],
});

export const TABLES: Record<TableName, TableSort> = {
  'four-way-by-contract': fourWay('合同', '合同'),
  'four-way-by-site': fourWay('站点', '站点'),
  'four-way-by-day': fourWay('日', '日期'),
  'four-way-by-funder': {
    title: '四方对账（按资助方）',
    columns: [
      text('key', '资助方'),
      fen('charged', '资助份额'),
      fen('ledger', '账簿应收'),
      fen('claimed', '已申领'),
      fen('unclaimed', '未申领'),
      fen('seen', '银行到账'),
      ...[fen('inTransit', '已拨付在途'), fen('unremitted', '申领未拨付')],
      fen('open', '待到账'),
      fen('named', '已列差异'),
      fen('difference', '差额'),
    ],
  },
  'reconciliation-statement': {
    title: '对账单',
    columns: [
      text('section', '账户或渠道'),
      text('item', '项目'),
      // Parts stand beside their whole, so nothing here adds up to anything.
      { ...count('number', '笔数'), summed: false },
      fen('amount', '金额', false),
    ],
  },
  subsidies: {
    title: '补贴使用与预算',
    columns: [
      ...[
        text('programme', '补贴项目'),
        text('funder', '资助方'),
        text('region', '区域'),
        text('site', '站点'),
      ],
      ...[count('uses', '次数'), fen('given', '已给付'), fen('claimed', '已申领')],
      ...[fen('budget', '项目预算', false), fen('left', '预算余额', false)],
    ],
  },
  'resident-shares': {
    title: '居民自付',
    columns: [
      ...[text('site', '站点'), text('kind', '服务类型'), count('services', '次数'), fen('gross', '费用')],
      ...[fen('resident', '居民自付'), fen('paid', '已付'), fen('open', '未付')],
    ],
  },
  'settlement-statement': {
    title: '运营方结算单',
    columns: [
      ...[text('contract', '合同'), text('account', '科目'), text('of', '明细')],
      ...[fen('opening', '期初'), fen('debit', '借方'), fen('credit', '贷方'), fen('closing', '期末')],
    ],
  },
  payouts: {
    title: '待付款清单',
    columns: [
      ...[text('payer', '付款方'), text('contract', '合同'), text('reference', '单号'), text('day', '日期')],
      ...[fen('amount', '金额'), fen('seen', '已到账'), fen('left', '待付'), text('account', '收款账号')],
    ],
  },
  'margin-inputs': {
    title: '边际贡献数据（站点 × 服务 × 资金来源）',
    columns: [
      ...[text('site', '站点'), text('kind', '服务类型'), text('source', '资金来源')],
      ...[count('services', '次数'), fen('income', '收入'), fen('channelFees', '渠道手续费')],
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
  return columns.map(({ summed }, i) => {
    if (i === 0) return '合计';
    return summed ? rows.reduce((sum, row) => sum + Number(row[i] ?? 0), 0) : null;
  });
}

/** For spreadsheets: amounts in yuan, the sums as the last row. */
export function spreadsheetOf(name: TableName, rows: readonly Cells[]): Table {
  const sort = TABLES[name];
  const sums = sumsOf(sort, rows);
  const all = sums ? [...rows, sums] : [...rows];
  return {
    name,
    columns: sort.columns.map(({ title }) => title),
    rows: all.map((row) =>
      row.map((cell, i) => (sort.columns[i].unit === 'fen' && cell !== null ? { fen: Number(cell) } : cell)),
    ),
  };
}

/** Columns of a page, the texts wider than the figures. */
export function paperColumnsOf({ columns }: TableSort): PaperColumn<string[]>[] {
  const weight = ({ unit }: Column): number => ({ count: 1, fen: 1.7, text: 2.2 })[unit];
  const whole = columns.reduce((sum, column) => sum + weight(column), 0);
  return columns.map((column, index) => ({
    ...{ title: column.title, share: weight(column) / whole },
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
