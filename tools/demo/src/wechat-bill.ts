import { formatYuan, proportion, sumFen, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import type { Random } from './random';

/** What the front-end remembers of a payment that it took through WeChat Pay. */
export interface ChannelPayment {
  merchantOrderNo: string;
  transactionId: string;
  siteCode: string;
  amountFen: Fen;
  paidAt: Date;
  refund?: { merchantRefundNo: string; refundId: string; amountFen: Fen; refundedAt: Date };
}

export const FAULT_TYPES = [
  'missing_in_bill',
  'unknown_in_bill',
  'amount_mismatch',
  'duplicate_in_bill',
  'unknown_refund',
  'fee_mismatch',
] as const;
export type FaultType = (typeof FAULT_TYPES)[number];

/** A fault put into the bill on purpose; the reconciliation must name exactly these. */
export interface SeededFault {
  type: FaultType;
  merchantOrderNo: string;
}

export interface Bill {
  text: string;
  lines: number;
  /** What the channel will pay out for it: payments less refunds, net of fees. */
  netFen: Fen;
  faults: SeededFault[];
}

/** Fee of the channel: 0.6 % of the amount, half a fen up. */
const FEE_PER_MILLE = 6;

const HEADER =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const SUMMARY_HEADER =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

interface BillLine {
  at: Date;
  transactionId: string;
  merchantOrderNo: string;
  device: string;
  amountFen: Fen;
  feeFen: Fen;
  refund?: { refundId: string; merchantRefundNo: string; amountFen: Fen };
}

/**
 * Writes the bill that the channel would send for these payments, in the layout of its daily trade bill (type ALL),
 * with `faultsEach` faults of every type sown in. Knows only what the front-end knows: nothing is asked of the platform.
 */
export function wechatBill(
  payments: ChannelPayment[],
  zone: string,
  faultsEach: number,
  random: Random,
): Bill {
  const faults: SeededFault[] = [];
  const sow = (type: FaultType, merchantOrderNo: string) => faults.push({ type, merchantOrderNo });
  const plain = payments.filter((p) => !p.refund);
  const victims = random.sample(plain, faultsEach * 4);
  const [missing, wrong, doubled, overcharged] = [0, 1, 2, 3].map(
    (i) => new Set(victims.slice(i * faultsEach, (i + 1) * faultsEach)),
  );

  const lines: BillLine[] = [];
  for (const payment of payments) {
    const line = paymentLine(payment);
    if (missing.has(payment)) {
      sow('missing_in_bill', payment.merchantOrderNo);
      continue;
    }
    if (wrong.has(payment)) {
      sow('amount_mismatch', payment.merchantOrderNo);
      line.amountFen += random.int(1, 99);
      line.feeFen = feeOf(line.amountFen);
    }
    if (overcharged.has(payment)) {
      sow('fee_mismatch', payment.merchantOrderNo);
      line.feeFen += random.int(1, 20);
    }
    lines.push(line);
    if (doubled.has(payment)) {
      sow('duplicate_in_bill', payment.merchantOrderNo);
      lines.push({ ...line });
    }
    if (payment.refund) lines.push(refundLine(payment, payment.refund));
  }
  for (let i = 0; i < faultsEach; i++) {
    const like = random.pick(plain);
    const merchantOrderNo = `GHOST${String(i).padStart(4, '0')}${like.merchantOrderNo.slice(-8)}`;
    sow('unknown_in_bill', merchantOrderNo);
    lines.push({ ...paymentLine(like), merchantOrderNo, transactionId: `42000${random.int(1e8, 9e8)}${i}` });
  }
  for (const payment of random.sample(
    plain.filter((p) => !victims.includes(p)),
    faultsEach,
  )) {
    sow('unknown_refund', payment.merchantOrderNo);
    const amountFen = random.int(1, payment.amountFen);
    lines.push(
      refundLine(payment, {
        merchantRefundNo: `NOBODY${payment.merchantOrderNo.slice(-10)}`,
        refundId: `50000${random.int(1e8, 9e8)}`,
        amountFen,
        refundedAt: payment.paidAt,
      }),
    );
  }
  lines.sort((a, b) => a.at.getTime() - b.at.getTime());
  const netFen = sumFen(
    lines.map(({ amountFen, feeFen, refund }) => (refund ? -refund.amountFen : amountFen) - feeFen),
  );
  return { text: render(lines, zone), lines: lines.length, netFen, faults };
}

function feeOf(amountFen: Fen): Fen {
  return proportion(amountFen, FEE_PER_MILLE, 1000);
}

function paymentLine(payment: ChannelPayment): BillLine {
  return {
    at: payment.paidAt,
    transactionId: payment.transactionId,
    merchantOrderNo: payment.merchantOrderNo,
    device: payment.siteCode,
    amountFen: payment.amountFen,
    feeFen: feeOf(payment.amountFen),
  };
}

function refundLine(payment: ChannelPayment, refund: NonNullable<ChannelPayment['refund']>): BillLine {
  return {
    ...paymentLine(payment),
    at: refund.refundedAt,
    // The channel gives the fee of a refunded part back, so the refund's line carries it as a negative amount.
    feeFen: -feeOf(refund.amountFen),
    refund,
  };
}

function render(lines: BillLine[], zone: string): string {
  const rows = lines.map((line) => {
    const amount = line.refund ? '0.00' : formatYuan(line.amountFen);
    const refunded = line.refund ? formatYuan(line.refund.amountFen) : '0.00';
    const fields = [
      DateTime.fromJSDate(line.at, { zone }).toFormat('yyyy-MM-dd HH:mm:ss'),
      'wx8888888888888888',
      '1900000109',
      '0',
      line.device,
      line.transactionId,
      line.merchantOrderNo,
      `oUser${line.merchantOrderNo.slice(-6)}`,
      'JSAPI',
      line.refund ? 'REFUND' : 'SUCCESS',
      'OTHERS',
      'CNY',
      amount,
      '0.00',
      line.refund?.refundId ?? '0',
      line.refund?.merchantRefundNo ?? '0',
      refunded,
      '0.00',
      line.refund ? 'ORIGINAL' : '',
      line.refund ? 'SUCCESS' : '',
      '社区服务',
      '',
      `${line.feeFen < 0 ? '-' : ''}${formatYuan(Math.abs(line.feeFen))}000`,
      '0.60%',
      amount,
      refunded,
      '',
    ];
    return fields.map((field) => `\`${field}`).join(',');
  });
  const total = (of: (line: BillLine) => Fen): string =>
    formatYuan(lines.reduce((sum, line) => sum + of(line), 0));
  const paid = total((l) => (l.refund ? 0 : l.amountFen));
  const refunded = total((l) => l.refund?.amountFen ?? 0);
  const summary = [
    String(lines.length),
    paid,
    refunded,
    '0.00',
    `${total((l) => l.feeFen)}000`,
    paid,
    refunded,
  ];
  return `\uFEFF${[HEADER, ...rows, SUMMARY_HEADER, summary.map((f) => `\`${f}`).join(',')].join('\r\n')}\r\n`;
}
