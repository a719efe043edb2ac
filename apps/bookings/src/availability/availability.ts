import { ageMonths, DomainError, type Day, type ErrorKind } from '@doorstep/kernel';

/** What an offering stands under at its site on a day. */
export interface Standing {
  offeringActive: boolean;
  siteOperating: boolean;
  /** Of the contract or the site, for a time. */
  suspended: boolean;
  /** The contract that covers the site and kind on the day, suspended or not; null: none. */
  contractId: string | null;
  /** A licence that the kind needs has run out at this site, or was never there. */
  licenceLapsed: boolean;
  /** An inspection found something severe about the offering, its kind or the whole site, and it is not over. */
  inspectionSuspended: boolean;
}

/** What a session offers and what stands against it, as the database knows it at one moment. */
export interface SlotFacts extends Standing {
  sessionId: string;
  offeringId: string;
  siteId: string;
  start: Date;
  end: Date;
  /** Site-local day of the start. */
  day: Day;
  kind: string;
  capacityModel: 'seats' | 'exclusive' | 'places' | 'caregiver';
  /** False once the schedule or the hours no longer make this session: it keeps its bookings and takes no more. */
  open: boolean;
  /** Units that may be taken. */
  capacity: number;
  /** Units by the offering's plan, before the staff ratio; equal to capacity where no ratio binds. */
  capacityPlanned: number;
  /** Units taken; holds that have lapsed don't count. */
  taken: number;
  /** The space is closed while the session lasts, or one that it is part of, or a part of it. */
  spaceClosed: boolean;
  /** Exclusive: another booking is there then, or nearer than the larger of the two buffers. */
  spaceUse: 'taken' | 'buffer' | null;
  /** Caregiver: staff with the skills who are free then; null for other models. */
  caregiversFree: number | null;
  /** Meals: portions that the kitchen has left on that day, for whatever sitting; null where no kitchen is bound. */
  portionsLeft: number | null;
  leadMinutes: number;
  cutoffMinutes: number;
  ageMonthsMin: number | null;
  /** Exclusive. */
  ageMonthsMax: number | null;
  careLevelMin: string | null;
  /** Whether the resident is busy while it lasts: true but for kinds that may overlap, and orders, which need no presence. */
  needsPresence: boolean;
}

/** Who asks, as far as eligibility looks at them. */
export interface ResidentFacts {
  birthDate: Day;
  careLevel: string | null;
  careLevelAssessedOn: Day | null;
  erased: boolean;
  /** The id under which the person is registered now; null or left out: this one. */
  mergedInto?: string | null;
  bookingConsent: boolean;
  /** When the resident is elsewhere already; half-open. */
  busy: readonly { from: Date; to: Date }[];
}

export interface Asker {
  now: Date;
  partySize: number;
  /** Undefined: nobody in particular, so eligibility is not looked at. */
  resident?: ResidentFacts;
  /** Stands at the door: may join until the session is over, whatever it says of booking ahead. */
  walkIn?: boolean;
}

const MINUTE_MS = 60_000;
/** GB/T 42195-2022: an ability assessment is repeated every twelve months. */
const CARE_LEVEL_MONTHS_MAX = 12;
const CARE_ORDER = ['intact', 'mild', 'moderate', 'severe', 'total'];

/** Every reason why something can't be booked: how it is refused, what is said, what mends it. */
export const REASONS = {
  offering_inactive: ['conflict', 'This offering is not active.', 'Choose another offering.'],
  site_not_operating: ['conflict', 'The site is not operating.', 'Choose another site.'],
  suspended: [
    'conflict',
    'The operating contract or the site is suspended.',
    'Choose another site, or try again later.',
  ],
  contract_not_in_force: [
    'conflict',
    'No operating contract covers this site and kind on that day.',
    'Choose another day or site; an owner can bring the site under a contract.',
  ],
  licence_lapsed: [
    'conflict',
    'A licence that this kind of service needs is missing at the site.',
    'Choose another site; the operator can renew the licence.',
  ],
  suspended_by_inspection: [
    'conflict',
    'An inspection has suspended this at the site until it is put right.',
    'Choose another site; the site is inspected again once the finding is put right.',
  ],
  closed: [
    'conflict',
    'The session takes no more bookings: hours or schedule have changed.',
    'Choose another session.',
  ],
  space_closed: ['conflict', 'The space is closed then.', 'Choose another session.'],
  session_past: ['invalid', 'The session has begun or is over.', 'Choose a later session.'],
  not_open_yet: [
    'conflict',
    'Bookings for this session are not open yet.',
    'Try again closer to the session.',
  ],
  cutoff_passed: ['conflict', 'Bookings for this session have ended.', 'Choose a later session.'],
  party_too_large: ['invalid', 'The party is larger than the session can hold.', 'Book a smaller party.'],
  full: ['conflict', 'The session is full.', 'Choose another session, or join the waiting list.'],
  staff_ratio: [
    'conflict',
    'Places are left, but no more children per member of staff are allowed.',
    'Choose another session; the site can assign more staff.',
  ],
  kitchen_full: [
    'conflict',
    'The kitchen has no portions left for that day.',
    'Choose another day, or a smaller party.',
  ],
  space_taken: [
    'conflict',
    'The space, what it is part of, or a part of it is in use then.',
    'Choose another session.',
  ],
  buffer: [
    'conflict',
    'The space is in use too soon before or after: it needs time in between.',
    'Choose another session.',
  ],
  no_caregiver: ['conflict', 'No caregiver with the skills is free then.', 'Choose another session.'],
  resident_merged: [
    'gone',
    'This resident is registered under another id now.',
    'GET /v1/residents/{id} says under which: both were found to be the same person.',
  ],
  resident_erased: [
    'conflict',
    'What was known of this resident has been erased.',
    'Register the resident anew.',
  ],
  no_consent: [
    'conflict',
    'The resident (or a guardian) has not consented to booking.',
    'Record the consent with POST /v1/residents/{id}/consents.',
  ],
  not_eligible_age: [
    'invalid',
    'The resident is too young or too old on that day.',
    'Choose another offering.',
  ],
  care_level: ['invalid', "The resident's care level is below what this is for.", 'Choose another offering.'],
  care_level_outdated: [
    'invalid',
    "The resident's care level was assessed more than twelve months before that day.",
    'Have it assessed anew and update the resident.',
  ],
  resident_busy: [
    'conflict',
    'The resident is elsewhere at that time: has another booking, or is in care.',
    'Choose another time, cancel the other booking, or tell that the child is absent on that day.',
  ],
} as const satisfies Record<string, readonly [ErrorKind, string, string]>;

export type Reason = keyof typeof REASONS;

/**
 * What stands against a booking, the most fundamental first; nothing: it can be booked. The one decision behind both
 * what is shown as bookable and what a booking accepts.
 */
export function reasonsAgainst(slot: SlotFacts, asker: Asker): Reason[] {
  return [
    ...againstOffer(slot),
    ...againstTime(slot, asker),
    ...againstRoom(slot, asker),
    ...againstResident(slot, asker),
  ];
}

/** Units that one booking takes: heads where seats or places are counted, one where a space or a carer is. */
export function unitsOf(model: SlotFacts['capacityModel'], partySize: number): number {
  return model === 'seats' || model === 'places' ? partySize : 1;
}

/** Units that are left now. */
export function freeUnits(slot: SlotFacts): number {
  const seats = Math.max(0, slot.capacity - slot.taken);
  const left = slot.portionsLeft === null ? seats : Math.max(0, Math.min(seats, slot.portionsLeft));
  if (slot.capacityModel === 'exclusive') return slot.spaceUse ? 0 : left;
  return slot.caregiversFree === null ? left : Math.min(left, slot.caregiversFree);
}

/** The refusal that a booking gets; names the first reason and lists all. */
export function refusalOf(reasons: readonly [Reason, ...Reason[]] | readonly Reason[]): DomainError {
  const first = reasons[0] as Reason;
  const [kind, says, mend] = REASONS[first];
  return new DomainError(kind, first, says, { mend, reasons: [...reasons] });
}

/** What stands against everything of an offering on a day: sessions, and places in its groups. */
export function againstStanding(standing: Standing): Reason[] {
  const reasons: Reason[] = [];
  if (!standing.offeringActive) reasons.push('offering_inactive');
  if (standing.suspended) reasons.push('suspended');
  else if (!standing.siteOperating) reasons.push('site_not_operating');
  if (standing.contractId === null) reasons.push('contract_not_in_force');
  if (standing.licenceLapsed) reasons.push('licence_lapsed');
  if (standing.inspectionSuspended) reasons.push('suspended_by_inspection');
  return reasons;
}

function againstOffer(slot: SlotFacts): Reason[] {
  const reasons = againstStanding(slot);
  if (!slot.open) reasons.push('closed');
  if (slot.spaceClosed) reasons.push('space_closed');
  return reasons;
}

function againstTime(
  { start, end, leadMinutes, cutoffMinutes }: SlotFacts,
  { now, walkIn }: Asker,
): Reason[] {
  if (walkIn) return now < end ? [] : ['session_past'];
  const minutesAhead = (start.getTime() - now.getTime()) / MINUTE_MS;
  if (minutesAhead <= 0) return ['session_past'];
  if (minutesAhead < cutoffMinutes) return ['cutoff_passed'];
  return leadMinutes > 0 && minutesAhead > leadMinutes ? ['not_open_yet'] : [];
}

function againstRoom(slot: SlotFacts, { partySize }: Asker): Reason[] {
  const units = unitsOf(slot.capacityModel, partySize);
  if (slot.capacityModel === 'caregiver' && partySize > 1) return ['party_too_large'];
  if (units > Math.max(slot.capacity, slot.capacityPlanned)) return ['party_too_large'];
  if (units > slot.capacity - slot.taken) {
    return units <= slot.capacityPlanned - slot.taken ? ['staff_ratio'] : ['full'];
  }
  if (slot.portionsLeft !== null && partySize > slot.portionsLeft) return ['kitchen_full'];
  if (slot.spaceUse) return [slot.spaceUse === 'taken' ? 'space_taken' : 'buffer'];
  return slot.caregiversFree === 0 ? ['no_caregiver'] : [];
}

function againstResident(slot: SlotFacts, { resident }: Asker): Reason[] {
  if (!resident) return [];
  if (resident.mergedInto) return ['resident_merged'];
  if (resident.erased) return ['resident_erased'];
  const reasons: Reason[] = [];
  if (!resident.bookingConsent) reasons.push('no_consent');
  const months = ageMonths(resident.birthDate, slot.day);
  const old = slot.ageMonthsMax !== null && months >= slot.ageMonthsMax;
  if (old || (slot.ageMonthsMin !== null && months < slot.ageMonthsMin)) reasons.push('not_eligible_age');
  if (slot.careLevelMin !== null) reasons.push(...againstCareLevel(slot.careLevelMin, slot.day, resident));
  if (slot.needsPresence && resident.busy.some((span) => span.from < slot.end && slot.start < span.to)) {
    reasons.push('resident_busy');
  }
  return reasons;
}

function againstCareLevel(
  least: string,
  day: Day,
  { careLevel, careLevelAssessedOn }: ResidentFacts,
): Reason[] {
  if (careLevel === null || CARE_ORDER.indexOf(careLevel) < CARE_ORDER.indexOf(least)) return ['care_level'];
  const outdated =
    careLevelAssessedOn !== null && ageMonths(careLevelAssessedOn, day) > CARE_LEVEL_MONTHS_MAX;
  return outdated ? ['care_level_outdated'] : [];
}
