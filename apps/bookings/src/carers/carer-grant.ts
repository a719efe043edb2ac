import { ageYears, type Day, DomainError } from '@doorstep/kernel';

export const CARER_SCOPES = ['view', 'book', 'cancel'] as const;
/** What a carer may do for a resident: see their bookings, book, cancel. Each is given by itself. */
export type CarerScope = (typeof CARER_SCOPES)[number];

/** Who may take on to book for others (Civil Code § 17). */
const ADULT_FROM_YEARS = 18;

export interface Term {
  startsAt: Date;
  endsAt: Date | null;
}

/** What is known of a family carer; undefined: there is no such resident. */
export interface FamilyCarer {
  birthDate: Day;
  erased: boolean;
}

export function checkTerm({ startsAt, endsAt }: Term, now: Date): void {
  if (endsAt === null || (endsAt > startsAt && endsAt > now)) return;
  throw wrong('to', 'term_empty', 'The entitlement would be over before it begins.', 'Give a later end.');
}

/** A carer is of age, and somebody else than whom they book for. */
export function checkCarer(
  carerId: string,
  residentId: string,
  carer: FamilyCarer | undefined,
  today: Day,
): void {
  if (carerId === residentId) {
    throw wrong('carerId', 'carer_is_resident', 'Nobody is their own carer.', 'Name somebody else.');
  }
  if (carer && !carer.erased && ageYears(carer.birthDate, today) >= ADULT_FROM_YEARS) return;
  throw wrong(
    'carerId',
    'carer_unknown',
    'The carer named is no adult resident on record.',
    'Register the carer first, or give accountId for a user of the front-end.',
  );
}

/** Refuses what an entitlement does not say. */
export function assertScope(scopes: readonly CarerScope[], scope: CarerScope): void {
  if (scopes.includes(scope)) return;
  throw new DomainError(
    'forbidden',
    'not_granted',
    `The carer is not entitled to ${scope} for this resident.`,
    {
      scope,
      mend: 'The resident or a guardian can grant it: POST /v1/residents/{id}/carers.',
    },
  );
}

function wrong(field: string, code: string, reason: string, mend: string): DomainError {
  return new DomainError('invalid', code, reason, { field, mend });
}
