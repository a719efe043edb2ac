import { DomainError } from '@doorstep/kernel';
import { residentMerged } from '../residents/resident';

/** What the database says when a rule of places would be broken. */
interface Broken {
  constraint?: string;
  /** The first day at which it would be. */
  detail?: string;
  hint?: string;
}

const REFUSALS: Record<string, (broken: Broken) => DomainError> = {
  care_group_never_over: ({ detail, hint }) =>
    hint === 'staff_ratio'
      ? conflict('staff_ratio', `On ${detail} there would be too many children for the staff.`, {
          mend: 'Choose other days or another group; the site can assign more staff.',
          day: detail,
        })
      : conflict('full', `The group is full on ${detail}.`, {
          mend: 'Choose other days or another group, or apply for a place.',
          day: detail,
        }),
  resident_merged: ({ detail = '' }) => residentMerged(undefined, detail),
  care_day_age: ({ detail }) =>
    new DomainError('invalid', 'not_eligible_age', `The child has not the age for the group on ${detail}.`, {
      mend: 'Choose the group of its age.',
      day: detail,
    }),
  care_day_within: ({ detail }) =>
    new DomainError('invalid', 'outside_placement', `${detail} lies outside of the placement.`, {
      mend: 'Choose a day of the placement.',
      day: detail,
    }),
  care_day_child_once: () =>
    conflict('child_elsewhere', 'The child has another place at that time.', {
      mend: 'End or cancel that one first.',
    }),
  care_day_elsewhere: ({ detail }) =>
    conflict('resident_busy', `The child is booked elsewhere on ${detail} at that time.`, {
      mend: 'Cancel that booking, or choose other days.',
      day: detail,
    }),
  care_day_pkey: () =>
    conflict('day_planned', 'The child is planned for that day already.', { mend: 'Choose another day.' }),
  placement_once: () =>
    conflict('placed_already', 'The child has a place in that time, or an offer of one.', {
      mend: 'Change or end that placement first.',
    }),
  contingent_never_over: () =>
    conflict('contingent_used', "The month's hours or days are used up.", {
      mend: 'Reserve less, or give a reservation back in time.',
    }),
  care_month_closed: () =>
    conflict('month_closed', 'The attendance of that month is closed.', {
      mend: 'Use POST …/correction: it is told to billing as a difference.',
    }),
  attendance_day: () =>
    conflict('day_recorded', 'Attendance was recorded on a day that would go.', {
      mend: 'Choose a later day.',
    }),
  attendance_pkey: () =>
    conflict('recorded_meanwhile', 'Somebody else recorded this day at the same moment.', {
      mend: 'Look at the day again.',
    }),
};

/** Runs statements that a rule may refuse; the transaction is lost with the refusal, unless there is a savepoint. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const broken = error as Broken;
    throw REFUSALS[broken.constraint ?? '']?.(broken) ?? error;
  }
}

function conflict(code: string, reason: string, details: Record<string, unknown>): DomainError {
  return new DomainError('conflict', code, reason, details);
}
