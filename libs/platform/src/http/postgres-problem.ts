import { isContention, isOutage, sqlStateOf } from '../database';
import { problem, type Problem } from './problem';

/** Where a constraint catches what the code did not foresee: still a refusal, never a 500. */
const BY_STATE: Record<string, (constraint: string | undefined) => Problem> = {
  '23505': (c) =>
    problem(409, 'conflict', `This would exist twice${by(c)}.`, { mend: 'Read what is there and use it.' }),
  '23P01': (c) =>
    problem(409, 'conflict', `This overlaps with what is there${by(c)}.`, {
      mend: 'Choose another time or place.',
    }),
  '23503': (c) =>
    problem(409, 'conflict', `It refers to something that is not there${by(c)}.`, {
      mend: 'Create what it refers to first.',
    }),
  '23514': (c) =>
    problem(422, 'rule_broken', `A value breaks a rule${by(c)}.`, {
      mend: 'Correct the value and try again.',
    }),
  '23502': () => problem(422, 'rule_broken', 'A value is missing.', { mend: 'Give every required value.' }),
  '22003': () =>
    problem(422, 'number_out_of_range', 'A number is too large.', { mend: 'Give a smaller number.' }),
  '22P02': () =>
    problem(400, 'malformed', 'A value has the wrong form.', { mend: 'Check ids and enumerations.' }),
  '22007': () => noDate(),
  '22008': () => noDate(),
  '22021': () =>
    problem(400, 'malformed', 'A text holds a character that cannot be stored.', {
      mend: 'Remove control characters.',
    }),
  '22P05': () =>
    problem(400, 'malformed', 'A text holds a character that cannot be stored.', {
      mend: 'Remove control characters.',
    }),
  '55P03': () => busy(),
  '57014': () =>
    problem(503, 'database_timeout', 'The database took too long.', { mend: 'Try again in a moment.' }),
};

/** The problem of a Postgres error that slipped through to the edge; undefined when it isn't one we know. */
export function problemOfPostgres(error: unknown): Problem | undefined {
  if (isContention(error)) return busy();
  if (isOutage(error)) return down();
  const state = sqlStateOf(error);
  return state ? BY_STATE[state]?.(constraintOf(error)) : undefined;
}

function constraintOf(error: unknown): string | undefined {
  const { constraint, driverError } = error as { constraint?: string; driverError?: { constraint?: string } };
  return constraint ?? driverError?.constraint;
}

function by(constraint: string | undefined): string {
  return constraint ? ` (${constraint})` : '';
}

/** Years and cursors that no calendar has. */
function noDate(): Problem {
  return problem(400, 'malformed', 'A date is out of range or has the wrong form.', {
    mend: 'Write days as YYYY-MM-DD and months as YYYY-MM.',
  });
}

function busy(): Problem {
  return problem(503, 'busy', 'Too many changes to the same thing at once.', {
    mend: 'Try again in a moment.',
  });
}

function down(): Problem {
  return problem(503, 'database_unavailable', 'The database cannot be reached.', {
    mend: 'Try again in a moment.',
  });
}
