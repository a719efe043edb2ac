import { type Day, type Fen, isDay } from '@doorstep/kernel';
import type { Fault, Warning } from '../faults';
import type { SiteStatus } from '@doorstep/contracts';

/** Where the money for building comes from. */
export const FUNDING_SOURCES = [
  'central_budget',
  'special_bond',
  'local_budget',
  'operator',
  'developer',
  'donation',
  'other',
] as const;
export type FundingSource = (typeof FUNDING_SOURCES)[number];

export interface Funding {
  source: FundingSource;
  amountFen: Fen;
  /** The paper that says so. */
  note?: string;
}

/** What building a site costs, who pays for it, and when each milestone is planned. Null: not known yet. */
export interface Project {
  costFen: Fen | null;
  funding: Funding[];
  plannedStart: Day | null;
  plannedOpening: Day | null;
}

/** What is wrong with a project. */
export function projectFaults({ plannedStart, plannedOpening }: Project): Fault[] {
  const faults: Fault[] = [];
  for (const [field, day] of Object.entries({ plannedStart, plannedOpening })) {
    if (day !== null && !isDay(day))
      faults.push({ field, reason: 'is not a day of the calendar', mend: 'Write days as YYYY-MM-DD.' });
  }
  if (
    faults.length === 0 &&
    plannedStart !== null &&
    plannedOpening !== null &&
    plannedOpening < plannedStart
  )
    faults.push({
      field: 'plannedOpening',
      reason: 'lies before plannedStart',
      mend: 'Correct one of them.',
    });
  return faults;
}

export function fundedFen({ funding }: Project): Fen {
  return funding.reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** Before it has opened, a site is a project. */
const BEFORE_OPENING: readonly SiteStatus[] = ['planned', 'approved', 'building', 'accepted', 'handed_over'];

/** What somebody should look at: money that is missing or too much, and an opening that is late. */
export function projectWarnings(project: Project, status: SiteStatus, today: Day): Warning[] {
  const { costFen, plannedOpening } = project;
  const warnings: Warning[] = [];
  const funded = fundedFen(project);
  if (costFen !== null && funded < costFen) {
    warnings.push({
      code: 'project_underfunded',
      message: `Of ${costFen} fen, ${costFen - funded} have no source yet.`,
      mend: 'Enter who pays the rest.',
    });
  }
  if (costFen !== null && funded > costFen) {
    warnings.push({
      code: 'project_overfunded',
      message: `The sources come to ${funded - costFen} fen more than the cost of ${costFen}.`,
      mend: 'Lower a source, or correct the cost.',
    });
  }
  if (plannedOpening !== null && plannedOpening < today && BEFORE_OPENING.includes(status)) {
    warnings.push({
      code: 'project_late',
      message: `The opening was planned for ${plannedOpening}; the site is ${status}.`,
      mend: 'Record the milestones that were reached, or plan another day.',
    });
  }
  return warnings;
}
