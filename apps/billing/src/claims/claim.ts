import { DomainError, transitions } from '@doorstep/kernel';

export const CLAIM_STATUSES = ['draft', 'submitted'] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

/** The life of a claim. Checked for reachability when this module loads. */
export const claimLife = transitions<ClaimStatus, 'submit'>('claim', ['draft'], {
  draft: { submit: 'submitted' },
  submitted: {},
});

/** As much of a claim line as the check before submission looks at. */
export interface ProvenLine {
  id: string;
  residentId: string;
  programmeId: string;
  startsAt: Date;
  evidence: string | null;
  deliveredAt: Date | null;
}

export const FINDING_CODES = ['missing_evidence', 'duplicate'] as const;

/** Something that a funder would send the claim back for. */
export interface Finding {
  code: (typeof FINDING_CODES)[number];
  claimLineId: string;
  reason: string;
}

/**
 * What a funder's auditor would object to: a line that nothing proves, and a second line for the same resident, programme
 * and moment. The first of two that look alike stands.
 */
export function findingsOf(lines: readonly ProvenLine[]): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  for (const line of lines) {
    if (!line.evidence || !line.deliveredAt) {
      findings.push({
        code: 'missing_evidence',
        claimLineId: line.id,
        reason: 'No attendance and no verified visit is on record.',
      });
    }
    const moment = `${line.residentId} ${line.programmeId} ${line.startsAt.toISOString()}`;
    const twin = seen.get(moment);
    if (twin) {
      findings.push({
        code: 'duplicate',
        claimLineId: line.id,
        reason: `Line ${twin} claims the same programme for the same resident at the same time.`,
      });
    } else seen.set(moment, line.id);
  }
  return findings;
}

/** A claim with findings stays a draft: what a funder would cut is mended before it is asked for. */
export function submitClaim(status: ClaimStatus, findings: readonly Finding[]): ClaimStatus {
  const next = claimLife.next(status, 'submit');
  if (findings.length === 0) return next;
  throw new DomainError('conflict', 'claim_has_findings', `${findings.length} lines would be sent back.`, {
    mend: "Look at the claim's findings, mend the bookings behind them, and submit again.",
    findings: findings.slice(0, 20),
  });
}
