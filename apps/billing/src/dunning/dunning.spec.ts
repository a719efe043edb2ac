import { checkSteps, stepDue, type Step } from './dunning';

const steps: Step[] = [
  { afterDays: 3, tone: 'reminder' },
  { afterDays: 10, tone: 'warning' },
  { afterDays: 20, tone: 'final' },
];

describe('the step of an unpaid invoice', () => {
  it('comes on its day, one after the other', () => {
    expect(stepDue(steps, '2026-11-10', '2026-11-12', 0, null)).toBeUndefined();
    expect(stepDue(steps, '2026-11-10', '2026-11-13', 0, null)).toMatchObject({ step: 1, tone: 'reminder' });
    expect(stepDue(steps, '2026-11-10', '2026-11-14', 1, '2026-11-13')).toBeUndefined();
    expect(stepDue(steps, '2026-11-10', '2026-11-20', 1, '2026-11-13')).toMatchObject({
      step: 2,
      tone: 'warning',
    });
    expect(stepDue(steps, '2026-11-10', '2027-01-01', 3, '2026-12-01')).toBeUndefined();
  });

  it('is one a day, even when several were missed', () => {
    expect(stepDue(steps, '2026-11-10', '2026-12-24', 0, null)).toMatchObject({ step: 1 });
    expect(stepDue(steps, '2026-11-10', '2026-12-24', 1, '2026-12-24')).toBeUndefined();
    expect(stepDue(steps, '2026-11-10', '2026-12-25', 1, '2026-12-24')).toMatchObject({ step: 2 });
  });
});

describe('a plan', () => {
  it('has its steps in order', () => {
    expect(() => checkSteps(steps)).not.toThrow();
    expect(() => checkSteps([steps[1], steps[0]])).toThrow('Step 2 is not after');
  });
});
