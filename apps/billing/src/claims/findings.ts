import type { Fen } from '@doorstep/kernel';
import type { Finding } from './claim';

/** As much of a claim line as the check before submission looks at. */
export interface ProvenLine {
  id: string;
  residentId: string;
  programmeId: string;
  siteId: string;
  kind: string;
  basis: string;
  serviceDay: string;
  startsAt: Date;
  amountFen: Fen;
  evidence: string | null;
  deliveredAt: Date | null;
  /** A later visit contradicts it, and nobody has decided yet. */
  inDoubt: boolean;
  /** In other claims, as far as they were not rejected: a line of the same moment, and another site on the same day. */
  claimedTwinId: string | null;
  claimedSiteId: string | null;
  /** What the resident owes and has paid of the charge. */
  residentFen: Fen;
  residentPaidFen: Fen;
  /** The rule of the programme on that day. */
  paymentRequired: boolean;
  attendanceBp: number | null;
  /** Days on which the resident was served with this kind in the month, and the month's workdays. */
  daysAttended: number;
  workdays: number;
  /** Caps of the programme's terms, and what all claims ask for in the same span. */
  spans: readonly { span: string; limitFen: Fen; claimedFen: Fen }[];
}

/** What a funder's auditor would object to, line by line. The first of two that look alike stands. */
export function findingsOf(lines: readonly ProvenLine[]): Finding[] {
  const twins = new Map<string, string>();
  const children = new Map<string, string>();
  return lines.flatMap((line) => {
    // What gives back, or answers a cut, was checked when it was first claimed.
    if (line.basis !== 'share') return [];
    return [
      evidence(line),
      doubt(line),
      duplicate(line, twins),
      duplicateChild(line, children),
      overCap(line),
      attendance(line),
      payment(line),
    ].filter((finding) => finding !== undefined);
  });
}

function evidence({ id, evidence: proof, deliveredAt }: ProvenLine): Finding | undefined {
  if (proof && deliveredAt) return undefined;
  return {
    code: 'missing_evidence',
    claimLineId: id,
    reason: 'No attendance and no verified visit is on record.',
  };
}

function doubt({ id, inDoubt }: ProvenLine): Finding | undefined {
  if (!inDoubt) return undefined;
  return {
    code: 'visit_on_review',
    claimLineId: id,
    reason: 'A later visit contradicts this one, and nobody has decided yet which of them took place.',
  };
}

function duplicate(line: ProvenLine, twins: Map<string, string>): Finding | undefined {
  const moment = `${line.residentId} ${line.programmeId} ${line.startsAt.toISOString()}`;
  const twin = line.claimedTwinId ?? twins.get(moment);
  if (!twin) {
    twins.set(moment, line.id);
    return undefined;
  }
  return {
    code: 'duplicate',
    claimLineId: line.id,
    reason: `Line ${twin} claims the same programme for the same resident at the same time.`,
  };
}

/** A child is in one place: the same programme can't pay for it at two sites on one day. */
function duplicateChild(line: ProvenLine, children: Map<string, string>): Finding | undefined {
  if (line.kind !== 'childcare') return undefined;
  const day = `${line.residentId} ${line.programmeId} ${line.serviceDay}`;
  const siteId = line.claimedSiteId ?? children.get(day);
  if (siteId === undefined) children.set(day, line.siteId);
  if (siteId === undefined || siteId === line.siteId) return undefined;
  return {
    code: 'duplicate_child',
    claimLineId: line.id,
    reason: `The same child is claimed at site ${siteId} on this day.`,
  };
}

function overCap({ id, spans }: ProvenLine): Finding | undefined {
  const over = spans.find(({ limitFen, claimedFen }) => claimedFen > limitFen);
  if (!over) return undefined;
  return {
    code: 'over_cap',
    claimLineId: id,
    reason: `${over.claimedFen} fen are claimed for the ${over.span}, the cap is ${over.limitFen}.`,
  };
}

function attendance({ id, attendanceBp, daysAttended, workdays }: ProvenLine): Finding | undefined {
  if (attendanceBp === null || daysAttended * 10_000 >= workdays * attendanceBp) return undefined;
  return {
    code: 'attendance_too_low',
    claimLineId: id,
    reason: `Attended on ${daysAttended} days; the month has ${workdays} workdays, of which ${attendanceBp / 100} % are asked for.`,
  };
}

function payment({ id, paymentRequired, residentFen, residentPaidFen }: ProvenLine): Finding | undefined {
  if (!paymentRequired || residentPaidFen >= residentFen) return undefined;
  return {
    code: 'payment_missing',
    claimLineId: id,
    reason: `The resident has paid ${residentPaidFen} of ${residentFen} fen.`,
  };
}
