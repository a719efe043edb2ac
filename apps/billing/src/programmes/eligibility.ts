import type { Registration } from '@doorstep/contracts';
import { ageMonths, ageYears, type Day } from '@doorstep/kernel';

/** What decides whether a programme is for somebody. Every condition that is given must hold. */
export interface Eligibility {
  /** Whole years, inclusive. */
  ageYearsMin?: number;
  /** Whole years, inclusive: 79 lets in everybody up to the day before the 80th birthday. */
  ageYearsMax?: number;
  ageMonthsMin?: number;
  /** Exclusive, as in offerings: 36 ends on the day the child is three. */
  ageMonthsMax?: number;
  /** Ability levels of GB/T 42195-2022. */
  careLevels?: string[];
  /** An assessment older than this doesn't count any more (the standard asks for one every 12 months). */
  assessedMonthsMax?: number;
  hardship?: boolean;
  disability?: boolean;
  /** 2 = from the second child on. */
  birthOrderMin?: number;
  /** Household registration in the city of residence, or elsewhere. */
  registration?: Registration;
  /** Region codes, any of which the registration lies in: a district's programme for its own. */
  registeredIn?: string[];
  /** For services charged by the month: attended on at least this share of the month's workdays, in basis points. */
  attendedBpMin?: number;
  /** The site has at least so many stars on the service day; a site without stars has fewer than any. */
  siteStarsMin?: number;
}

/** How much of a month somebody was there. */
export interface MonthAttended {
  daysAttended: number;
  workdays: number;
}

/** What the conditions look at besides the resident. */
export interface ServedFacts {
  day: Day;
  /** Of the site on that day; null: it has none. */
  siteStars: number | null;
  /** Of a service that is charged by the month. */
  attendance?: MonthAttended;
}

/** What billing knows of a resident: attributes under a pseudonym. */
export interface ResidentFacts {
  birthDate: Day | null;
  careLevel: string | null;
  careLevelAssessedOn: Day | null;
  hardship: boolean;
  disability: boolean;
  birthOrder: number | null;
  registration: Registration | null;
  registeredIn: string | null;
  subsidyConsent: boolean;
}

export const INELIGIBLE_CODES = [
  'no_consent',
  'age_not_known',
  'age_out_of_range',
  'care_level_not_covered',
  'assessment_too_old',
  'hardship_differs',
  'disability_differs',
  'birth_order_too_low',
  'registration_differs',
  'site_stars_too_low',
  'attendance_too_low',
] as const;

export interface Ineligible {
  code: (typeof INELIGIBLE_CODES)[number];
  why: string;
}

type Condition = (terms: Eligibility, resident: ResidentFacts, served: ServedFacts) => Ineligible | undefined;

/** Why a programme is not for this resident, there and on that day; undefined when it is. */
export function ineligibility(
  terms: Eligibility,
  resident: ResidentFacts,
  served: ServedFacts,
): Ineligible | undefined {
  for (const condition of CONDITIONS) {
    const failed = condition(terms, resident, served);
    if (failed) return failed;
  }
  return undefined;
}

/** In the order in which a person would ask; the first that fails is the one that is told. */
const CONDITIONS: Condition[] = [
  (_terms, { subsidyConsent }) =>
    subsidyConsent
      ? undefined
      : { code: 'no_consent', why: 'The resident has not consented to the use of attributes for subsidies.' },
  age,
  careLevel,
  assessment,
  ({ hardship }, resident) =>
    hardship === undefined || hardship === resident.hardship
      ? undefined
      : { code: 'hardship_differs', why: `Only for residents ${hardship ? 'in' : 'without'} hardship.` },
  ({ disability }, resident) =>
    disability === undefined || disability === resident.disability
      ? undefined
      : {
          code: 'disability_differs',
          why: `Only for residents ${disability ? 'with' : 'without'} a disability.`,
        },
  ({ birthOrderMin }, { birthOrder }) =>
    birthOrderMin === undefined || (birthOrder !== null && birthOrder >= birthOrderMin)
      ? undefined
      : { code: 'birth_order_too_low', why: `Only from child number ${birthOrderMin} of the family on.` },
  registration,
  ({ siteStarsMin }, _resident, { siteStars }) =>
    siteStarsMin === undefined || (siteStars ?? 0) >= siteStarsMin
      ? undefined
      : {
          code: 'site_stars_too_low',
          why: `Only at sites of ${starred(siteStarsMin)} or more; this one has ${starred(siteStars ?? 0)} on the day.`,
        },
  (terms, _resident, served) => attendance(terms, served.attendance),
];

function starred(stars: number): string {
  return stars === 0 ? 'no stars' : stars === 1 ? '1 star' : `${stars} stars`;
}

/** Last of all, because it alone is looked at again when a month's attendance is corrected. */
export function attendance(
  { attendedBpMin }: Eligibility,
  attended: MonthAttended | undefined,
): Ineligible | undefined {
  if (attendedBpMin === undefined) return undefined;
  const share = `${attendedBpMin / 100} % of the month's workdays`;
  if (!attended)
    return { code: 'attendance_too_low', why: `Only for services by the month, attended on ${share}.` };
  const { daysAttended, workdays } = attended;
  if (daysAttended * 10_000 >= workdays * attendedBpMin) return undefined;
  return {
    code: 'attendance_too_low',
    why: `Attended on ${daysAttended} of ${workdays} workdays; ${share} are asked for.`,
  };
}

function age(terms: Eligibility, { birthDate }: ResidentFacts, { day }: ServedFacts): Ineligible | undefined {
  const { ageYearsMin, ageYearsMax, ageMonthsMin, ageMonthsMax } = terms;
  const bounds = [ageYearsMin, ageYearsMax, ageMonthsMin, ageMonthsMax];
  if (bounds.every((bound) => bound === undefined)) return undefined;
  if (birthDate === null) return { code: 'age_not_known', why: "The resident's birth date is not known." };
  const years = ageYears(birthDate, day);
  const months = ageMonths(birthDate, day);
  const within =
    years >= (ageYearsMin ?? 0) &&
    years <= (ageYearsMax ?? Infinity) &&
    months >= (ageMonthsMin ?? 0) &&
    months < (ageMonthsMax ?? Infinity);
  return within ? undefined : { code: 'age_out_of_range', why: `Only for ${ageRange(terms)}.` };
}

/** Of whom it is not known where they are registered it is not guessed. */
function registration(terms: Eligibility, resident: ResidentFacts): Ineligible | undefined {
  const code = 'registration_differs';
  if (terms.registration !== undefined && terms.registration !== resident.registration) {
    const where = terms.registration === 'local' ? 'in the city' : 'outside of the city';
    return { code, why: `Only for residents registered ${where}.` };
  }
  const { registeredIn } = terms;
  if (registeredIn === undefined) return undefined;
  if (registeredIn.some((region) => resident.registeredIn?.startsWith(region))) return undefined;
  return { code, why: `Only for residents registered in ${registeredIn.join(', ')}.` };
}

function ageRange({ ageYearsMin, ageYearsMax, ageMonthsMin, ageMonthsMax }: Eligibility): string {
  const parts = [
    ageYearsMin !== undefined && `${ageYearsMin} years and over`,
    ageYearsMax !== undefined && `${ageYearsMax} years and under`,
    ageMonthsMin !== undefined && `${ageMonthsMin} months and over`,
    ageMonthsMax !== undefined && `under ${ageMonthsMax} months`,
  ];
  return `the age of ${parts.filter(Boolean).join(', ')}`;
}

function careLevel({ careLevels }: Eligibility, resident: ResidentFacts): Ineligible | undefined {
  if (careLevels === undefined || (resident.careLevel !== null && careLevels.includes(resident.careLevel)))
    return undefined;
  return { code: 'care_level_not_covered', why: `Only for the care levels ${careLevels.join(', ')}.` };
}

function assessment(
  { assessedMonthsMax }: Eligibility,
  { careLevelAssessedOn }: ResidentFacts,
  { day }: ServedFacts,
): Ineligible | undefined {
  if (assessedMonthsMax === undefined) return undefined;
  if (careLevelAssessedOn !== null && ageMonths(careLevelAssessedOn, day) < assessedMonthsMax)
    return undefined;
  return {
    code: 'assessment_too_old',
    why: `The care level was not assessed in the last ${assessedMonthsMax} months.`,
  };
}
