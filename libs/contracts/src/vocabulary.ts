/** Words that several services share. Each list is also the set of values their schemas accept. */

/** How a service is taken up. Childcare knows the first four; other kinds mostly `session`, `visit` or `order`. */
export const SERVICE_MODES = [
  'full_day',
  'half_day',
  'timed',
  'temporary',
  'session',
  'order',
  'visit',
] as const;
export type ServiceMode = (typeof SERVICE_MODES)[number];

/** Which package a booking is to take a use of: its id, or `none` of them. */
export const PACKAGE_WISH = /^(none|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
/** The same as it is asked for; `auto`: billing chooses. */
export const PACKAGE_CHOICE = new RegExp(PACKAGE_WISH.source.replace('none', 'auto|none'), 'i');

/** A choice as it is told to billing; null, as when nothing was chosen: billing chooses. */
export function packageWishOf(choice: string | null | undefined): string | null {
  const wish = choice?.toLowerCase() ?? 'auto';
  return wish === 'auto' ? null : wish;
}

/** Where it reaches the resident: at the site, in the surroundings, at home, at the bedside. */
export const DELIVERIES = ['on_site', 'nearby', 'home', 'bedside'] as const;
export type DeliveryPlace = (typeof DELIVERIES)[number];

export const CAPACITY_MODELS = ['seats', 'exclusive', 'places', 'caregiver'] as const;
/** seats: party size counts against a session · exclusive: one booking per slot · places: like seats, bounded by staff ratio too · caregiver: a person's time. */
export type CapacityModel = (typeof CAPACITY_MODELS)[number];

export const SITE_STATUSES = [
  'planned',
  'approved',
  'building',
  'accepted',
  'handed_over',
  'operating',
  'suspended',
  'closed',
] as const;
export type SiteStatus = (typeof SITE_STATUSES)[number];

/** What becomes of a booking that billing has not answered: it stays held until it expires, or is confirmed and priced later. */
export const UNPRICED_POLICIES = ['hold', 'confirm'] as const;
export type UnpricedPolicy = (typeof UNPRICED_POLICIES)[number];

/** Ability levels of GB/T 42195-2022, from intact to complete loss. */
export const CARE_LEVELS = ['intact', 'mild', 'moderate', 'severe', 'total'] as const;
export type CareLevel = (typeof CARE_LEVELS)[number];

/** Household registration 户籍: in the city of residence, or elsewhere. */
export const REGISTRATIONS = ['local', 'non_local'] as const;
export type Registration = (typeof REGISTRATIONS)[number];

/** Classes of childcare under three (2019 setting standard); the ages and limits of each are effective-dated data. */
export const AGE_CLASSES = ['infant', 'toddler', 'older', 'mixed'] as const;
export type AgeClass = (typeof AGE_CLASSES)[number];

export const DAY_PARTS = ['day', 'morning', 'afternoon'] as const;
export type DayPart = (typeof DAY_PARTS)[number];

/** Why a child is not there on a planned day; `planned` was told in time, `unplanned` was not. */
export const ABSENCE_KINDS = ['sick', 'planned', 'unplanned', 'closure', 'force_majeure'] as const;
export type AbsenceKind = (typeof ABSENCE_KINDS)[number];

export const CONTRACT_STATUSES = ['draft', 'signed', 'active', 'suspended', 'terminated', 'expired'] as const;
export type ContractStatus = (typeof CONTRACT_STATUSES)[number];

/** How often the parties of a contract settle what they owe each other. */
export const SETTLEMENT_CYCLES = ['monthly', 'quarterly'] as const;
export type SettlementCycle = (typeof SETTLEMENT_CYCLES)[number];

/** How the operator earns: a fee for managing, a share of revenue, or services that the authority purchases. */
export const FEE_MODELS = ['management_fee', 'revenue_share', 'purchased_service'] as const;
export type FeeModel = (typeof FEE_MODELS)[number];

/** What a settlement of a contract has lines for. */
export const CONTRACT_LINE_KINDS = [...FEE_MODELS, 'rent', 'deposit'] as const;
export type ContractLineKind = (typeof CONTRACT_LINE_KINDS)[number];

export const PAYMENT_CHANNELS = ['wechat', 'alipay', 'bank', 'cash'] as const;
export type PaymentChannel = (typeof PAYMENT_CHANNELS)[number];

/** How grave what an inspection found is; a severe one stops new bookings of what it concerns. */
export const FINDING_SEVERITIES = ['minor', 'major', 'severe'] as const;
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

export const COMPLAINT_SEVERITIES = ['low', 'medium', 'high'] as const;
export type ComplaintSeverity = (typeof COMPLAINT_SEVERITIES)[number];
