import { DomainError, type Day } from '@doorstep/kernel';
import { addDays } from '../shared/days';

export const TONES = ['reminder', 'warning', 'final'] as const;
export type Tone = (typeof TONES)[number];

export interface Step {
  /** Days after the due day. */
  afterDays: number;
  tone: Tone;
}

/** Steps come one after the other; a later one can't be due before an earlier one. */
export function checkSteps(steps: readonly Step[]): void {
  const wrong = steps.findIndex((step, index) => index > 0 && step.afterDays <= steps[index - 1].afterDays);
  if (wrong < 0) return;
  throw new DomainError(
    'invalid',
    'steps_out_of_order',
    `Step ${wrong + 1} is not after the step before it.`,
    {
      field: `steps[${wrong}].afterDays`,
      mend: 'Order the steps by their days.',
    },
  );
}

/**
 * The step that has come for an unpaid invoice: the next one after those already taken, when its day has come. Steps that
 * were missed (a runner that stood still) are not made up for one after the other on the same day.
 *
 * @param taken how many steps were taken
 * @param lastOn day of the last one
 */
export function stepDue(
  steps: readonly Step[],
  dueOn: Day,
  today: Day,
  taken: number,
  lastOn: Day | null,
): (Step & { step: number }) | undefined {
  const next = steps[taken];
  if (!next || addDays(dueOn, next.afterDays) > today || lastOn === today) return undefined;
  return { ...next, step: taken + 1 };
}
