import { type Day, DomainError, type RegionCode } from '@doorstep/kernel';
import type { Licence } from '../licences/licence';
import { type Requirement, standingOf } from '../licences/standing';

/** A paper that somebody holds: a health certificate, a qualification. */
export interface Certificate extends Pick<Licence, 'type' | 'validFrom' | 'validTo' | 'revokedOn'> {
  id: string;
  operatorId: string;
  staffId: string;
  number: string;
  version: number;
}

export interface EnterCertificate {
  type: string;
  number: string;
  validFrom: Day;
  validTo?: Day;
}

/** A skill that nobody may be asked for, for want of a certificate. */
export interface LostSkill {
  skill: string;
  certificateType: string;
  reason: 'lapsed' | 'missing';
  since?: Day;
}

export function enterCertificate(
  staff: { id: string; operatorId: string },
  { type, number, validFrom, validTo }: EnterCertificate,
  id: string,
): Certificate {
  if (validTo !== undefined && validTo <= validFrom) {
    throw new DomainError('invalid', 'period_empty', `It runs out (${validTo}) before it begins.`, {
      field: 'validTo',
      mend: 'Give the first day that it does not hold any more, or leave it out when it never runs out.',
    });
  }
  const of = { operatorId: staff.operatorId, staffId: staff.id };
  return {
    id,
    ...of,
    type,
    number: number.trim(),
    validFrom,
    validTo: validTo ?? null,
    revokedOn: null,
    version: 1,
  };
}

export function revokeCertificate(certificate: Certificate, on: Day): Certificate {
  const { validFrom, validTo, revokedOn } = certificate;
  if (revokedOn !== null) {
    throw new DomainError('conflict', 'certificate_revoked', `It was revoked on ${revokedOn}.`, {
      mend: 'Enter the new certificate when there is one.',
    });
  }
  if (on >= validFrom && (validTo === null || on < validTo)) {
    return { ...certificate, revokedOn: on, version: certificate.version + 1 };
  }
  throw new DomainError('invalid', 'revocation_out_of_range', `It does not hold on ${on} anyway.`, {
    field: 'on',
    mend: `Choose a day from ${validFrom} on${validTo ? `, before ${validTo}` : ''}.`,
  });
}

/**
 * Which skills somebody can't be asked for today, and when that may change by itself. Who works in several regions needs
 * what each of them asks for: nobody knows yet where the next visit will be.
 */
export function lostSkills(
  skills: readonly string[],
  certificates: readonly Certificate[],
  requirements: readonly Requirement[],
  regions: readonly RegionCode[],
  today: Day,
): { lost: LostSkill[]; nextChangeOn: Day | null } {
  const needed = requirements.filter(({ kind }) => skills.includes(kind));
  const standings = regions.map((region) => standingOf(region, certificates, needed, today));
  const blocks = new Map(
    standings
      .flatMap(({ blocks: each }) => each)
      .map((block) => [`${block.kind} ${block.licenceType}`, block]),
  );
  const lost = [...blocks.keys()].sort().map((key) => {
    const {
      kind: skill,
      licenceType: certificateType,
      ...why
    } = blocks.get(key) as NonNullable<ReturnType<typeof blocks.get>>;
    return { skill, certificateType, ...why };
  });
  const days = standings.flatMap(({ nextChangeOn }) => nextChangeOn ?? []).sort();
  return { lost, nextChangeOn: days[0] ?? null };
}
