import type { FindingSeverity } from '@doorstep/contracts';
import { type Day, DomainError, transitions } from '@doorstep/kernel';
import { asGraveAs, type Checklist, checkedResults, type ItemResult, scoreOf } from './checklist';
import { type Concern, type Finding, raiseFinding } from './finding';
import { assertSameSide, type Inspector, type Side, sideOf } from './side';

export const INSPECTION_STATUSES = ['planned', 'carried_out', 'closed', 'cancelled'] as const;
export type InspectionStatus = (typeof INSPECTION_STATUSES)[number];

const LIFE = transitions<InspectionStatus, 'carry_out' | 'close' | 'cancel'>('inspection', ['planned'], {
  planned: { carry_out: 'carried_out', cancel: 'cancelled' },
  carried_out: { close: 'closed' },
  closed: {},
  cancelled: {},
});

/** Somebody looks at a site, or at one kind of service there, by a checklist. */
export interface Inspection {
  id: string;
  operatorId: string;
  siteId: string;
  checklistId: string;
  /** Null: the site as a whole. */
  kind: string | null;
  inspectedBy: Side;
  inspectorOrganisationId: string | null;
  inspectorId: string;
  plannedOn: Day;
  status: InspectionStatus;
  statusReason: string | null;
  carriedOutOn: Day | null;
  results: ItemResult[] | null;
  scoreBp: number | null;
  closedOn: Day | null;
  version: number;
}

export interface GivenFinding extends Concern {
  /** The item that failed; left out: found beside the list. */
  item?: string;
  severity: FindingSeverity;
  description: string;
  rectifyBy: Day;
}

export interface CarryOut {
  on: Day;
  results: readonly ItemResult[];
  findings: readonly GivenFinding[];
}

export function planInspection(
  inspector: Inspector,
  site: { siteId: string; operatorId: string },
  plan: { checklistId: string; kind: string | null; plannedOn: Day },
  id: string,
): Inspection {
  return {
    id,
    ...site,
    ...plan,
    inspectedBy: sideOf(inspector),
    inspectorOrganisationId: inspector.organisationId,
    inspectorId: inspector.id,
    status: 'planned',
    statusReason: null,
    carriedOutOn: null,
    results: null,
    scoreBp: null,
    closedOn: null,
    version: 1,
  };
}

/**
 * What was seen: every item judged, and for each that failed a finding at least as grave as the item says. Nothing found:
 * the inspection closes at once.
 */
export function carryOut(
  inspection: Inspection,
  inspector: Inspector,
  checklist: Checklist,
  command: CarryOut,
  newId: () => string,
): { inspection: Inspection; findings: Finding[] } {
  assertSameSide(inspection.inspectedBy, inspector);
  const status = LIFE.next(inspection.status, 'carry_out');
  const results = checkedResults(checklist, command.results);
  command.findings.forEach((finding, index) => assertFits(checklist, results, finding, index));
  const found = new Set(command.findings.map(({ item }) => item));
  const unexplained = results.find(({ item, outcome }) => outcome === 'fail' && !found.has(item));
  if (unexplained) {
    throw new DomainError(
      'invalid',
      'finding_missing',
      `${unexplained.item} failed, and no finding says how.`,
      {
        field: 'findings',
        mend: 'Give a finding with the item, a deadline and what has to be put right.',
      },
    );
  }
  const carried: Inspection = {
    ...inspection,
    inspectorId: inspector.id,
    status,
    carriedOutOn: command.on,
    results,
    scoreBp: scoreOf(checklist, results),
    version: inspection.version + 1,
  };
  const findings = command.findings.map((finding) => raiseFinding(carried, finding, command.on, newId()));
  return { inspection: findings.length === 0 ? closed(carried, command.on) : carried, findings };
}

/** Over once everything that it found is. */
export function closeInspection(inspection: Inspection, on: Day): Inspection {
  return { ...closed(inspection, on), version: inspection.version + 1 };
}

export function cancelInspection(inspection: Inspection, inspector: Inspector, reason: string): Inspection {
  assertSameSide(inspection.inspectedBy, inspector);
  const status = LIFE.next(inspection.status, 'cancel');
  return { ...inspection, status, statusReason: reason, version: inspection.version + 1 };
}

function closed(inspection: Inspection, on: Day): Inspection {
  return { ...inspection, status: LIFE.next(inspection.status, 'close'), closedOn: on };
}

function assertFits(
  checklist: Checklist,
  results: readonly ItemResult[],
  finding: GivenFinding,
  index: number,
): void {
  if (finding.item === undefined) return;
  const item = checklist.items.find(({ code }) => code === finding.item);
  const failed = results.some(({ item: code, outcome }) => code === finding.item && outcome === 'fail');
  if (!item || !failed) {
    throw new DomainError('invalid', 'item_not_failed', `${finding.item} did not fail.`, {
      field: `findings[${index}].item`,
      mend: 'Name an item whose outcome is fail, or none.',
    });
  }
  if (asGraveAs(finding.severity, item.severity)) return;
  throw new DomainError('invalid', 'severity_too_low', `${item.code} is ${item.severity} when it fails.`, {
    field: `findings[${index}].severity`,
    mend: `Say ${item.severity} or graver.`,
  });
}
