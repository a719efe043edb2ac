import type { Registration } from '@doorstep/contracts';
import { type Day, DomainError } from '@doorstep/kernel';
import type { Diet } from '../meals/menu';
import { type Attributes, maskPersonalData, type PersonalData, type Sex } from '../residents/resident';

/** What a person may choose to take from the record that goes; the citizen number is never a matter of choice. */
export const TAKEABLE = [
  'name',
  'mobile',
  'email',
  'address',
  'language',
  'birthDate',
  'sex',
  'regionCode',
  'householdId',
  'careLevel',
  'hardship',
  'disability',
  'birthOrder',
  'registration',
  'home',
] as const;
export type Takeable = (typeof TAKEABLE)[number];

/** What is known of a person by one of the two records. */
export interface Half extends Attributes {
  data: PersonalData;
  birthDate: Day;
  sex: Sex | null;
  regionCode: string;
  householdId: string | null;
}

const PERSONAL = ['name', 'mobile', 'email', 'address', 'language'] as const;

/**
 * One person out of two records: what the survivor says stands, what it doesn't say comes from the other one, and what is
 * in `take` comes from the other one in any case, where that says something.
 */
export function combine(survivor: Half, merged: Half, take: readonly Takeable[]): Half {
  const one = <T>(field: Takeable, own: T, other: T): T => {
    const empty = (value: T): boolean => value === null || value === undefined;
    return (take.includes(field) && !empty(other)) || empty(own) ? other : own;
  };
  const personal = PERSONAL.map((field) => [field, one(field, survivor.data[field], merged.data[field])]);
  const data = { ...Object.fromEntries(personal), idNumber: survivor.data.idNumber ?? merged.data.idNumber };
  const assessed = one('careLevel', assessmentOf(survivor), assessmentOf(merged));
  const registered = one('registration', registrationOf(survivor), registrationOf(merged));
  return {
    data: data as PersonalData,
    birthDate: one('birthDate', survivor.birthDate, merged.birthDate),
    sex: one('sex', survivor.sex, merged.sex),
    regionCode: one('regionCode', survivor.regionCode, merged.regionCode),
    householdId: one('householdId', survivor.householdId, merged.householdId),
    careLevel: assessed?.careLevel ?? null,
    careLevelAssessedOn: assessed?.careLevelAssessedOn ?? null,
    hardship: one('hardship', survivor.hardship, merged.hardship),
    disability: one('disability', survivor.disability, merged.disability),
    birthOrder: one('birthOrder', survivor.birthOrder, merged.birthOrder),
    registration: registered?.registration ?? null,
    registeredIn: registered?.registeredIn ?? null,
  };
}

/** A level goes with the day of its assessment. */
function assessmentOf({
  careLevel,
  careLevelAssessedOn,
}: Half): Pick<Attributes, 'careLevel' | 'careLevelAssessedOn'> | null {
  return careLevel === null ? null : { careLevel, careLevelAssessedOn };
}

function registrationOf({
  registration,
  registeredIn,
}: Half): { registration: Registration; registeredIn: string | null } | null {
  return registration === null ? null : { registration, registeredIn };
}

/** Something that both records say, and otherwise. */
export interface Difference {
  field: Takeable;
  survivor: string;
  merged: string;
}

/** What a person has to choose between; personal data masked, so that looking is no full view. */
export function differencesOf(survivor: Half, merged: Half): Difference[] {
  const [own, other] = [shown(survivor), shown(merged)];
  return TAKEABLE.flatMap((field) => {
    const [a, b] = [own[field], other[field]];
    const same = a === undefined || b === undefined || a.value === b.value;
    return same ? [] : [{ field, survivor: a.masked, merged: b.masked }];
  });
}

type Shown = Partial<Record<Takeable, { value: string; masked: string }>>;

function shown(half: Half): Shown {
  const masks = maskPersonalData(half.data);
  const plain = {
    regionCode: half.regionCode,
    householdId: half.householdId,
    careLevel: half.careLevel,
    hardship: half.hardship,
    disability: half.disability,
    birthOrder: half.birthOrder,
    registration: half.registeredIn ?? half.registration,
    sex: half.sex,
  };
  const result: Shown = { birthDate: { value: half.birthDate, masked: half.birthDate.slice(0, 4) } };
  for (const field of PERSONAL) {
    const value = half.data[field];
    if (value) result[field] = { value, masked: String(masks[field]) };
  }
  for (const [field, value] of Object.entries(plain)) {
    if (value !== null) result[field as Takeable] = { value: String(value), masked: String(value) };
  }
  return result;
}

/** What has to be put right by people before two records can be one: how often, and where. */
export interface Conflict {
  code: ConflictCode;
  count: number;
  /** Some of them. */
  ids: string[];
}

const CONFLICTS = {
  different_citizen_numbers: [
    'The two have different citizen numbers.',
    'They are two people; say so with POST /v1/resident-duplicates/dismissals.',
  ],
  declared_distinct: [
    'The two were found not to be the same person.',
    'Take that back first: DELETE /v1/resident-duplicates/dismissals/{residentId}/{otherId}.',
  ],
  one_consents_for_other: [
    'One of the two is guardian of the other.',
    'They are two people; correct who has consented if they are not.',
  ],
  bookings_overlap: ['Bookings of the two are at the same time.', 'Cancel one of each two.'],
  booked_while_in_care: [
    'One is booked elsewhere while the other is in care.',
    'Cancel the booking, or tell the absence.',
  ],
  placements_overlap: [
    'Both have a place in childcare at the same time.',
    'End one of them. Where one is over already, merge the other way round.',
  ],
  care_days_overlap: ['Both are expected in care on the same days.', 'Give up the days of one of them.'],
  standing_orders_overlap: ['Both have a standing order for the same sitting.', 'End one of them.'],
  care_plans_both: ['Both have a care plan that is booked.', 'End one of them.'],
  places_offered_both: ['Both are offered a place in the same session.', 'Decline one of the offers.'],
  applications_offered_both: ['Both are offered a place by the same offering.', 'Decline one of the offers.'],
} as const;
export type ConflictCode = keyof typeof CONFLICTS;
export const CONFLICT_CODES = Object.keys(CONFLICTS) as ConflictCode[];

export function reasonOf(code: ConflictCode): { reason: string; mend: string } {
  const [reason, mend] = CONFLICTS[code];
  return { reason, mend };
}

/** Refuses a merge that people have to prepare; names everything that stands against it. */
export function assertNoConflicts(conflicts: readonly Conflict[]): void {
  const [first] = conflicts;
  if (!first) return;
  const { reason, mend } = reasonOf(first.code);
  throw new DomainError('conflict', first.code, reason, {
    mend,
    conflicts: conflicts.map((conflict) => ({ ...conflict, ...reasonOf(conflict.code) })),
  });
}

/** What either does not bear or eat, the person does not: the stricter of both. */
export function combineDiets(survivor: Diet | undefined, merged: Diet | undefined): Diet | undefined {
  if (!survivor || !merged) return survivor ?? merged;
  const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])].sort();
  return {
    ...survivor,
    allergens: union(survivor.allergens, merged.allergens),
    diets: union(survivor.diets, merged.diets),
  };
}
