import type { DomainError } from '@doorstep/kernel';
import { LineFaults } from './line-faults';

const fault = (line: number) => ({
  file: 'a.csv',
  line,
  field: 'code',
  reason: 'is none',
  mend: 'Give one.',
});

describe('the faults of a file', () => {
  it('refuse nothing while there are none', () => {
    expect(() => new LineFaults('rows_refused').refuse()).not.toThrow();
  });

  it('are all counted, and the first hundred named', () => {
    const faults = new LineFaults('rows_refused');
    for (let line = 2; line < 152; line++) faults.add(fault(line));
    const refused = refusalOf(faults);
    expect(refused.code).toBe('rows_refused');
    expect(refused.message).toBe('Nothing was imported: a.csv line 2: code is none.');
    expect(refused.details.faults).toBe(150);
    expect(refused.details.errors).toHaveLength(100);
  });
});

function refusalOf(faults: LineFaults): DomainError {
  try {
    faults.refuse();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('nothing was refused');
}
