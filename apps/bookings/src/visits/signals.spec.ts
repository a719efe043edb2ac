import fc from 'fast-check';
import { signalsOf, type Stay, travelMinutes, type VisitFacts, type VisitRule } from './signals';

const START = new Date('2026-11-03T05:00:00Z');
const at = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);
const rule: VisitRule = {
  fenceMetres: 200,
  farMetres: 500,
  minutesMin: 15,
  sharePercentMin: 50,
  planKmPerHour: 12,
  kmPerHourMax: 60,
  offlineHoursMax: 24,
  qrSeconds: 300,
};
const HERE = { lng: 121.47, lat: 31.23 };
/** Some 19 km to the east. */
const AWAY = { lng: 121.67, lat: 31.23 };
const facts = (changes: Partial<VisitFacts> = {}): VisitFacts => ({
  minutes: 60,
  bookedMinutes: 60,
  stay: { bookingId: 'this', from: at(0), to: at(60), home: HERE },
  others: [],
  metres: [],
  sameEvidence: [],
  carerDevices: [],
  clientDevice: null,
  ...changes,
});
const other = (from: number, to: number | null, home: Stay['home'] = HERE): Stay => ({
  bookingId: 'other',
  from: at(from),
  to: to === null ? null : at(to),
  home,
});
const signals = (changes: Partial<VisitFacts>): string[] =>
  signalsOf(facts(changes), rule).map(({ signal }) => signal);

describe('signals of a visit', () => {
  it('are none where all is well', () => {
    const well = { others: [other(-60, 0), other(60, 120)], metres: [12, 500], carerDevices: ['a'] };
    expect(signals({ ...well, clientDevice: 'b' })).toEqual([]);
  });

  it.each<[string, number, number | null, string[]]>([
    ['ends a minute after this began', -30, 1, ['overlapping']],
    ['lies inside of this', 10, 20, ['overlapping']],
    ['has not ended yet', -30, null, ['overlapping']],
    ['began after this was over and goes on', 61, null, []],
    ['ends as this begins', -30, 0, []],
  ])('know another visit that %s', (_what, from, to, expected) => {
    expect(signals({ others: [other(from, to)] })).toEqual(expected);
  });

  it.each<[number, string[]]>([
    [0, ['impossible_travel']],
    [15, ['impossible_travel']],
    [18, []],
  ])('know that 19 km take longer than %d minutes', (gap, expected) => {
    expect(signals({ others: [other(60 + gap, 120 + gap, AWAY)] })).toEqual(expected);
    expect(signals({ others: [other(-60 - gap, -gap, AWAY)] })).toEqual(expected);
    expect(signals({ others: [other(60 + gap, 120 + gap, null)] })).toEqual([]);
  });

  it.each<[number, number, string[]]>([
    [29, 60, ['too_short']],
    [30, 60, []],
    [14, 20, ['too_short']],
    [15, 20, []],
    [10, 10, []],
  ])('judge %d minutes of %d booked', (minutes, bookedMinutes, expected) => {
    expect(signals({ minutes, bookedMinutes })).toEqual(expected);
  });

  it('know a file that was shown before, each other visit once', () => {
    expect(signalsOf(facts({ sameEvidence: ['x', 'x', 'y'] }), rule)).toEqual([
      { signal: 'same_evidence', bookingId: 'x' },
      { signal: 'same_evidence', bookingId: 'y' },
    ]);
  });

  it('know a check-in from elsewhere and one phone for both sides', () => {
    expect(signalsOf(facts({ metres: [3, 501] }), rule)).toEqual([
      { signal: 'far_from_home', measured: 501, allowed: 500 },
    ]);
    expect(signals({ carerDevices: ['a', 'b'], clientDevice: 'b' })).toEqual(['same_device']);
  });

  it('see two visits from both sides alike', () => {
    const minute = fc.integer({ min: -300, max: 300 });
    const stay = fc.record({ from: minute, length: fc.integer({ min: 0, max: 120 }), away: fc.boolean() });
    fc.assert(
      fc.property(stay, stay, (a, b) => {
        const one = {
          bookingId: 'a',
          from: at(a.from),
          to: at(a.from + a.length),
          home: a.away ? AWAY : HERE,
        };
        const two = {
          bookingId: 'b',
          from: at(b.from),
          to: at(b.from + b.length),
          home: b.away ? AWAY : HERE,
        };
        const seen = (mine: typeof one, theirs: typeof one) =>
          signals({ stay: mine, others: [theirs] }).join();
        expect(seen(one, two)).toBe(seen(two, one));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the way between two homes', () => {
  it('is whole minutes at the planned speed', () => {
    expect([travelMinutes(HERE, HERE, 12), travelMinutes(HERE, AWAY, 12)]).toEqual([0, 96]);
  });
});
