import type { Day } from '@doorstep/kernel';
import type { Fault } from '../faults';
import { STAGE_COLUMNS, type StageColumn, STAGES } from './course';
import { quoted, TEXT, unquoted } from './quoted';

/** Column of a file of sites that says why milestones were reached, or under which paper. */
export const NOTES_COLUMN = 'milestoneNotes';
/** As POST /v1/sites/{id}/milestones takes them. */
export const NOTE_CHARACTERS_MAX = 500;

/** What a cell says of a milestone; of several of a stage on one day the first names the first, and so on. */
export interface Note {
  stage: StageColumn;
  day: Day;
  note: string | null;
}

export interface Noted {
  command: string;
  day: Day;
  note: string | null;
}

const PART = new RegExp(
  String.raw`\s*(${STAGES.join('|')})\s+(\d{4}-\d\d-\d\d)(?:\s+(${TEXT}))?\s*(?:;|$)`,
  'y',
);

/** Notes as people write them in one cell: `approvedOn 2026-02-01 沪民〔2026〕8号; suspendedOn 2026-10-01 消防整改`. */
export function parseNotes(text: string): Note[] | undefined {
  const notes: Note[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (!match) return undefined;
    const [, stage, day, said] = match;
    const note = said === undefined ? null : unquoted(said);
    notes.push({ stage: stage as StageColumn, day, note: note === '' ? null : note });
  }
  return notes;
}

/** The same text from what is recorded; null without a note. */
export function formatNotes(milestones: readonly Noted[]): string | null {
  const parts = STAGES.flatMap((stage) => {
    const own = milestones.filter(({ command }) => command === STAGE_COLUMNS[stage]);
    return own.flatMap(({ day, note }, i) => {
      // One without a note is named where another of its day, after it, has one.
      const later = own.slice(i + 1).some((other) => other.day === day && other.note !== null);
      if (note !== null) return `${stage} ${day} ${quoted(note)}`;
      return later ? `${stage} ${day}` : [];
    });
  });
  return parts.length > 0 ? parts.join('; ') : null;
}

/** The note of each milestone as a cell has it, none where it is silent, and what is wrong with the cell. */
export function notesOf(
  milestones: readonly Pick<Noted, 'command' | 'day'>[],
  told: readonly Note[],
): { notes: (string | null)[]; faults: Fault[] } {
  const left = [...told];
  const notes = milestones.map(({ command, day }) => {
    const at = left.findIndex((one) => STAGE_COLUMNS[one.stage] === command && one.day === day);
    return at < 0 ? null : left.splice(at, 1)[0].note;
  });
  const faults = left.map(({ stage, day }) => ({
    field: NOTES_COLUMN,
    reason: `names ${stage} ${day}, which is no milestone of the site`,
    mend: 'Name the stage and the day under which it stands in this file or is recorded.',
  }));
  return { notes, faults };
}
