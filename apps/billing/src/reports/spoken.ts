import type { ExceptionType } from '../exceptions/exception';
import type { AccountKind } from '../ledger/account';
import { channelWord, kindWord } from '../papers/words';
import { type Cells, type TableName, TABLES } from './tables';

/** Accounts as a Chinese bookkeeper names them. */
const ACCOUNTS: Record<AccountKind, string> = {
  resident_receivable: '应收居民款',
  funder_receivable: '应收补贴款',
  resident_advance: '预收居民款',
  prepaid_balance: '预付卡余额',
  package_deferred: '套餐递延收入',
  deposit_held: '居民押金',
  channel_clearing: '待清算渠道款',
  bank_in_transit: '渠道在途资金',
  bank: '银行存款',
  unassigned_receipts: '待认领款项',
  between_contracts: '合同间往来',
  reconciliation_differences: '对账差额',
  channel_fees: '渠道手续费',
  concession_expense: '让利支出',
  funder_advance: '预收补贴款',
  remittance_clearing: '拨款在途',
  claim_write_offs: '补贴核减损失',
  authority_clearing: '应收应付委托方',
  contract_deposit: '履约保证金',
  contract_fee_income: '委托管理收入',
  revenue_share_expense: '收入分成支出',
  rent_expense: '场地租金',
  service_revenue: '服务收入',
};

const DIFFERENCES: Record<ExceptionType, string> = {
  missing_in_bill: '我方有、账单无',
  unknown_in_bill: '账单有、我方无',
  amount_mismatch: '金额不符',
  duplicate_in_bill: '账单重复',
  refund_mismatch: '退款金额不符',
  unknown_refund: '未知退款',
  fee_mismatch: '手续费不符',
  unknown_in_statement: '流水有、我方无',
  missing_in_statement: '我方有、流水无',
  amount_difference: '金额差异',
};

type Say = (text: string) => string;

const kind: Say = (text) => kindWord(text, 'zh-CN');
const channel: Say = (text) => channelWord(text, 'zh-CN');
const account: Say = (text) => ACCOUNTS[text as AccountKind] ?? text;
/** `其中：差异 missing_in_bill` */
const item: Say = (text) => text.replace(/[a-z_]+$/, (code) => DIFFERENCES[code as ExceptionType] ?? code);
/** `wechat 1900000109`: the channel and its merchant. */
const payer: Say = (text) => text.replace(/^[a-z]+/, channel);
/** What an account is apart by, a kind or a channel last: `S-1 外滩站 meals`, `wechat`. */
const part: Say = (text) => text.replace(/[a-z_]+$/, (code) => kind(channel(code)));

const SPOKEN: Partial<Record<TableName, Record<string, Say>>> = {
  'reconciliation-statement': { section: channel, item },
  'resident-shares': { kind },
  'settlement-statement': { account, of: part },
  payouts: { payer },
  'margin-inputs': { kind },
};

/** Rows for people: a code that programs branch on becomes the word for it. Codes that a city made stand as they are. */
export function spoken(name: TableName, rows: readonly Cells[]): Cells[] {
  const says = TABLES[name].columns.map(({ key }) => SPOKEN[name]?.[key]);
  return rows.map((row) =>
    row.map((cell, at) => (typeof cell === 'string' ? (says[at]?.(cell) ?? cell) : cell)),
  );
}
