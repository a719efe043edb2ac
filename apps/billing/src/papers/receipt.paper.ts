import type { ReceiptDto } from '../invoices/receipts.dto';
import type { StatementDto } from '../invoices/statements.dto';
import type { Print } from './invoice.paper';
import { Paper } from './paper.writer';
import type { Letterhead } from './papers.queries';
import { capitalYuan, channelWord, kindWord, monthWord, timeWord, yuan } from './words';

const WORDS = {
  'zh-CN': {
    ...{
      receipt: '收款收据',
      statement: '对账单',
      contract: '运营合同',
      issued: '开具日期',
      payer: '付款人',
    },
    ...{
      channel: '付款方式',
      order: '商户订单号',
      paidAt: '付款时间',
      amount: '收款金额',
      refunded: '已退款',
    },
    ...{ kept: '实收', capital: '大写', resident: '居民编号', period: '账期', unit: '金额单位：人民币元' },
    ...{
      opening: '期初应付',
      closing: '期末应付',
      credit: '账户余额（多付）',
      ...{ prepaidFen: '预付卡余额', packageFen: '套餐未使用', depositFen: '押金' },
      booked: '记账日',
      what: '事项',
    },
    ...{ service: '服务', day: '服务日', change: '金额', more: '本页仅列出前 2000 笔。' },
    reasons: {
      charge_captured: '服务费',
      advance_applied: '预付抵扣',
      payment_received: '付款',
      payment_refunded: '退款',
      payment_voided: '收款记录作废',
      refund_voided: '退款记录作废',
      charge_corrected: '费用更正',
      advance_released: '转回余额',
      prepaid_used: '预付卡支付',
      prepaid_returned: '退回预付卡',
      package_used: '套餐抵扣',
      package_returned: '退回套餐',
      deposit_set_off: '押金抵扣',
      deposit_freed: '转回押金',
    } as Record<string, string>,
    void: '作废',
    voided: '作废日期',
    voidNote: '上列收款记录有误，已作废；本收据不再证明收到款项。',
    notFapiao: '本收据证明收到上列款项，不作税务发票使用。',
    page: (n: number, of: number) => `第 ${n} 页 / 共 ${of} 页`,
  },
  en: {
    ...{
      receipt: 'Receipt',
      statement: 'Statement',
      contract: 'Contract',
      issued: 'Issued on',
      payer: 'Received from',
    },
    ...{
      channel: 'Paid by',
      order: 'Order no.',
      paidAt: 'Paid at',
      amount: 'Received',
      refunded: 'Given back',
    },
    ...{
      kept: 'Kept',
      capital: 'In words',
      resident: 'Resident no.',
      period: 'Period',
      unit: 'Amounts in CNY',
    },
    ...{
      opening: 'Opening balance',
      closing: 'Closing balance',
      credit: 'Credit',
      ...{ prepaidFen: 'On the prepaid card', packageFen: 'Of packages, not used', depositFen: 'Deposits' },
      booked: 'Booked on',
      what: 'What',
    },
    ...{
      service: 'Service',
      day: 'Day of service',
      change: 'Amount',
      more: 'The first 2000 movements are shown.',
    },
    reasons: {
      charge_captured: 'Service',
      advance_applied: 'Paid in advance',
      payment_received: 'Payment',
      payment_refunded: 'Refund',
      payment_voided: 'Payment recorded wrongly',
      refund_voided: 'Refund recorded wrongly',
      charge_corrected: 'Correction',
      advance_released: 'Moved to credit',
      prepaid_used: 'Paid by prepaid card',
      prepaid_returned: 'Back on the prepaid card',
      package_used: 'Paid by package',
      package_returned: 'Back to the package',
      deposit_set_off: 'Set off against a deposit',
      deposit_freed: 'Back to the deposit',
    } as Record<string, string>,
    void: 'VOID',
    voided: 'Void since',
    voidNote: 'The payment was recorded wrongly: this receipt confirms nothing any more.',
    notFapiao: 'Confirms that the amount was received; not a tax fapiao.',
    page: (n: number, of: number) => `Page ${n} of ${of}`,
  },
} as const;

export async function receiptPaper(receipt: ReceiptDto, head: Letterhead, print: Print): Promise<Buffer> {
  const say = WORDS[print.language];
  const { voidedAt } = receipt;
  const title = `${say.receipt} ${receipt.number}${voidedAt ? ` · ${say.void}` : ''}`;
  const paper = new Paper(
    { left: `${head.operatorName} · ${title} · ${say.unit}`, page: say.page },
    { title, author: head.operatorName, at: print.at },
  );
  const sub = `${say.contract} ${head.contractNumber}`;
  const name = voidedAt ? `${say.receipt}（${say.void}）` : say.receipt;
  paper.heading({ issuer: head.operatorName, sub, title: name, number: receipt.number });
  paper.facts([
    ...(print.addressee ? [{ label: say.payer, value: print.addressee }] : []),
    { label: say.issued, value: receipt.issuedOn },
    { label: say.channel, value: channelWord(receipt.channel, print.language) },
    { label: say.paidAt, value: timeWord(receipt.paidAt) },
    { label: say.order, value: receipt.merchantOrderNo },
    ...(voidedAt ? [{ label: say.voided, value: timeWord(voidedAt) }] : []),
  ]);
  if (voidedAt) {
    paper.paragraph(say.voidNote);
    return paper.bytes();
  }
  const keptFen = receipt.amountFen - receipt.refundedFen;
  paper.sums([
    ...(receipt.refundedFen > 0
      ? [
          { label: say.amount, value: yuan(receipt.amountFen) },
          { label: say.refunded, value: yuan(-receipt.refundedFen) },
        ]
      : []),
    { label: receipt.refundedFen > 0 ? say.kept : say.amount, value: `¥ ${yuan(keptFen)}` },
  ]);
  if (print.language === 'zh-CN') paper.paragraph(`${say.capital}：${capitalYuan(keptFen)}`);
  paper.paragraph(say.notFapiao, { grey: true });
  return paper.bytes();
}

export async function statementPaper(
  statement: StatementDto,
  head: Letterhead,
  print: Print,
): Promise<Buffer> {
  const say = WORDS[print.language];
  const month = monthWord(statement.period, print.language);
  const title = `${say.statement} ${month}`;
  const paper = new Paper(
    { left: `${head.operatorName} · ${title} · ${say.unit}`, page: say.page },
    { title, author: head.operatorName, at: print.at },
  );
  const sub = `${say.contract} ${head.contractNumber}`;
  paper.heading({ issuer: head.operatorName, sub, title: say.statement, number: month });
  paper.facts([
    ...(print.addressee ? [{ label: say.payer, value: print.addressee }] : []),
    { label: say.resident, value: statement.residentId },
    { label: say.opening, value: yuan(statement.openingFen) },
    { label: say.closing, value: yuan(statement.closingFen) },
  ]);
  await paper.table(
    [
      { title: say.booked, share: 0.16, value: (line) => line.bookedOn },
      { title: say.what, share: 0.24, value: (line) => say.reasons[line.reason] ?? line.reason },
      { title: say.service, share: 0.24, value: (line) => kindWord(line.kind, print.language) },
      { title: say.day, share: 0.18, value: (line) => line.serviceDay },
      { title: say.change, share: 0.18, align: 'right', value: (line) => yuan(line.amountFen) },
    ],
    statement.lines,
    90,
  );
  if (statement.more) paper.paragraph(say.more, { grey: true });
  paper.sums([
    { label: say.opening, value: yuan(statement.openingFen) },
    ...(statement.creditFen > 0 ? [{ label: say.credit, value: yuan(statement.creditFen) }] : []),
    ...(['prepaidFen', 'packageFen', 'depositFen'] as const)
      .filter((name) => statement.held[name] > 0)
      .map((name) => ({ label: say[name], value: yuan(statement.held[name]) })),
    { label: say.closing, value: `¥ ${yuan(statement.closingFen)}` },
  ]);
  return paper.bytes();
}
