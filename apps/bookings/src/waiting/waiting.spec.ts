import { type DomainError } from '@doorstep/kernel';
import type { Reason } from '../availability/availability';
import { acceptBy, assertMayWait, stopsQueue } from './waiting';

const outcome = (...reasons: Reason[]): string => {
  try {
    assertMayWait(reasons);
    return 'waits';
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe('who may wait', () => {
  it('is who finds no place and could book otherwise', () => {
    expect([
      outcome('full'),
      outcome('staff_ratio'),
      outcome('space_taken'),
      outcome('no_caregiver'),
    ]).toEqual(['waits', 'waits', 'waits', 'waits']);
  });

  it('is nobody while there is a place', () => {
    expect(outcome()).toBe('place_free');
  });

  it('is nobody whom something else keeps from booking', () => {
    expect(outcome('full', 'not_eligible_age')).toBe('not_eligible_age');
    expect(outcome('closed', 'full')).toBe('closed');
  });
});

describe('a queue', () => {
  it('goes on behind somebody who does not fit, and stops when nobody can be served', () => {
    expect(stopsQueue(['full'])).toBe(false);
    expect(stopsQueue(['resident_busy'])).toBe(false);
    expect(stopsQueue(['cutoff_passed', 'full'])).toBe(true);
  });
});

describe('an offer', () => {
  const now = new Date('2026-11-02T01:00:00Z');
  it('stands for its minutes, but not beyond the cut-off', () => {
    expect(acceptBy(now, 30, new Date('2026-11-03T03:00:00Z'), 60).toISOString()).toBe(
      '2026-11-02T01:30:00.000Z',
    );
    expect(acceptBy(now, 30, new Date('2026-11-02T02:10:00Z'), 60).toISOString()).toBe(
      '2026-11-02T01:10:00.000Z',
    );
  });
});
