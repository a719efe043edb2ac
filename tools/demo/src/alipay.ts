import { formatYuan, sumFen, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { ZONE } from './day';
import type { DayClock } from './rehearsal-clock';

/** What the front-end remembers of a payment that it took through Alipay. */
export interface AlipayPayment {
  merchantOrderNo: string;
  amountFen: Fen;
  paidAt: Date;
  siteCode: string;
  refund?: { merchantRefundNo: string; amountFen: Fen; refundedAt: Date };
}

export interface AlipayBill {
  text: string;
  /** What the channel will pay out for it. */
  netFen: Fen;
}

const HEADER =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';

/** The channel keeps 0.6 %, half a fen up. */
const feeOf = (amountFen: Fen): Fen => Math.floor((amountFen * 6 + 500) / 1000);

/** Takes money through Alipay and gives it back, and remembers what its bill of the day will have. */
export class AlipayTill {
  readonly payments: AlipayPayment[] = [];

  constructor(
    private readonly clock: DayClock,
    private readonly day: string,
  ) {}

  /** @returns the part of a request that names the order */
  take(amountFen: Fen, siteCode: string): { channel: 'alipay'; merchantOrderNo: string; paidAt: string } {
    const number = String(this.payments.length).padStart(6, '0');
    const merchantOrderNo = `HM${this.day.replaceAll('-', '')}${number}`;
    const paidAt = this.now();
    this.payments.push({ merchantOrderNo, amountFen, paidAt, siteCode });
    return { channel: 'alipay', merchantOrderNo, paidAt: paidAt.toISOString() };
  }

  /** @returns the part of a request that names the refund */
  giveBack(
    merchantOrderNo: string,
    amountFen: Fen,
  ): { merchantRefundNo: string; refundedAt: string; amountFen: Fen } {
    const payment = this.payments.find((each) => each.merchantOrderNo === merchantOrderNo);
    if (!payment) throw new Error(`the till has taken no ${merchantOrderNo}`);
    const [merchantRefundNo, refundedAt] = [`R${merchantOrderNo}`, this.now()];
    payment.refund = { merchantRefundNo, amountFen, refundedAt };
    return { merchantRefundNo, refundedAt: refundedAt.toISOString(), amountFen };
  }

  /** The channel knows whole seconds. */
  private now(): Date {
    return new Date(Math.floor(this.clock.now().getTime() / 1000) * 1000);
  }
}

interface BillRow {
  merchantOrderNo: string;
  siteCode: string;
  at: Date;
  /** Below zero: a refund, whose part of the fee comes back. */
  amountFen: Fen;
  feeFen: Fen;
  refundNo: string;
}

/** Writes the business detail that Alipay would send of these payments; knows nothing of the platform. */
export function alipayBill(payments: readonly AlipayPayment[], day: string): AlipayBill {
  const rows = payments.flatMap(rowsOf);
  const chinese = (iso: string): string => iso.replace(/(\d+)-(\d+)-(\d+)/, '$1年$2月$3日 00:00:00');
  const next = DateTime.fromISO(day).plus({ days: 1 }).toISODate() as string;
  const [paid, refunded] = [
    rows.filter(({ amountFen }) => amountFen > 0),
    rows.filter(({ amountFen }) => amountFen < 0),
  ];
  const total = (of: readonly BillRow[]): string => formatYuan(sumFen(of.map(({ amountFen }) => amountFen)));
  const text = [
    '#支付宝业务明细查询',
    '#账号：[20881234567890120156]',
    `#起始日期：[${chinese(day)}]   终止日期：[${chinese(next)}]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    HEADER,
    ...rows.map(render),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${paid.length}笔，商家实收共${total(paid)}元，商家优惠共0.00元`,
    `#退款合计：${refunded.length}笔，商家实收退款共${total(refunded)}元，商家优惠退款共0.00元`,
    '',
  ].join('\r\n');
  return { text, netFen: sumFen(rows.map(({ amountFen, feeFen }) => amountFen - feeFen)) };
}

function rowsOf({ merchantOrderNo, siteCode, amountFen, paidAt, refund }: AlipayPayment): BillRow[] {
  const order = { merchantOrderNo, siteCode };
  const paid = { ...order, at: paidAt, amountFen, feeFen: feeOf(amountFen), refundNo: '' };
  if (!refund) return [paid];
  const back = { amountFen: -refund.amountFen, feeFen: -feeOf(refund.amountFen) };
  return [paid, { ...order, ...back, at: refund.refundedAt, refundNo: refund.merchantRefundNo }];
}

function render({ merchantOrderNo, siteCode, at, amountFen, feeFen, refundNo }: BillRow): string {
  const when = DateTime.fromJSDate(at, { zone: ZONE }).toFormat('yyyy-MM-dd HH:mm:ss');
  const yuan = formatYuan(amountFen);
  const zeros = Array.from({ length: 5 }, () => '0.00');
  return [
    ...[`2088${merchantOrderNo}`, merchantOrderNo, amountFen < 0 ? '退款' : '交易', '社区服务充值'],
    ...[when, when, siteCode, '', '', '', '138****0000', yuan, yuan, ...zeros, '', '0.00', '0.00'],
    ...[refundNo, formatYuan(-feeFen), '0.00', ''],
  ]
    .map((field) => `${field}\t`)
    .join(',');
}
