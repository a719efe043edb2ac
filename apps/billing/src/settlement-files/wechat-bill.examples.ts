import { formatYuan } from '@doorstep/kernel';
import { parseFee } from './wechat-fields';

/* Bills as WeChat Pay writes them, for specs. Sums of the summary are made from the lines, unless a spec wants them wrong. */

const all =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'.split(
    ',',
  );
const refundColumns = [
  '微信退款单号',
  '商户退款单号',
  '退款金额',
  '充值券退款金额',
  '退款类型',
  '退款状态',
  '申请退款金额',
];

export const HEADERS = {
  all,
  success: all.filter((name) => !refundColumns.includes(name)),
  refund: ['退款申请时间', '退款成功时间', ...all],
};

interface LineParts {
  at?: string;
  merchant?: string;
  place?: string;
  channelOrder?: string;
  order?: string;
  state?: string;
  currency?: string;
  amount?: string;
  ordered?: string;
  channelRefund?: string;
  refundNo?: string;
  refunded?: string;
  refundedAt?: string;
  goods?: string;
  fee?: string;
  rate?: string;
}

/** A payment of 18 yuan; fields by the names of ALL, each with its backtick. */
export function line(parts: LineParts): string {
  return cellsOf(parts, HEADERS.all);
}

/** A refund of 5 yuan. */
export function refundLine(parts: LineParts): string {
  return line({
    state: 'REFUND',
    amount: '0.00',
    channelRefund: '5000001',
    refundNo: 'R1',
    refunded: '5.00',
    fee: '-0.03000',
    ...parts,
  });
}

function cellsOf(parts: LineParts, columns: string[]): string {
  const { amount = '18.00', refunded = '0.00', at = '2026-11-02 11:15:00' } = parts;
  const cells: Record<string, string> = {
    交易时间: at,
    公众账号ID: 'wx8888888888888888',
    商户号: parts.merchant ?? '1900000109',
    特约商户号: '0',
    设备号: parts.place ?? 'S-1',
    微信订单号: parts.channelOrder ?? '4200001',
    商户订单号: parts.order ?? 'DS1',
    用户标识: 'oUser1',
    交易类型: 'JSAPI',
    交易状态: parts.state ?? 'SUCCESS',
    付款银行: 'OTHERS',
    货币种类: parts.currency ?? 'CNY',
    应结订单金额: amount,
    代金券金额: '0.00',
    微信退款单号: parts.channelRefund ?? '0',
    商户退款单号: parts.refundNo ?? '0',
    退款金额: refunded,
    充值券退款金额: '0.00',
    退款类型: parts.refundNo ? 'ORIGINAL' : '',
    退款状态: parts.refundNo ? 'SUCCESS' : '',
    商品名称: parts.goods ?? '社区午餐',
    商户数据包: '',
    手续费: parts.fee ?? '0.11000',
    费率: parts.rate ?? '0.60%',
    订单金额: parts.ordered ?? amount,
    申请退款金额: refunded,
    费率备注: '',
    退款申请时间: parts.refundedAt ?? at,
    退款成功时间: parts.refundedAt ?? at,
  };
  const known = parts.refundedAt ? HEADERS.refund : columns;
  return known.map((name) => `\`${cells[name]}`).join(',');
}

interface BillParts {
  columns?: string[];
  lines: string[];
  /** Wrong values for the summary, by column. */
  summary?: Record<string, string>;
  /** Columns that are named otherwise: new name to the name in the lines. */
  renamed?: Record<string, string>;
}

const SUMS: Record<string, string> = {
  应结订单总金额: '应结订单金额',
  退款总金额: '退款金额',
  充值券退款总金额: '充值券退款金额',
  手续费总金额: '手续费',
  订单总金额: '订单金额',
  申请退款总金额: '申请退款金额',
};

export function aBill({ columns = HEADERS.all, lines, summary = {}, renamed = {} }: BillParts): string {
  const rows = lines.map((text) => {
    const cells = text.slice(1).split(',`');
    return { cells, source: cells.length === HEADERS.refund.length ? HEADERS.refund : HEADERS.all, text };
  });
  const body = rows.map(({ cells, source, text }) =>
    cells.length === source.length
      ? columns.map((name) => `\`${cells[source.indexOf(renamed[name] ?? name)] ?? ''}`).join(',')
      : text,
  );
  const total = (name: string): number =>
    rows.reduce((sum, { cells, source }) => sum + (parseFee(cells[source.indexOf(name)] ?? '') ?? 0), 0);
  const stated = Object.entries(SUMS).map(([name, column]) => {
    const right = `${formatYuan(columns.includes(column) || column === '应结订单金额' ? total(column) : 0)}${column === '手续费' ? '000' : ''}`;
    return summary[name] ?? right;
  });
  const summaryLine = [summary.总交易单数 ?? String(lines.length), ...stated]
    .map((cell) => `\`${cell}`)
    .join(',');
  return (
    [columns.join(','), ...body, `总交易单数,${Object.keys(SUMS).join(',')}`, summaryLine].join('\r\n') +
    '\r\n'
  );
}
