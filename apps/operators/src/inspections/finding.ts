import type { FindingSeverity } from '@doorstep/contracts';
import { type Day, DomainError, transitions } from '@doorstep/kernel';
import type { Side } from './side';

export const FINDING_STATUSES = ['open', 'rectified', 'closed', 'withdrawn'] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

const LIFE = transitions<FindingStatus, 'rectify' | 'pass' | 'fail' | 'withdraw'>('finding', ['open'], {
  // Whoever inspects again need not wait for word that it is put right.
  open: { rectify: 'rectified', pass: 'closed', fail: 'open', withdraw: 'withdrawn' },
  rectified: { pass: 'closed', fail: 'open', withdraw: 'withdrawn' },
  closed: {},
  withdrawn: {},
});

/** What a finding is about: neither: the whole site; a kind of service; one offering with its kind. */
export interface Concern {
  kind?: string;
  offeringId?: string;
}

/** Something wanting that an inspection found, until it is put right. */
export interface Finding {
  id: string;
  operatorId: string;
  siteId: string;
  inspectionId: string;
  raisedBy: Side;
  item: string | null;
  severity: FindingSeverity;
  concerns: 'site' | 'kind' | 'offering';
  kind: string | null;
  offeringId: string | null;
  description: string;
  raisedOn: Day;
  /** Last day to put it right. */
  rectifyBy: Day;
  status: FindingStatus;
  rectification: string | null;
  rectifiedOn: Day | null;
  overdueSince: Day | null;
  closedOn: Day | null;
  closingReason: string | null;
  version: number;
}

/** The inspection that found it, as far as a finding keeps of it. */
interface Origin {
  id: string;
  operatorId: string;
  siteId: string;
  inspectedBy: Side;
}

export function raiseFinding(
  inspection: Origin,
  given: Concern & { item?: string; severity: FindingSeverity; description: string; rectifyBy: Day },
  on: Day,
  id: string,
): Finding {
  return {
    id,
    operatorId: inspection.operatorId,
    siteId: inspection.siteId,
    inspectionId: inspection.id,
    raisedBy: inspection.inspectedBy,
    item: given.item ?? null,
    severity: given.severity,
    concerns: given.offeringId ? 'offering' : given.kind ? 'kind' : 'site',
    kind: given.kind ?? null,
    offeringId: given.offeringId ?? null,
    description: given.description.trim(),
    raisedOn: on,
    rectifyBy: notBefore(given.rectifyBy, on),
    status: 'open',
    rectification: null,
    rectifiedOn: null,
    overdueSince: null,
    closedOn: null,
    closingReason: null,
    version: 1,
  };
}

/** The operator says that it is put right; whether it is, somebody inspects again. */
export function rectifyFinding(finding: Finding, on: Day, rectification: string): Finding {
  return { ...next(finding, 'rectify'), rectification: rectification.trim(), rectifiedOn: on };
}

/** Inspected again: over, or open with a new deadline. */
export function reinspectFinding(
  finding: Finding,
  { on, passed, rectifyBy }: { on: Day; passed: boolean; rectifyBy?: Day },
): Finding {
  if (passed) return { ...next(finding, 'pass'), closedOn: on };
  if (rectifyBy === undefined) {
    throw new DomainError('invalid', 'deadline_missing', 'A finding that stays open needs a new deadline.', {
      field: 'rectifyBy',
      mend: 'Give the last day to put it right.',
    });
  }
  const reopened = { ...next(finding, 'fail'), rectifyBy: notBefore(rectifyBy, on) };
  return { ...reopened, rectification: null, rectifiedOn: null, overdueSince: null };
}

/** Taken back, as if it had not been: found in error, or annulled on appeal. */
export function withdrawFinding(finding: Finding, on: Day, reason: string): Finding {
  return { ...next(finding, 'withdraw'), closedOn: on, closingReason: reason };
}

export const isOver = ({ status }: Pick<Finding, 'status'>): boolean => LIFE.finals.includes(status);

/** What a severe finding keeps from being booked. */
export interface Block {
  findingId: string;
  concerns: Finding['concerns'];
  kind?: string;
  offeringId?: string;
  since: Day;
}

/** Severe findings stop bookings until somebody has inspected again: word that it is put right is not enough. */
export function blocksOf(findings: readonly Finding[]): Block[] {
  return findings
    .filter((finding) => finding.severity === 'severe' && !isOver(finding))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, concerns, kind, offeringId, raisedOn }) => ({
      findingId: id,
      concerns,
      ...(kind !== null && { kind }),
      ...(offeringId !== null && { offeringId }),
      since: raisedOn,
    }));
}

/** Blocks as bookings looks at them. */
export function suspensionOf(blocks: readonly Block[]): {
  suspended: boolean;
  blockedKinds: string[];
  blockedOfferingIds: string[];
} {
  const of = (concerns: Block['concerns']) => blocks.filter((block) => block.concerns === concerns);
  return {
    suspended: of('site').length > 0,
    blockedKinds: [...new Set(of('kind').map(({ kind }) => kind as string))].sort(),
    blockedOfferingIds: [...new Set(of('offering').map(({ offeringId }) => offeringId as string))].sort(),
  };
}

function next(finding: Finding, command: 'rectify' | 'pass' | 'fail' | 'withdraw'): Finding {
  return { ...finding, status: LIFE.next(finding.status, command), version: finding.version + 1 };
}

function notBefore(day: Day, on: Day): Day {
  if (day >= on) return day;
  throw new DomainError('invalid', 'deadline_past', `The deadline (${day}) lies before ${on}.`, {
    field: 'rectifyBy',
    mend: `Choose ${on} or a later day.`,
  });
}
