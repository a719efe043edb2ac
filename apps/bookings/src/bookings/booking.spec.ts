import { DomainError } from '@doorstep/kernel';
import {
  type Booking,
  BOOKING_STATUSES,
  bookingLife,
  cancelBooking,
  isVisit,
  needsPresence,
  recordAttendance,
  RELEASED,
  statusNow,
} from './booking';

const START = new Date('2026-11-03T03:00:00Z');
const END = new Date('2026-11-03T04:30:00Z');
const at = (minutesFromStart: number): Date => new Date(START.getTime() + minutesFromStart * 60_000);

const booking = (changes: Partial<Booking> = {}): Booking => ({
  status: 'confirmed',
  start: START,
  end: END,
  holdExpiresAt: null,
  isVisit: false,
  ...changes,
});
const held = (expires: number): Booking => booking({ status: 'held', holdExpiresAt: at(expires) });

const refusal = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
};

describe('the life of a booking', () => {
  it('ends in exactly these states, and a delivered visit may be doubted', () => {
    expect([...bookingLife.finals].sort()).toEqual(['cancelled', 'declined', 'expired', 'no_show']);
    expect(bookingLife.next('delivered', 'put on review')).toBe('on_review');
    expect(() => bookingLife.next('delivered', 'cancel')).toThrow('delivered');
  });

  it('gives capacity back in final states only', () => {
    for (const status of RELEASED) expect(bookingLife.finals).toContain(status);
  });

  it('takes no command once it is final', () => {
    for (const status of BOOKING_STATUSES) {
      expect(bookingLife.finals.includes(status)).toBe(Object.keys(bookingLife.table[status]).length === 0);
    }
  });
});

describe('a hold', () => {
  it('is held until its expiry, and expired from that instant on', () => {
    expect(statusNow(held(-60), at(-61))).toBe('held');
    expect(statusNow(held(-60), at(-60))).toBe('expired');
  });

  it('can be cancelled while it lasts', () => {
    expect(cancelBooking(held(-60), at(-61))).toBe('cancelled');
    expect(refusal(() => cancelBooking(held(-60), at(-60)))).toMatchObject({ code: 'booking_expired' });
  });
});

describe('a confirmed booking', () => {
  it('can be cancelled until the session is over', () => {
    expect(cancelBooking(booking(), at(-1))).toBe('cancelled');
    expect(cancelBooking(booking(), at(89))).toBe('cancelled');
    expect(refusal(() => cancelBooking(booking(), at(90)))).toMatchObject({ code: 'booking_over' });
  });

  it('is delivered when the resident attended, for the whole session unless minutes are given', () => {
    expect(recordAttendance(booking(), { outcome: 'attended' }, at(100), 30)).toEqual({
      status: 'delivered',
      minutes: 90,
    });
    expect(recordAttendance(booking(), { outcome: 'attended', minutes: 65 }, at(100), 30)).toEqual({
      status: 'delivered',
      minutes: 65,
    });
  });

  it('can be attended a little early, but nobody is absent before the start', () => {
    expect(recordAttendance(booking(), { outcome: 'attended' }, at(-30), 30).status).toBe('delivered');
    expect(refusal(() => recordAttendance(booking(), { outcome: 'attended' }, at(-31), 30)).code).toBe(
      'too_early',
    );
    expect(refusal(() => recordAttendance(booking(), { outcome: 'no_show' }, at(-1), 30)).code).toBe(
      'too_early',
    );
    expect(recordAttendance(booking(), { outcome: 'no_show' }, at(0), 30)).toEqual({ status: 'no_show' });
  });
});

describe('a visit', () => {
  const visit = booking({ isVisit: true });

  it('counts only when it was checked in and out', () => {
    expect(refusal(() => recordAttendance(visit, { outcome: 'attended' }, at(90), 30)).code).toBe(
      'visit_not_verified',
    );
  });

  it('can be a no-show: nobody opened', () => {
    expect(recordAttendance(visit, { outcome: 'no_show' }, at(10), 30)).toEqual({ status: 'no_show' });
  });
});

describe('a booking that has ended', () => {
  it.each(['delivered', 'declined', 'expired', 'cancelled', 'no_show'] as const)(
    'as %s says so',
    (status) => {
      const ended = booking({ status });
      expect(refusal(() => cancelBooking(ended, at(-10))).code).toBe(`booking_${status}`);
      expect(refusal(() => recordAttendance(ended, { outcome: 'attended' }, at(10), 30)).code).toBe(
        `booking_${status}`,
      );
    },
  );
});

describe('presence', () => {
  it('is needed unless the kind may overlap or it is an order', () => {
    expect(needsPresence('meals', 'session', [])).toBe(true);
    expect(needsPresence('meals', 'session', ['meals'])).toBe(false);
    expect(needsPresence('meals', 'order', [])).toBe(false);
  });

  it('of a carer makes a visit at home and at the bedside; a meal that is brought is none', () => {
    expect(isVisit('home', 'order')).toBe(false);
    expect(['on_site', 'nearby', 'home', 'bedside'].map((place) => isVisit(place, 'visit'))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
