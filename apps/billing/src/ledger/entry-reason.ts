/** Why an entry was made. Programs and auditors branch on it. */
export const ENTRY_REASONS = [
  'charge_captured',
  'advance_applied',
  'payment_received',
  'payment_refunded',
  'payment_voided',
  'refund_voided',
  'channel_settled',
  'bank_matched',
  'bank_match_undone',
  'exception_matched',
  'exception_unmatched',
  'difference_written_off',
  'write_off_undone',
  // Corrections: further entries, never changes.
  'charge_corrected',
  'advance_released',
  // Prepaid cards.
  'prepaid_topped_up',
  'prepaid_used',
  'prepaid_returned',
  'prepaid_refunded',
  // Packages.
  'package_sold',
  'package_used',
  'package_returned',
  'package_refunded',
  // Deposits.
  'deposit_taken',
  'deposit_set_off',
  'deposit_freed',
  'deposit_returned',
  // Money of funders.
  'remittance_received',
  'remittance_unallocated',
  'remittance_cancelled',
  'claim_written_off',
  // The contract's own money.
  'contract_fee_due',
  'revenue_share_due',
  'contract_rent_due',
  'contract_deposit_due',
] as const;
export type EntryReason = (typeof ENTRY_REASONS)[number];
