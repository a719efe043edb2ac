import fc from 'fast-check';
import { faultsOfTakenOff, type Offering, offeringFaults, type OfferingSurroundings } from './offering';

const WEEK = [1, 2, 3, 4, 5, 6, 7];

function lunch(changes: Partial<Offering> = {}): Offering {
  return {
    kind: 'meals',
    mode: 'session',
    delivery: 'on_site',
    capacityModel: 'seats',
    capacity: 30,
    staffRatio: null,
    staffCount: null,
    spaceId: null,
    ageMonthsMin: null,
    ageMonthsMax: null,
    careLevelMin: null,
    skills: [],
    licences: [],
    schedule: [{ weekday: 1, starts: '11:00', ends: '12:30' }],
    leadMinutes: 0,
    cutoffMinutes: 60,
    bufferMinutes: 0,
    unpricedPolicy: 'hold',
    ...changes,
  };
}

function around(changes: Partial<OfferingSurroundings> = {}): OfferingSurroundings {
  return {
    kind: { code: 'meals', active: true, regionCode: null, modes: [] },
    site: {
      regionCode: '310101002001',
      weekly: WEEK.map((weekday) => ({ weekday, opens: '08:00', closes: '20:00' })),
    },
    space: undefined,
    ...changes,
  };
}

const faults = (changes: Partial<Offering> = {}, surroundings: Partial<OfferingSurroundings> = {}) =>
  offeringFaults(lunch(changes), around(surroundings)).map((fault) => fault.field);

describe('an offering that keeps the rules', () => {
  it.each([
    ['a community lunch', {}],
    [
      'a court by the hour',
      {
        capacityModel: 'exclusive',
        capacity: 1,
        schedule: [{ weekday: 6, starts: '14:00', ends: '18:00', slotMinutes: 60 }],
      },
    ],
    [
      'childcare with staff',
      { capacityModel: 'places', staffRatio: 5, staffCount: 2, ageMonthsMin: 12, ageMonthsMax: 36 },
    ],
    [
      'a visit at night',
      {
        capacityModel: 'caregiver',
        delivery: 'home',
        skills: ['bedside_care'],
        schedule: [{ weekday: 7, starts: '22:00', ends: '24:00', slotMinutes: 60 }],
      },
    ],
    ['one that is booked three days ahead', { leadMinutes: 4320 }],
  ] as [string, Partial<Offering>][])('%s', (_what, changes) => {
    expect(faults(changes)).toEqual([]);
  });
});

describe('an offering that breaks one', () => {
  it.each([
    ['several people on one court', { capacityModel: 'exclusive' }, ['capacity']],
    ['a staff ratio of seats', { staffRatio: 5, staffCount: 1 }, ['staffRatio']],
    ['a ratio without staff', { capacityModel: 'places', staffRatio: 5 }, ['staffCount']],
    ['a caregiver who needs no skill', { capacityModel: 'caregiver' }, ['skills']],
    ['a skill named twice', { skills: ['a', 'a'] }, ['skills']],
    ['a licence named twice', { licences: ['a', 'a'] }, ['licences']],
    ['ages that leave nobody', { ageMonthsMin: 36, ageMonthsMax: 36 }, ['ageMonthsMax']],
    ['booking that ends before it begins', { leadMinutes: 60 }, ['cutoffMinutes']],
    [
      'slots that do not fill the window',
      { schedule: [{ weekday: 1, starts: '11:00', ends: '12:30', slotMinutes: 60 }] },
      ['schedule[0].slotMinutes'],
    ],
    [
      'a window that ends first',
      { schedule: [{ weekday: 1, starts: '12:30', ends: '11:00' }] },
      ['schedule[0].ends'],
    ],
    [
      'a weekday that is none',
      { schedule: [{ weekday: 0, starts: '11:00', ends: '12:00' }] },
      ['schedule[0].weekday'],
    ],
    [
      'a window while the site is closed',
      { schedule: [{ weekday: 1, starts: '19:30', ends: '20:30' }] },
      ['schedule[0]'],
    ],
    [
      'windows that overlap',
      {
        schedule: [
          { weekday: 1, starts: '11:00', ends: '13:00' },
          { weekday: 1, starts: '12:00', ends: '14:00' },
        ],
      },
      ['schedule[1]'],
    ],
    ['a space of another site', { spaceId: 'x' }, ['spaceId']],
  ] as [string, Partial<Offering>, string[]][])('%s', (_what, changes, fields) => {
    expect(faults(changes)).toEqual(fields);
  });

  it('by its kind: unknown, retired, of another city, of another mode', () => {
    const meals = { code: 'meals', active: true, regionCode: null, modes: [] };
    expect(faults({}, { kind: undefined })).toEqual(['kind']);
    expect(faults({}, { kind: { ...meals, active: false } })).toEqual(['kind']);
    expect(faults({}, { kind: { ...meals, regionCode: '3301' } })).toEqual(['kind']);
    expect(faults({}, { kind: { ...meals, modes: ['timed'] } })).toEqual(['mode']);
  });

  it('by its space: too small, or at home', () => {
    const space = { capacity: 20, active: true };
    expect(faults({ spaceId: 'x' }, { space })).toEqual(['capacity']);
    expect(faults({ spaceId: 'x', capacity: 10, delivery: 'home' }, { space })).toEqual(['spaceId']);
  });

  it('names all that is wrong at once', () => {
    expect(faults({ capacityModel: 'exclusive', skills: ['a', 'a'], leadMinutes: 5 })).toEqual([
      'capacity',
      'skills',
      'cutoffMinutes',
    ]);
  });
});

describe('an offering that is taken off', () => {
  const left = (changes: Partial<Offering>, surroundings: Partial<OfferingSurroundings> = {}) =>
    faultsOfTakenOff(lunch(changes), around(surroundings)).map(({ field }) => field);

  it('need not fit its surroundings any more', () => {
    const closed = { code: 'meals', active: false, regionCode: '3301', modes: ['order'] };
    const night = [{ weekday: 1, starts: '22:00', ends: '23:00' }];
    const small = { capacity: 1, active: false };
    expect(left({ schedule: night, spaceId: 'hall' }, { kind: closed, space: small })).toEqual([]);
  });

  it.each([
    ['capacity', { capacityModel: 'exclusive' as const, capacity: 12 }],
    ['ageMonthsMax', { ageMonthsMin: 9, ageMonthsMax: 3 }],
    ['cutoffMinutes', { leadMinutes: 5, cutoffMinutes: 9 }],
    ['staffRatio', { staffRatio: 3 }],
    ['spaceId', { spaceId: 'nowhere' }],
    ['schedule[0].ends', { schedule: [{ weekday: 1, starts: '12:00', ends: '11:00' }] }],
  ])('says nothing of itself that cannot be: %s', (field, changes) => {
    expect(left(changes)).toEqual([field]);
  });

  it('is of a kind that there is', () => {
    expect(left({}, { kind: undefined })).toEqual(['kind']);
  });
});

describe('any schedule', () => {
  const clock = fc
    .integer({ min: 0, max: 96 })
    .map((q) => `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`);
  const window = fc.record({ weekday: fc.integer({ min: 1, max: 3 }), starts: clock, ends: clock });

  it('that passes never sells a minute of a weekday twice, nor one while the site is closed', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 4 }), (schedule) => {
        fc.pre(faults({ schedule }).length === 0);
        const sold = new Set<string>();
        for (const { weekday, starts, ends } of schedule) {
          expect(starts >= '08:00' && ends <= '20:00').toBe(true);
          const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
          for (let m = minute(starts); m < minute(ends); m++) {
            expect(sold.has(`${weekday} ${m}`)).toBe(false);
            sold.add(`${weekday} ${m}`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
