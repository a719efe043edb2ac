import { DomainError } from '@doorstep/kernel';
import { checkIn, checkOut, type DoorRules, timeOf, tryCode, type Visit } from './visit';

const START = new Date('2026-11-03T05:00:00Z');
const END = new Date('2026-11-03T06:00:00Z');
const at = (minutesFromStart: number): Date => new Date(START.getTime() + minutesFromStart * 60_000);
const rules: DoorRules = { wrongTriesMax: 5, lockMinutes: 15, earlyMinutesMax: 30 };
const visit = (changes: Partial<Visit> = {}): Visit => ({
  status: 'expected',
  wrongTries: 0,
  lastWrongAt: null,
  checkedInAt: null,
  ...changes,
});
const booked = { status: 'confirmed' as const, start: START, end: END, isVisit: true };
const code = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
  }
  return 'accepted';
};

describe('the code', () => {
  it('is right when it is the same', () => {
    expect(tryCode(visit(), '123456', '123456', at(0), rules)).toEqual({ right: true });
  });

  it.each(['123457', '12345', '', '一二三四五六'])('%s is wrong and counted', (given) => {
    const outcome = tryCode(visit({ wrongTries: 1, lastWrongAt: at(-1) }), given, '123456', at(0), rules);
    expect(outcome).toMatchObject({ right: false, wrongTries: 2, refusal: { code: 'visit_code_wrong' } });
  });

  it('is not even looked at after five wrong tries, until a pause has passed', () => {
    const tired = visit({ wrongTries: 5, lastWrongAt: at(0) });
    expect(tryCode(tired, '123456', '123456', at(14), rules)).toMatchObject({
      right: false,
      wrongTries: 5,
      refusal: { code: 'visit_code_locked' },
    });
    expect(tryCode(tired, '123456', '123456', at(15), rules)).toEqual({ right: true });
    expect(tryCode(tired, '000000', '123456', at(15), rules)).toMatchObject({ wrongTries: 1 });
  });
});

describe('checking in', () => {
  it.each([
    [-31, 'too_early'],
    [-30, 'accepted'],
    [59, 'accepted'],
    [60, 'booking_over'],
  ])('%d minutes from the start: %s', (minutes, expected) => {
    expect(code(() => checkIn(booked, at(minutes), rules))).toBe(expected);
  });

  it('is for visits that stand', () => {
    expect(code(() => checkIn({ ...booked, isVisit: false }, at(0), rules))).toBe('not_a_visit');
    expect(code(() => checkIn({ ...booked, status: 'held' }, at(0), rules))).toBe('booking_held');
    expect(code(() => checkIn({ ...booked, status: 'checked_in' }, at(0), rules))).toBe('booking_checked_in');
    expect(code(() => checkIn({ ...booked, status: 'cancelled' }, at(0), rules))).toBe('booking_cancelled');
  });
});

describe('checking out', () => {
  const inside = { ...booked, status: 'checked_in' as const };

  it('counts the minutes between the two', () => {
    expect(checkOut(inside, visit({ checkedInAt: at(2) }), at(61))).toBe(59);
    expect(code(() => checkOut(inside, visit({ checkedInAt: at(2) }), at(1)))).toBe(
      'device_time_implausible',
    );
  });

  it('needs a check-in', () => {
    expect(code(() => checkOut(booked, visit(), at(30)))).toBe('visit_not_checked_in');
    expect(code(() => checkOut({ ...booked, status: 'no_show' }, visit(), at(30)))).toBe(
      'visit_not_checked_in',
    );
    expect(code(() => checkOut({ ...inside, isVisit: false }, visit(), at(30)))).toBe('not_a_visit');
  });
});

describe('the time that counts', () => {
  it('is the server’s, unless the device was offline and can be right', () => {
    expect(timeOf(at(0), undefined, 24)).toEqual(at(0));
    expect(timeOf(at(0), at(-90), 24)).toEqual(at(-90));
    expect(timeOf(at(0), at(1), 24)).toEqual(at(0));
  });

  it.each([3, -24 * 60 - 1])('is not a device’s that is %d minutes off', (minutes) => {
    expect(code(() => timeOf(at(0), at(minutes), 24))).toBe('device_time_implausible');
  });
});
