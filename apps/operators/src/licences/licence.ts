import { type Day, DomainError, isDay } from '@doorstep/kernel';

/** Types that the platform knows by name; a city may add others, so a type is any word of this form. */
export const LICENCE_TYPES = [
  'food_business',
  'fire_acceptance',
  'childcare_filing',
  'elderly_care_filing',
  'clinic_licence',
  'liability_insurance',
] as const;

/** A paper that lets a site run some kind of service, for a half-open span of days. */
export interface Licence {
  id: string;
  operatorId: string;
  siteId: string;
  type: string;
  number: string;
  issuer: string | null;
  validFrom: Day;
  /** First day that it does not hold any more; null: it never runs out. */
  validTo: Day | null;
  /** First day that it does not hold, because it was taken away. */
  revokedOn: Day | null;
  revokedReason: string | null;
  /** The licence that this one takes the place of. */
  renews: string | null;
  version: number;
}

export interface EnterLicence {
  siteId: string;
  type: string;
  number: string;
  issuer?: string;
  validFrom: Day;
  validTo?: Day;
}

export type RenewLicence = Omit<EnterLicence, 'siteId' | 'type' | 'number'> & { number?: string };

export type LicenceState = 'upcoming' | 'valid' | 'lapsed' | 'revoked';

export function enterLicence(operatorId: string, command: EnterLicence, id: string): Licence {
  return {
    id,
    operatorId,
    siteId: command.siteId,
    type: command.type,
    number: filled(command.number),
    issuer: command.issuer?.trim() || null,
    ...checkedSpan(command),
    revokedOn: null,
    revokedReason: null,
    renews: null,
    version: 1,
  };
}

/** The paper that follows: same site and type, a later end. It may begin before the former one runs out. */
export function renewLicence(former: Licence, command: RenewLicence, id: string): Licence {
  const renewed = enterLicence(
    former.operatorId,
    { ...command, siteId: former.siteId, type: former.type, number: command.number ?? former.number },
    id,
  );
  const later = renewed.validTo === null || (former.validTo !== null && renewed.validTo > former.validTo);
  if (!later) {
    throw new DomainError('invalid', 'renewal_not_later', 'A renewal holds longer than what it renews.', {
      field: 'validTo',
      mend: former.validTo ? `Give a day after ${former.validTo}.` : 'The former one never runs out.',
    });
  }
  return { ...renewed, renews: former.id };
}

/** Takes a licence away from a day on; only once, for the day stands in other people's papers. */
export function revokeLicence(licence: Licence, on: Day, reason: string): Licence {
  if (licence.revokedOn) {
    throw new DomainError('conflict', 'licence_revoked', `It was revoked on ${licence.revokedOn}.`, {
      mend: 'Enter the new licence when there is one.',
    });
  }
  if (!isDay(on) || on < licence.validFrom || (licence.validTo !== null && on >= licence.validTo)) {
    throw new DomainError('invalid', 'revocation_out_of_range', `It does not hold on ${on} anyway.`, {
      field: 'on',
      mend: `Choose a day from ${licence.validFrom} on${licence.validTo ? `, before ${licence.validTo}` : ''}.`,
    });
  }
  return { ...licence, revokedOn: on, revokedReason: filled(reason, 'reason'), version: licence.version + 1 };
}

/** First day without it; null when there is none in sight. */
export function endOfLicence({ validTo, revokedOn }: Pick<Licence, 'validTo' | 'revokedOn'>): Day | null {
  if (revokedOn === null) return validTo;
  return validTo === null || revokedOn < validTo ? revokedOn : validTo;
}

export function holdsOn(licence: Pick<Licence, 'validFrom' | 'validTo' | 'revokedOn'>, day: Day): boolean {
  const end = endOfLicence(licence);
  return licence.validFrom <= day && (end === null || day < end);
}

export function stateOf(licence: Licence, today: Day): LicenceState {
  if (licence.revokedOn && licence.revokedOn <= today) return 'revoked';
  if (today < licence.validFrom) return 'upcoming';
  return holdsOn(licence, today) ? 'valid' : 'lapsed';
}

function checkedSpan({ validFrom, validTo }: { validFrom: Day; validTo?: Day }) {
  for (const [field, day] of Object.entries({ validFrom, validTo })) {
    if (day === undefined || isDay(day)) continue;
    throw new DomainError('invalid', 'not_a_day', `${day} is not a day of the calendar.`, {
      field,
      mend: 'Write days as YYYY-MM-DD.',
    });
  }
  if (validTo === undefined || validTo > validFrom) return { validFrom, validTo: validTo ?? null };
  throw new DomainError(
    'invalid',
    'period_empty',
    `It runs out (${validTo}) before it begins (${validFrom}).`,
    {
      field: 'validTo',
      mend: 'Give the first day that it does not hold any more, or leave it out when it never runs out.',
    },
  );
}

function filled(text: string, field = 'number'): string {
  const trimmed = text.trim();
  if (trimmed !== '') return trimmed;
  throw new DomainError('invalid', `${field}_empty`, `The ${field} is empty.`, {
    field,
    mend: `Give the ${field}.`,
  });
}
