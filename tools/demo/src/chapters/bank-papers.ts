import { formatYuan, sumFen, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { ZONE } from '../day';

/** What the front-end remembers of a payment that it took through Alipay. */
export interface AlipayPayment {
  merchantOrderNo: string;
  amountFen: Fen;
  paidAt: Date;
  siteCode: string;
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

/** Writes the business detail that Alipay would send of these payments; knows nothing of the platform. */
export function alipayBill(payments: readonly AlipayPayment[], day: string): AlipayBill {
  const chinese = (iso: string): string => iso.replace(/(\d+)-(\d+)-(\d+)/, '$1年$2月$3日 00:00:00');
  const next = DateTime.fromISO(day).plus({ days: 1 }).toISODate() as string;
  const total = sumFen(payments.map(({ amountFen }) => amountFen));
  const rows = payments.map(({ merchantOrderNo, amountFen, paidAt, siteCode }) => {
    const at = DateTime.fromJSDate(paidAt, { zone: ZONE }).toFormat('yyyy-MM-dd HH:mm:ss');
    const yuan = formatYuan(amountFen);
    const zeros = Array.from({ length: 5 }, () => '0.00');
    return [
      ...[
        `2088${merchantOrderNo}`,
        merchantOrderNo,
        '交易',
        '社区服务充值',
        at,
        at,
        siteCode,
        '',
        '',
        '',
        '138****0000',
      ],
      ...[yuan, yuan, ...zeros, '', '0.00', '0.00', '', formatYuan(-feeOf(amountFen)), '0.00', ''],
    ]
      .map((field) => `${field}\t`)
      .join(',');
  });
  const text = [
    '#支付宝业务明细查询',
    '#账号：[20881234567890120156]',
    `#起始日期：[${chinese(day)}]   终止日期：[${chinese(next)}]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    HEADER,
    ...rows,
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${payments.length}笔，商家实收共${formatYuan(total)}元，商家优惠共0.00元`,
    '#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元',
    '',
  ].join('\r\n');
  return { text, netFen: total - sumFen(payments.map(({ amountFen }) => feeOf(amountFen))) };
}

export interface BankEntry {
  day: string;
  fen: Fen;
  name: string;
  text: string;
}

/** A bank's camt.053 message: one statement of one account. */
export function bankStatement(
  accountNo: string,
  { from, to, openingFen }: { from: string; to: string; openingFen: Fen },
  entries: readonly BankEntry[],
): string {
  const closingFen = openingFen + sumFen(entries.map(({ fen }) => fen));
  const amount = (fen: Fen): string =>
    `<Amt Ccy="CNY">${formatYuan(Math.abs(fen))}</Amt><CdtDbtInd>${fen < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
  const balance = (code: string, fen: Fen, day: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(fen)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
  const written = entries.map(
    ({ day, fen, name, text }, i) =>
      `<Ntry>${amount(fen)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>B${i + 1}</AcctSvcrRef>` +
      `<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>${name}</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
    `<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>${from}</Id><FrToDt><FrDtTm>${from}T00:00:00</FrDtTm><ToDtTm>${to}T23:59:59</ToDtTm></FrToDt>` +
    `<Acct><Id><Othr><Id>${accountNo}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>${balance('OPBD', openingFen, from)}${balance('CLBD', closingFen, to)}` +
    `${written.join('')}</Stmt></BkToCstmrStmt></Document>`
  );
}
