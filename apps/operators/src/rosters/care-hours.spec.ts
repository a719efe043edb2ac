import { hoursOf, type Placed } from './care-hours';

const ZONE = 'Asia/Shanghai';
const MONDAY = '2026-12-07';
const WEEK = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, part: 'day' as const }));
const hours = { opensAt: '08:00', noonAt: '13:00', closesAt: '17:00' };
const untold = { opensAt: null, noonAt: null, closesAt: null };
const open = [span('07:00', '11:00'), span('11:30', '18:00')];

function span(from: string, to: string, day = MONDAY) {
  return { start: new Date(`${day}T${from}:00+08:00`), end: new Date(`${day}T${to}:00+08:00`) };
}

const of = (placed: Partial<Placed>, day = MONDAY) =>
  hoursOf({ pattern: WEEK, ...hours, fromAt: null, toAt: null, ...placed }, day, ZONE, open);
const on = (part: 'morning' | 'afternoon') => [{ weekday: 1, part }];

describe('a child with a place is there', () => {
  it('at its part of the group’s own hours, halved at the group’s own noon', () => {
    expect(of({})).toEqual([span('08:00', '17:00')]);
    expect(of({ pattern: on('morning') })).toEqual([span('08:00', '13:00')]);
    expect(of({ pattern: on('afternoon') })).toEqual([span('13:00', '17:00')]);
    expect(of({ pattern: on('afternoon') }, '2026-12-08')).toEqual([]);
  });

  it('at what the offering runs, halved at twelve, where nobody told of the group’s hours', () => {
    expect(of(untold)).toEqual(open);
    expect(of({ ...untold, pattern: on('morning') })).toEqual([
      span('07:00', '11:00'),
      span('11:30', '12:00'),
    ]);
    expect(of({ ...untold, pattern: on('afternoon') })).toEqual([span('12:00', '18:00')]);
  });

  it('at the hours that were reserved for the day, whatever its weekdays say', () => {
    const reserved = { fromAt: '09:15', toAt: '10:45' };
    expect(of({ ...reserved, pattern: [] })).toEqual([span('09:15', '10:45')]);
    expect(of(reserved)).toEqual([span('09:15', '10:45')]);
    expect(of({ pattern: [] })).toEqual([]);
  });

  it('on no public holiday, and on a make-up workday as on a Monday', () => {
    expect(of({}, '2026-10-01')).toEqual([]);
    expect(of({}, '2026-10-10')).toEqual([span('08:00', '17:00', '2026-10-10')]);
    expect(of({ pattern: on('morning') }, '2026-10-10')).toEqual([]);
  });
});
