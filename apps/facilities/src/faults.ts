import { DomainError } from '@doorstep/kernel';

/** What is wrong with one field of a command. */
export interface Fault {
  /** Path in the request: `schedule[0].starts`. */
  field: string;
  reason: string;
  mend: string;
}

/** Refuses a command with everything that is wrong with it at once; nothing happens when nothing is. */
export function refuse(code: string, summary: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const [first] = faults;
  throw new DomainError('invalid', code, `${summary}: ${first.field} ${first.reason}.`, {
    mend: faults.length === 1 ? first.mend : 'Correct the fields listed in errors.',
    errors: faults.map(({ field, reason, mend }) => ({ field, reason: `${field} ${reason}.`, mend })),
  });
}

/** Something that is allowed, and that somebody should look at. */
export interface Warning {
  code: string;
  message: string;
  mend: string;
}
