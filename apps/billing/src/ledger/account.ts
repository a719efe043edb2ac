import { canonicalJson } from '@doorstep/kernel';
import { idMadeOf } from '../shared/made-ids';

export const ACCOUNT_CLASSES = ['asset', 'liability', 'income', 'expense'] as const;
export type AccountClass = (typeof ACCOUNT_CLASSES)[number];

interface Sort {
  class: AccountClass;
  /** What else, beside the contract, tells accounts of this kind apart. */
  by: readonly Dimension[];
  /** For people. */
  title: string;
}

type Dimension = 'siteId' | 'serviceKind' | 'funderId' | 'channel';

/** The chart of accounts. Each operator has one set per contract. */
export const ACCOUNT_KINDS = {
  /** What residents owe for delivered services. */
  resident_receivable: { class: 'asset', by: ['siteId'], title: 'Receivable from residents' },
  /** What a funder owes: captured shares, claimed or not. */
  funder_receivable: { class: 'asset', by: ['funderId'], title: 'Receivable from a funder' },
  /** Money that residents paid and no delivered service has used up. */
  resident_advance: { class: 'liability', by: [], title: 'Advances of residents' },
  /** Stored on residents' prepaid cards and not used up. */
  prepaid_balance: { class: 'liability', by: [], title: 'Prepaid cards of residents' },
  /** Of packages that are sold: revenue once a use is. */
  package_deferred: { class: 'liability', by: [], title: 'Packages sold and not used' },
  /** Held against what residents may come to owe. */
  deposit_held: { class: 'liability', by: [], title: 'Deposits of residents' },
  /** Money that a payment channel took for us and has not settled. */
  channel_clearing: { class: 'asset', by: ['channel'], title: 'Clearing with a payment channel' },
  /** Settled by the channel, on its way to the bank account. */
  bank_in_transit: { class: 'asset', by: ['channel'], title: 'In transit from a payment channel' },
  /** Seen on a bank account. `channel` is the account's code. */
  bank: { class: 'asset', by: ['channel'], title: 'Bank account' },
  /** Money of a channel's lines that settle nothing of ours yet: each has an exception. */
  unassigned_receipts: { class: 'liability', by: [], title: 'Receipts not assigned yet' },
  /** One contract's money that another one carries; zero over all contracts. */
  between_contracts: { class: 'asset', by: [], title: 'Between contracts' },
  /** Written off, or within the tolerance. */
  reconciliation_differences: { class: 'expense', by: [], title: 'Differences written off' },
  channel_fees: { class: 'expense', by: ['channel'], title: 'Fees of a payment channel' },
  concession_expense: { class: 'expense', by: ['siteId'], title: 'Concessions granted by the operator' },
  /** Money of a funder that no claim line has used up. */
  funder_advance: { class: 'liability', by: ['funderId'], title: 'Advances of a funder' },
  /** Announced by a funder, to be seen on the bank account. */
  remittance_clearing: { class: 'asset', by: ['funderId'], title: 'Remittances of a funder' },
  claim_write_offs: { class: 'expense', by: ['funderId'], title: 'Claims on a funder given up' },
  /** Agreed with the authority that is party to the contract, to be seen on the bank account; below zero we owe it. */
  authority_clearing: { class: 'asset', by: [], title: 'Clearing with the authority' },
  /** Ours, lying at the authority while the contract stands. */
  contract_deposit: { class: 'asset', by: [], title: 'Deposit at the authority' },
  contract_fee_income: { class: 'income', by: [], title: 'Fees from the authority' },
  revenue_share_expense: { class: 'expense', by: [], title: "The authority's share of revenue" },
  rent_expense: { class: 'expense', by: [], title: 'Rent to the authority' },
  service_revenue: { class: 'income', by: ['siteId', 'serviceKind'], title: 'Revenue from services' },
} as const satisfies Record<string, Sort>;

export type AccountKind = keyof typeof ACCOUNT_KINDS;

/** Names an account by what it is for. */
export interface Account {
  operatorId: string;
  contractId: string;
  kind: AccountKind;
  siteId?: string;
  serviceKind?: string;
  funderId?: string;
  channel?: string;
}

/** Ids that were made before; enough for the accounts of some thousand sites. */
const made = new Map<string, string>();
const MADE_MAX = 50_000;

/**
 * The account's id, made from its name: everybody who needs the account knows its id without asking, and two that open it
 * at once open the same one.
 */
export function accountId(account: Account): string {
  const { operatorId, contractId, kind, siteId, serviceKind, funderId, channel } = account;
  const by = `${siteId ?? ''}\n${serviceKind ?? ''}\n${funderId ?? ''}\n${channel ?? ''}`;
  const name = `${operatorId}\n${contractId}\n${kind}\n${by}`;
  const known = made.get(name);
  if (known) return known;
  const id = idMadeOf(canonicalJson(account));
  if (made.size >= MADE_MAX) made.clear();
  made.set(name, id);
  return id;
}
