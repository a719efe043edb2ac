import type { AccountKind } from './account';
import type { EntryReason } from './entry-reason';

/** What residents give money for; until it is used up it is owed to them. */
export const PURPOSES = ['services', 'prepaid', 'package', 'deposit'] as const;
export type Purpose = (typeof PURPOSES)[number];

interface Holding {
  /** The liability on which it waits. */
  account: AccountKind;
  received: EntryReason;
  /** It met a delivered service. */
  applied: EntryReason;
  /** A correction left more paid than is owed, and it waits again. */
  released: EntryReason;
  refunded: EntryReason;
}

/** How the ledger keeps money of each purpose. */
export const HOLDINGS: Record<Purpose, Holding> = {
  services: {
    account: 'resident_advance',
    received: 'payment_received',
    applied: 'advance_applied',
    released: 'advance_released',
    refunded: 'payment_refunded',
  },
  prepaid: {
    account: 'prepaid_balance',
    received: 'prepaid_topped_up',
    applied: 'prepaid_used',
    released: 'prepaid_returned',
    refunded: 'prepaid_refunded',
  },
  package: {
    account: 'package_deferred',
    received: 'package_sold',
    applied: 'package_used',
    released: 'package_returned',
    refunded: 'package_refunded',
  },
  deposit: {
    account: 'deposit_held',
    received: 'deposit_taken',
    applied: 'deposit_set_off',
    released: 'deposit_freed',
    refunded: 'deposit_returned',
  },
};

/** What is held for residents by name. */
export const HELD_ACCOUNTS = PURPOSES.filter((purpose) => purpose !== 'services').map(
  (purpose) => HOLDINGS[purpose].account,
);
