import type { Day } from '@doorstep/kernel';
import type { Fault } from '../faults';
import { type Course, courseOf, type Step } from './course';
import { formatExceptions, formatWeeklyHours } from './hours-cells';
import { formatNotes, NOTES_COLUMN, notesOf } from './milestone-notes';
import { type Project, projectFaults } from './project';
import { cellsOfProject, PROJECT_COLUMNS } from './project-cells';
import { CLEARED, CLEARED_COLUMNS, type ClearedColumn } from './site-cells';
import type { Command } from './site-import.rows';
import type { KnownSite } from './site-lives.queries';
import { localTimeOf } from './wall-clock';

/** What an empty cell takes away. */
export interface Clearing {
  /** Column of the file. */
  field: string;
  /** As the file would write it. */
  was: string;
}

/** A row with what becomes of its site. */
export interface Planned extends Command {
  isNew: boolean;
  today: Day;
  course: Course;
  /** What is added to its life, with why. */
  steps: (Step & { note: string | null })[];
  /** Milestones that are there and of which something else is said. */
  renoted: { id: string; note: string | null }[];
  /** Nothing when neither the row nor anybody before it says something of a project. */
  projectAfter: Project | undefined;
  cleared: Clearing[];
  faults: Fault[];
}

const NO_PROJECT: Project = { costFen: null, funding: [], plannedStart: null, plannedOpening: null };

/** What a row adds to, changes of and takes away from what is known of its site, with what is wrong about it. */
export function planOf(command: Command, site: KnownSite | undefined, now: Date): Planned {
  const columns = { ...command.columns, ...(site && keptOf(command, site)) };
  const timeZone = columns.timeZone ?? command.timeZone;
  const today = localTimeOf(now, timeZone).day;
  const course = courseOf(site, command.days, command.said, today);
  const projectAfter = projectOf(command, site);
  const noted = notedBy(command, site, course);
  return {
    ...command,
    ...{ columns, timeZone, isNew: !site, today, course, projectAfter },
    ...{ steps: noted.steps, renoted: noted.renoted },
    cleared: site ? [...clearedIn(command, site), ...noted.cleared] : [],
    faults: [
      ...(course.faults.length > 0 ? course.faults : noted.faults),
      ...(projectAfter ? projectFaults(projectAfter) : []),
    ],
  };
}

/** What the row says of milestones, recorded ones and its own; a file without the column leaves what is said. */
function notedBy({ notes: told }: Command, site: KnownSite | undefined, { steps }: Course) {
  const known = site?.milestones ?? [];
  if (!told)
    return { steps: steps.map((step) => ({ ...step, note: null })), renoted: [], cleared: [], faults: [] };
  const { notes, faults } = notesOf([...known, ...steps], told);
  const gone = known.filter(({ note }, i) => note !== null && notes[i] === null);
  const was = formatNotes(gone);
  return {
    steps: steps.map((step, i) => ({ ...step, note: notes[known.length + i] })),
    renoted: known.flatMap(({ id, note }, i) => (notes[i] === note ? [] : [{ id, note: notes[i] }])),
    cleared: was === null ? [] : [{ field: NOTES_COLUMN, was }],
    faults,
  };
}

/** What the file says nothing of, and hours that are the same in another order. */
function keptOf({ absent, columns }: Command, site: KnownSite): Command['columns'] {
  const { openingHours, openingOverrides } = site;
  const sameHours = formatWeeklyHours(columns.openingHours ?? []) === formatWeeklyHours(openingHours);
  const sameExceptions =
    formatExceptions(columns.openingOverrides ?? []) === formatExceptions(openingOverrides);
  const kept = absent.filter((column) => column !== 'openingExceptions');
  return {
    ...Object.fromEntries(kept.map((column) => [column, site[column]])),
    ...(sameHours && { openingHours }),
    ...((sameExceptions || absent.includes('openingExceptions')) && { openingOverrides }),
  };
}

function projectOf({ project }: Command, site: KnownSite | undefined): Project | undefined {
  if (!project) return undefined;
  const after = { ...NO_PROJECT, ...site?.project, ...project };
  const says = cellsOfProject(after).some((cell) => cell !== null);
  return says || site?.project ? after : undefined;
}

function clearedIn({ absent, columns, project }: Command, site: KnownSite): Clearing[] {
  const [before, after] = [site, columns].map((of): Partial<Record<ClearedColumn, string | null>> => ({
    ...of,
    openingExceptions: formatExceptions(of.openingOverrides ?? []),
  }));
  const own = CLEARED_COLUMNS.filter(
    (column) =>
      !absent.includes(column) && after[column] === CLEARED[column] && before[column] !== CLEARED[column],
  ).map((field) => ({ field, was: String(before[field]) }));
  if (!project || !site.project) return own;
  const [known, planned] = [site.project, { ...site.project, ...project }].map(cellsOfProject);
  const ofProject = PROJECT_COLUMNS.flatMap((field, i) => {
    const was = known[i];
    return was !== null && planned[i] === null ? [{ field, was }] : [];
  });
  return [...own, ...ofProject];
}
