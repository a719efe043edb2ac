import type { Registration } from '@doorstep/contracts';
import {
  ageYears,
  birthDateOfResidentId,
  type Day,
  DomainError,
  inSameCity,
  isDay,
  isMobile,
  isResidentId,
  levelOf,
  maskMobile,
  maskName,
  maskResidentId,
} from '@doorstep/kernel';

export const CONSENT_PURPOSES = ['booking', 'subsidy', 'notifications'] as const;
/** What a resident (or a guardian) lets their data be used for; each is given and withdrawn on its own (PIPL §§ 14–16). */
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

export const SEXES = ['female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

/** What identifies a person; sealed with the resident's own key wherever it is stored. */
export interface PersonalData {
  name: string;
  mobile?: string;
  /** GB 11643 citizen number. */
  idNumber?: string;
  email?: string;
  address?: string;
  /** Language of messages. */
  language?: 'zh' | 'en';
}

/** What decides eligibility; known to the other services under the pseudonym. */
export interface Attributes {
  careLevel: string | null;
  careLevelAssessedOn: Day | null;
  hardship: boolean;
  disability: boolean;
  /** 1 for the first child of its mother. */
  birthOrder: number | null;
  /** Household registration 户籍, seen from the city of residence; null: not known. */
  registration: Registration | null;
  /** Where the household is registered, as far as it is known. */
  registeredIn: string | null;
}

/** Below this age only a guardian consents (PIPL § 31). */
export const GUARDIAN_NEEDED_BELOW_YEARS = 14;
/** Who may be a guardian (Civil Code § 17). */
const ADULT_FROM_YEARS = 18;
const AGE_YEARS_MAX = 130;

export function needsGuardian(birthDate: Day, today: Day): boolean {
  return ageYears(birthDate, today) < GUARDIAN_NEEDED_BELOW_YEARS;
}

/** Trims and checks what identifies a person, against the birth date and sex that are stated. */
export function checkPersonalData(given: PersonalData, birthDate: Day, sex: Sex | null): PersonalData {
  const data = Object.fromEntries(
    Object.entries(given)
      .map(([field, value]) => [field, (value as string | undefined)?.trim()])
      .filter(([, value]) => value),
  ) as unknown as PersonalData;
  if (!data.name)
    throw wrong('name', 'name_empty', 'The name is empty.', 'Give the name as on the identity card.');
  if (data.mobile && !isMobile(data.mobile)) {
    throw wrong(
      'mobile',
      'mobile_malformed',
      'This is no mobile number.',
      'Give 11 digits that begin with 13 to 19.',
    );
  }
  if (data.idNumber) {
    data.idNumber = data.idNumber.toUpperCase();
    checkIdNumber(data.idNumber, birthDate, sex);
  }
  return data;
}

/** GB 11643: the check character, and what the number itself says of birth date and sex. */
function checkIdNumber(idNumber: string, birthDate: Day, sex: Sex | null): void {
  const field = 'idNumber';
  if (!isResidentId(idNumber)) {
    throw wrong(
      field,
      'id_number_invalid',
      'The citizen number fails its check (GB 11643).',
      'Read it again from the card.',
    );
  }
  if (birthDateOfResidentId(idNumber) !== birthDate) {
    throw wrong(
      field,
      'birth_date_mismatch',
      'The citizen number says another birth date.',
      'Correct the birth date or the citizen number.',
    );
  }
  const says: Sex = Number(idNumber[16]) % 2 === 1 ? 'male' : 'female';
  if (sex && sex !== says) {
    throw wrong(
      field,
      'sex_mismatch',
      'The citizen number says another sex.',
      'Correct the sex or the citizen number.',
    );
  }
}

export function checkBirthDate(birthDate: Day, today: Day): Day {
  const field = 'birthDate';
  if (!isDay(birthDate)) {
    throw wrong(
      field,
      'not_a_day',
      `${birthDate} is not a day of the calendar.`,
      'Write days as YYYY-MM-DD.',
    );
  }
  if (birthDate > today) {
    throw wrong(
      field,
      'birth_date_in_future',
      'The birth date lies in the future.',
      'Correct the birth date.',
    );
  }
  if (ageYears(birthDate, today) > AGE_YEARS_MAX) {
    throw wrong(field, 'birth_date_too_early', `Nobody is over ${AGE_YEARS_MAX}.`, 'Correct the birth date.');
  }
  return birthDate;
}

export function checkHomeRegion(code: string): string {
  if (['street', 'community'].includes(levelOf(code) ?? '')) return code;
  throw wrong(
    'regionCode',
    'region_code_malformed',
    'A resident lives in a street or a community.',
    'Give 9 digits (street) or 12 (community).',
  );
}

type Assessed = Omit<Attributes, 'registration' | 'registeredIn'>;

export function checkAttributes(given: Assessed, today: Day): Assessed {
  const { careLevel, careLevelAssessedOn } = given;
  if (careLevelAssessedOn === null) return given;
  const field = 'attributes.careLevelAssessedOn';
  if (!isDay(careLevelAssessedOn) || careLevelAssessedOn > today) {
    throw wrong(
      field,
      'not_a_day',
      'The day of assessment is no day up to today.',
      'Give the day of the assessment.',
    );
  }
  if (careLevel === null) {
    throw wrong(
      field,
      'care_level_missing',
      'A day of assessment without a care level.',
      'Give careLevel too.',
    );
  }
  return given;
}

/**
 * Whether a registration is local follows from where it is, and moves with the residence; only of somebody whose place of
 * registration is not known it is taken as stated.
 */
export function checkRegistration(
  { registration, registeredIn }: Pick<Attributes, 'registration' | 'registeredIn'>,
  stated: Registration | null | undefined,
  regionCode: string,
): Pick<Attributes, 'registration' | 'registeredIn'> {
  if (registeredIn === null) return { registration, registeredIn };
  const level = levelOf(registeredIn);
  if (level === undefined || level === 'province') {
    throw wrong(
      'attributes.registeredIn',
      'region_code_malformed',
      'A household is registered in a city or a part of one.',
      'Give 4, 6, 9 or 12 digits.',
    );
  }
  const found = inSameCity(registeredIn, regionCode) ? 'local' : 'non_local';
  if (!stated || stated === found) return { registration: found, registeredIn };
  throw wrong(
    'attributes.registration',
    'registration_mismatch',
    `Somebody who is registered in ${registeredIn} and lives in ${regionCode} is ${found}.`,
    'Correct registeredIn, or leave registration out: it follows from it.',
  );
}

/** Who gave a consent: the resident; a guardian not on record; or a guardian on record. */
export interface Consenting {
  purpose: ConsentPurpose;
  grantedBy?: string;
}

/** What is known of a guardian on record; undefined: there is no such resident. */
export interface Guardian {
  id: string;
  birthDate: Day;
  householdId: string | null;
  erased: boolean;
}

/** Checks that a consent, or an entitlement, was given by somebody who may: under 14 a guardian, who is of age and of the same household. */
export function checkConsent(
  { grantedBy }: Partial<Consenting>,
  resident: { birthDate: Day; householdId: string | null },
  guardian: Guardian | undefined,
  today: Day,
  field = 'consents',
): void {
  if (grantedBy === undefined) {
    if (!needsGuardian(resident.birthDate, today)) return;
    throw wrong(
      field,
      'guardian_consent_required',
      `Under ${GUARDIAN_NEEDED_BELOW_YEARS} a guardian consents.`,
      "Give grantedBy: the guardian's resident id, or 'guardian'.",
    );
  }
  if (grantedBy === 'guardian') return;
  const known = guardian !== undefined && !guardian.erased;
  const related = resident.householdId === null || guardian?.householdId === resident.householdId;
  if (known && related && ageYears(guardian.birthDate, today) >= ADULT_FROM_YEARS) return;
  throw wrong(
    field,
    'guardian_unknown',
    'The guardian named is no adult resident of the same household.',
    'Register the guardian first, in the same household.',
  );
}

/** What those see who may not see all: PIPL § 51, masks as in use in public services. */
export function maskPersonalData(data: PersonalData): PersonalData {
  return {
    name: maskName(data.name),
    ...(data.mobile && { mobile: maskMobile(data.mobile) }),
    ...(data.idNumber && { idNumber: maskResidentId(data.idNumber) }),
    ...(data.email && { email: maskEmail(data.email) }),
    ...(data.address && { address: maskAddress(data.address) }),
    ...(data.language && { language: data.language }),
  };
}

/** After erasure only the year is left of a birth date: enough for counts by age, nothing to know a person by. */
export function birthDateAfterErasure(birthDate: Day): Day {
  return `${birthDate.slice(0, 4)}-01-01`;
}

function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${at < 0 ? '' : email.slice(at)}`;
}

/** Down to the district or county, where the address names one. */
function maskAddress(address: string): string {
  return `${/^.{0,20}?[区县旗]/.exec(address)?.[0] ?? ''}****`;
}

export function residentErased(): DomainError {
  return new DomainError('gone', 'resident_erased', 'What was known of this resident has been erased.', {
    mend: 'Register the resident anew.',
  });
}

/** What was asked of a record that is not the person's any more. */
export function residentMerged(residentId: string | undefined, survivorId: string): DomainError {
  return new DomainError('gone', 'resident_merged', 'This resident is registered under another id now.', {
    ...(residentId && { residentId }),
    survivorId,
    mend: `Use ${survivorId}: both were found to be the same person.`,
  });
}

function wrong(field: string, code: string, reason: string, mend: string): DomainError {
  return new DomainError('invalid', code, reason, { field, mend });
}
