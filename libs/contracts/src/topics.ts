/**
 * Every topic of the platform. Snapshots are compacted, so a new service or a lost read model rebuilds from zero; facts
 * are kept for a time and live on in the service that owns them. Facts that figures are made of are kept for ever:
 * docs/decisions/0030-facts-of-the-portfolio-are-kept.md.
 */
export interface Topic {
  name: string;
  partitions: number;
  /** Keeps the newest message of each key for ever. */
  compacted: boolean;
  /** Milliseconds that facts are kept, -1 for ever; ignored when compacted. */
  retentionMs: number;
}

const DAY_MS = 86_400_000;
const PARTITIONS = 6;

const snapshots = (name: string): Topic => ({
  name,
  partitions: PARTITIONS,
  compacted: true,
  retentionMs: -1,
});
const facts = (name: string): Topic => ({
  name,
  partitions: PARTITIONS,
  compacted: false,
  retentionMs: 30 * DAY_MS,
});
const keptFacts = (name: string): Topic => ({ ...facts(name), retentionMs: -1 });

export const FACILITIES_REGION = snapshots('facilities.region.v1');
export const FACILITIES_SITE = snapshots('facilities.site.v1');
export const FACILITIES_OFFERING = snapshots('facilities.offering.v1');
export const FACILITIES_CHANGE = facts('facilities.change.v1');
export const OPERATORS_ORGANISATION = snapshots('operators.organisation.v1');
export const OPERATORS_CONTRACT = snapshots('operators.contract.v1');
export const OPERATORS_STAFF = snapshots('operators.staff.v1');
export const OPERATORS_SITE_LICENCE = snapshots('operators.site-licence.v1');
export const OPERATORS_LICENCE = facts('operators.licence.v1');
export const OPERATORS_INSPECTION = snapshots('operators.inspection.v1');
export const OPERATORS_SITE_RATING = snapshots('operators.site-rating.v1');
export const OPERATORS_QUALITY = facts('operators.quality.v1');
export const BOOKINGS_PLACEMENT = keptFacts('bookings.placement.v1');
export const BOOKINGS_BOOKING = keptFacts('bookings.booking.v1');
export const BOOKINGS_CAPACITY = snapshots('bookings.capacity.v1');
export const BOOKINGS_RESIDENT = snapshots('bookings.resident.v1');
export const BOOKINGS_CHANGE = facts('bookings.change.v1');
export const BILLING_CHARGE = keptFacts('billing.charge.v1');
export const BILLING_INVOICE = facts('billing.invoice.v1');
export const BILLING_CLAIM = facts('billing.claim.v1');
export const BILLING_CONTRACT = facts('billing.contract.v1');
export const BILLING_HELD_MONEY = facts('billing.held-money.v1');
export const BILLING_RECONCILIATION = facts('billing.reconciliation.v1');
export const BILLING_CHANGE = facts('billing.change.v1');
export const NOTIFICATIONS_DELIVERY = facts('notifications.delivery.v1');
export const NOTIFICATIONS_CHANGE = facts('notifications.change.v1');

export const TOPICS: readonly Topic[] = [
  FACILITIES_REGION,
  FACILITIES_SITE,
  FACILITIES_OFFERING,
  FACILITIES_CHANGE,
  OPERATORS_ORGANISATION,
  OPERATORS_CONTRACT,
  OPERATORS_STAFF,
  OPERATORS_SITE_LICENCE,
  OPERATORS_LICENCE,
  OPERATORS_INSPECTION,
  OPERATORS_SITE_RATING,
  OPERATORS_QUALITY,
  BOOKINGS_BOOKING,
  BOOKINGS_PLACEMENT,
  BOOKINGS_CAPACITY,
  BOOKINGS_RESIDENT,
  BOOKINGS_CHANGE,
  BILLING_CHARGE,
  BILLING_INVOICE,
  BILLING_CLAIM,
  BILLING_CONTRACT,
  BILLING_HELD_MONEY,
  BILLING_RECONCILIATION,
  BILLING_CHANGE,
  NOTIFICATIONS_DELIVERY,
  NOTIFICATIONS_CHANGE,
];
