import {
  type Asker,
  freeUnits,
  reasonsAgainst,
  refusalOf,
  type ResidentFacts,
  type SlotFacts,
  unitsOf,
} from './availability';

const START = new Date('2026-11-03T03:00:00Z');
const minutesBefore = (minutes: number): Date => new Date(START.getTime() - minutes * 60_000);

const slot = (changes: Partial<SlotFacts> = {}): SlotFacts => ({
  sessionId: 's',
  offeringId: 'o',
  siteId: 'site',
  start: START,
  end: new Date('2026-11-03T04:30:00Z'),
  day: '2026-11-03',
  kind: 'meals',
  capacityModel: 'seats',
  open: true,
  offeringActive: true,
  siteOperating: true,
  contractId: 'c',
  licenceLapsed: false,
  inspectionSuspended: false,
  capacity: 30,
  capacityPlanned: 30,
  taken: 0,
  suspended: false,
  spaceClosed: false,
  spaceUse: null,
  caregiversFree: null,
  portionsLeft: null,
  leadMinutes: 0,
  cutoffMinutes: 60,
  ageMonthsMin: null,
  ageMonthsMax: null,
  careLevelMin: null,
  needsPresence: true,
  ...changes,
});
const resident = (changes: Partial<ResidentFacts> = {}): ResidentFacts => ({
  birthDate: '1950-05-01',
  careLevel: null,
  careLevelAssessedOn: null,
  erased: false,
  bookingConsent: true,
  busy: [],
  ...changes,
});
const asker = (changes: Partial<Asker> = {}): Asker => ({
  now: minutesBefore(120),
  partySize: 1,
  ...changes,
});

describe('an open session with room', () => {
  it('can be booked by anybody', () => {
    expect(reasonsAgainst(slot(), asker())).toEqual([]);
  });

  it('can be booked by a resident who consented, to the last seat', () => {
    expect(reasonsAgainst(slot({ taken: 27 }), asker({ partySize: 3, resident: resident() }))).toEqual([]);
  });
});

describe('what stands against the offer', () => {
  it.each([
    [{ offeringActive: false }, 'offering_inactive'],
    [{ siteOperating: false }, 'site_not_operating'],
    [{ contractId: null }, 'contract_not_in_force'],
    [{ licenceLapsed: true }, 'licence_lapsed'],
    [{ inspectionSuspended: true }, 'suspended_by_inspection'],
    [{ open: false }, 'closed'],
  ] as const)('%j is %s', (changes, reason) => {
    expect(reasonsAgainst(slot(changes), asker())).toEqual([reason]);
  });

  it('lists every reason, the most fundamental first', () => {
    const shut = slot({ offeringActive: false, open: false, taken: 30 });
    expect(reasonsAgainst(shut, asker())).toEqual(['offering_inactive', 'closed', 'full']);
  });
});

describe('the time of booking', () => {
  it.each([
    [60, []],
    [59, ['cutoff_passed']],
    [0, ['session_past']],
    [-1, ['session_past']],
  ])('%d minutes before the start, with a cut-off of 60', (minutes, reasons) => {
    expect(reasonsAgainst(slot(), asker({ now: minutesBefore(minutes) }))).toEqual(reasons);
  });

  it('has not come before the lead', () => {
    const early = slot({ leadMinutes: 100 });
    expect(reasonsAgainst(early, asker({ now: minutesBefore(101) }))).toEqual(['not_open_yet']);
    expect(reasonsAgainst(early, asker({ now: minutesBefore(100) }))).toEqual([]);
  });
});

describe('room', () => {
  it('is full when fewer seats are left than the party has heads', () => {
    expect(reasonsAgainst(slot({ taken: 28 }), asker({ partySize: 3 }))).toEqual(['full']);
  });

  it('can never hold a party above the capacity', () => {
    expect(reasonsAgainst(slot(), asker({ partySize: 31 }))).toEqual(['party_too_large']);
  });

  it('names the staff ratio when that is what binds', () => {
    const group = slot({ capacityModel: 'places', capacity: 10, capacityPlanned: 15, taken: 10 });
    expect(reasonsAgainst(group, asker())).toEqual(['staff_ratio']);
    expect(reasonsAgainst({ ...group, capacity: 15, taken: 15 }, asker())).toEqual(['full']);
  });

  it('of an exclusive space is one booking, whatever the party', () => {
    const court = slot({ capacityModel: 'exclusive', capacity: 1, capacityPlanned: 1 });
    expect(reasonsAgainst(court, asker({ partySize: 4 }))).toEqual([]);
    expect(reasonsAgainst({ ...court, taken: 1, spaceUse: 'taken' }, asker())).toEqual(['full']);
    expect(reasonsAgainst({ ...court, spaceUse: 'taken' }, asker())).toEqual(['space_taken']);
    expect(reasonsAgainst({ ...court, spaceUse: 'buffer' }, asker())).toEqual(['buffer']);
    expect(reasonsAgainst({ ...court, spaceClosed: true }, asker())).toEqual(['space_closed']);
    expect(freeUnits({ ...court, spaceUse: 'taken' })).toBe(0);
  });

  it('of a caregiver is one person and needs somebody free', () => {
    const visit = slot({ capacityModel: 'caregiver', capacity: 2, capacityPlanned: 2, caregiversFree: 1 });
    expect(reasonsAgainst(visit, asker())).toEqual([]);
    expect(reasonsAgainst({ ...visit, caregiversFree: 0 }, asker())).toEqual(['no_caregiver']);
    expect(reasonsAgainst(visit, asker({ partySize: 2 }))).toEqual(['party_too_large']);
    expect(freeUnits(visit)).toBe(1);
  });

  it('counts heads for seats and places, bookings for spaces and carers', () => {
    expect([
      unitsOf('seats', 3),
      unitsOf('places', 3),
      unitsOf('exclusive', 3),
      unitsOf('caregiver', 3),
    ]).toEqual([3, 3, 1, 1]);
  });
});

describe('a resident', () => {
  const against = (s: Partial<SlotFacts>, r: Partial<ResidentFacts>) =>
    reasonsAgainst(slot(s), asker({ resident: resident(r) }));

  it('who was erased can book nothing', () => {
    expect(against({}, { erased: true, bookingConsent: false })).toEqual(['resident_erased']);
  });

  it('needs consent', () => {
    expect(against({}, { bookingConsent: false })).toEqual(['no_consent']);
  });

  it.each([
    ['2025-11-04', ['not_eligible_age']],
    ['2025-11-03', []],
    ['2023-11-04', []],
    ['2023-11-03', ['not_eligible_age']],
  ])('born on %s, in a group of 12 to 36 months', (birthDate, reasons) => {
    expect(against({ ageMonthsMin: 12, ageMonthsMax: 36 }, { birthDate })).toEqual(reasons);
  });

  it('needs the care level, and one that is not outdated', () => {
    const severe = { careLevelMin: 'severe' };
    expect(against(severe, {})).toEqual(['care_level']);
    expect(against(severe, { careLevel: 'moderate' })).toEqual(['care_level']);
    expect(against(severe, { careLevel: 'total' })).toEqual([]);
    expect(against(severe, { careLevel: 'severe', careLevelAssessedOn: '2025-11-03' })).toEqual([]);
    expect(against(severe, { careLevel: 'severe', careLevelAssessedOn: '2025-10-03' })).toEqual([
      'care_level_outdated',
    ]);
  });

  it("can't be in two places at once, but can go from one to the next", () => {
    const busy = (from: string, to: string) => ({ busy: [{ from: new Date(from), to: new Date(to) }] });
    expect(against({}, busy('2026-11-03T04:00:00Z', '2026-11-03T05:00:00Z'))).toEqual(['resident_busy']);
    expect(against({}, busy('2026-11-03T04:30:00Z', '2026-11-03T05:00:00Z'))).toEqual([]);
    expect(against({}, busy('2026-11-03T01:00:00Z', '2026-11-03T03:00:00Z'))).toEqual([]);
    expect(against({ needsPresence: false }, busy('2026-11-03T04:00:00Z', '2026-11-03T05:00:00Z'))).toEqual(
      [],
    );
  });
});

describe('a refusal', () => {
  it('has the code of the first reason and lists all', () => {
    expect(refusalOf(['full', 'resident_busy'])).toMatchObject({
      kind: 'conflict',
      code: 'full',
      details: { reasons: ['full', 'resident_busy'] },
    });
  });
});
