import { type Language, sayer, type Words, words } from '@doorstep/kernel';
import type { ExceptionType } from '../exceptions/exception';
import type { AccountKind } from '../ledger/account';
import { channelWord, kindWord } from '../papers/words';
import { type Cells, type TableName, TABLES } from './tables';

/** Accounts as a bookkeeper names them. */
const ACCOUNTS: Record<AccountKind, Words> = {
  resident_receivable: words('应收居民款', 'Receivable from residents'),
  funder_receivable: words('应收补贴款', 'Receivable from funders'),
  resident_advance: words('预收居民款', "Residents' advances"),
  prepaid_balance: words('预付卡余额', 'Prepaid cards'),
  package_deferred: words('套餐递延收入', 'Deferred income of packages'),
  deposit_held: words('居民押金', "Residents' deposits"),
  channel_clearing: words('待清算渠道款', 'Clearing with channels'),
  bank_in_transit: words('渠道在途资金', 'In transit to the bank'),
  bank: words('银行存款', 'Bank'),
  unassigned_receipts: words('待认领款项', "Receipts that are nobody's yet"),
  between_contracts: words('合同间往来', 'Between contracts'),
  reconciliation_differences: words('对账差额', 'Differences of reconciliation'),
  channel_fees: words('渠道手续费', "Channels' fees"),
  concession_expense: words('让利支出', 'Concessions'),
  funder_advance: words('预收补贴款', "Funders' advances"),
  remittance_clearing: words('拨款在途', 'Remittances in transit'),
  claim_write_offs: words('补贴核减损失', 'Claims written off'),
  authority_clearing: words('应收应付委托方', 'Clearing with the authority'),
  contract_deposit: words('履约保证金', 'Deposit of the contract'),
  contract_fee_income: words('委托管理收入', 'Fees of the contract'),
  revenue_share_expense: words('收入分成支出', 'Revenue shared with the authority'),
  rent_expense: words('场地租金', 'Rent'),
  service_revenue: words('服务收入', 'Revenue from services'),
};

const DIFFERENCES: Record<ExceptionType, Words> = {
  missing_in_bill: words('我方有、账单无', 'ours, not in the bill'),
  unknown_in_bill: words('账单有、我方无', 'in the bill, not ours'),
  amount_mismatch: words('金额不符', 'another amount'),
  duplicate_in_bill: words('账单重复', 'twice in the bill'),
  refund_mismatch: words('退款金额不符', 'another amount of a refund'),
  unknown_refund: words('未知退款', 'an unknown refund'),
  fee_mismatch: words('手续费不符', 'another fee'),
  unknown_in_statement: words('流水有、我方无', 'in the statement, not ours'),
  missing_in_statement: words('我方有、流水无', 'ours, not in the statement'),
  amount_difference: words('金额差异', 'another amount'),
};

/** Items of the reconciliation statement, parts set in below their whole. */
const ITEMS: Record<string, Words> = {
  taken: words('1 收款与退款净额', '1 Payments less refunds'),
  'taken.confirmed': words('  其中：渠道已确认', '  of it: confirmed by the channel'),
  'taken.at_bank': words('  其中：银行已到账', '  of it: at the bank'),
  'taken.not_at_bank': words('  其中：银行未到账', '  of it: not at the bank'),
  'taken.no_bill': words('  其中：账单未到', '  of it: no bill yet'),
  due: words('2 渠道应结（扣手续费）', '2 Due from the channel, less fees'),
  'due.ours': words('  由：账单中我方的收款与退款', '  from: payments and refunds in bills that are ours'),
  'due.fees': words('  由：手续费', '  from: fees'),
  'due.unknown': words('  由：账单中我方没有的', '  from: what is in bills and not ours'),
  'due.at_bank': words('  其中：银行已到账', '  of it: at the bank'),
  'due.in_transit': words('  其中：在途', '  of it: in transit'),
  opening: words('3 期初余额', '3 Opening balance'),
  'moved.received': words('  收入', '  received'),
  'moved.paid': words('  支出', '  paid'),
  'moved.matched': words('  其中：已匹配', '  of these: matched'),
  'moved.unmatched': words('  其中：未匹配', '  of these: not matched'),
  closing: words('4 期末余额', '4 Closing balance'),
  ...Object.fromEntries(
    Object.entries(DIFFERENCES).map(([type, said]) => [
      `taken.${type}`,
      words(`  其中：差异 ${said['zh-CN']}`, `  of it, named: ${said.en}`),
    ]),
  ),
};

type Say = (text: string, language: Language) => string;

/** `wechat 1900000109`: the channel and its merchant. */
const payer: Say = (text, language) => text.replace(/^[a-z]+/, (code) => channelWord(code, language));
/** What an account is apart by, a kind or a channel last: `S-1 外滩站 meals`, `wechat`. */
const part: Say = (text, language) =>
  text.replace(/[a-z_]+$/, (code) => kindWord(channelWord(code, language), language));

const SPOKEN: Partial<Record<TableName, Record<string, Say>>> = {
  'reconciliation-statement': { section: channelWord, item: sayer(ITEMS) },
  'resident-shares': { kind: kindWord },
  'settlement-statement': { account: sayer(ACCOUNTS), of: part },
  payouts: { payer },
  'margin-inputs': { kind: kindWord, source: sayer({ residents: words('居民', 'Residents') }) },
};

/** Rows for people: a code that programs branch on becomes the word for it. Codes that a city made stand as they are. */
export function spoken(name: TableName, rows: readonly Cells[], language: Language): Cells[] {
  const says = TABLES[name].columns.map(({ key }) => SPOKEN[name]?.[key]);
  return rows.map((row) =>
    row.map((cell, at) => (typeof cell === 'string' ? (says[at]?.(cell, language) ?? cell) : cell)),
  );
}
