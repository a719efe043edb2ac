import fc from 'fast-check';
import { enterLicence, type Licence, revokeLicence } from './licence';
import { blockedKinds, blockedOfferings, reminderDue, type Requirement, standingOf } from './standing';

const REGION = '310101002001';
const rule = (changes: Partial<Requirement> = {}): Requirement => ({
  kind: 'meals',
  licenceType: 'food_business',
  regionCode: null,
  from: '2020-01-01',
  to: null,
  enforcement: 'lapsed',
  ...changes,
});
const licence = (validFrom: string, validTo?: string, type = 'food_business'): Licence =>
  enterLicence('chain', { siteId: 'site', type, number: '1', validFrom, validTo }, 'id');

const LICENSED = { offeringId: 'yoga', kind: 'culture', licences: ['liability_insurance'] };

describe('an offering that needs a licence of its own', () => {
  const paper = {
    type: 'liability_insurance',
    validFrom: '2026-01-01',
    validTo: '2027-01-01',
    revokedOn: null,
  };

  it('takes no bookings without it, whatever its kind needs', () => {
    const on = (day: string, ...papers: (typeof paper)[]) =>
      standingOf('3101', papers, [], day, [LICENSED]).blocks;
    const block = { kind: 'culture', licenceType: 'liability_insurance', offeringId: 'yoga' };
    expect(on('2026-06-01')).toEqual([{ ...block, reason: 'missing' }]);
    expect(on('2026-06-01', paper)).toEqual([]);
    expect(on('2027-01-01', paper)).toEqual([{ ...block, reason: 'lapsed', since: '2027-01-01' }]);
    expect(blockedKinds(on('2026-06-01'))).toEqual([]);
    expect(blockedOfferings(on('2026-06-01'))).toEqual(['yoga']);
  });
});

describe('a site', () => {
  it('stands well with a licence that holds', () => {
    expect(standingOf(REGION, [licence('2022-01-01', '2027-01-01')], [rule()], '2026-12-31')).toEqual({
      blocks: [],
      nextChangeOn: '2027-01-01',
    });
  });

  it('takes no new bookings from the day on which the last one has run out', () => {
    const licences = [licence('2017-01-01', '2022-01-01'), licence('2022-01-01', '2027-01-01')];
    const { blocks } = standingOf(REGION, licences, [rule()], '2027-01-01');
    expect(blocks).toEqual([
      { kind: 'meals', licenceType: 'food_business', reason: 'lapsed', since: '2027-01-01' },
    ]);
    expect(blockedKinds(blocks)).toEqual(['meals']);
  });

  it('is blocked by a revocation on its day, and free again with the next licence', () => {
    const revoked = revokeLicence(licence('2022-01-01', '2027-01-01'), '2026-06-01', 'x');
    const licences = [revoked, licence('2026-07-01')];
    expect(standingOf(REGION, licences, [rule()], '2026-06-15')).toMatchObject({
      blocks: [{ since: '2026-06-01' }],
      nextChangeOn: '2026-07-01',
    });
    expect(standingOf(REGION, licences, [rule()], '2026-07-01')).toEqual({ blocks: [], nextChangeOn: null });
  });

  it('without any licence is blocked where the rule asks for one', () => {
    expect(standingOf(REGION, [], [rule()], '2026-06-15').blocks).toEqual([]);
    expect(standingOf(REGION, [], [rule({ enforcement: 'missing' })], '2026-06-15').blocks).toEqual([
      { kind: 'meals', licenceType: 'food_business', reason: 'missing' },
    ]);
  });

  it('answers to the rules of its region and of the day', () => {
    const strict = { enforcement: 'missing' as const };
    const rules = [
      rule({ ...strict, kind: 'health', licenceType: 'clinic_licence', regionCode: '33' }),
      rule({
        ...strict,
        kind: 'culture',
        licenceType: 'fire_acceptance',
        regionCode: '3101',
        from: '2026-07-01',
      }),
      rule({ ...strict, kind: 'sports', licenceType: 'fire_acceptance', to: '2026-06-15' }),
    ];
    expect(standingOf(REGION, [], rules, '2026-06-15')).toEqual({ blocks: [], nextChangeOn: '2026-07-01' });
    expect(blockedKinds(standingOf(REGION, [], rules, '2026-07-01').blocks)).toEqual(['culture']);
  });

  it('never changes between today and the next change that was foretold', () => {
    const day = fc
      .integer({ min: 0, max: 60 })
      .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
    const spans = fc.array(fc.tuple(day, day), { maxLength: 4 });
    fc.assert(
      fc.property(spans, spans, day, day, (papers, rules, today, later) => {
        const licences = papers.filter(([a, b]) => a < b).map(([a, b]) => licence(a, b));
        const requirements = rules
          .filter(([a, b]) => a < b)
          .map(([from, to]) => rule({ from, to, enforcement: 'missing' }));
        const now = standingOf(REGION, licences, requirements, today);
        fc.pre(later > today && (now.nextChangeOn === null || later < now.nextChangeOn));
        expect(standingOf(REGION, licences, requirements, later).blocks).toEqual(now.blocks);
      }),
    );
  });
});

it.each([
  ['2026-01-01', undefined],
  ['2026-10-03', 90],
  ['2026-12-01', 90],
  ['2026-12-02', 30],
  ['2026-12-25', 7],
  ['2027-01-01', 0],
  ['2027-05-01', 0],
])('on %s the reminder for 2027-01-01 is %s', (today, reminder) => {
  expect(reminderDue('2027-01-01', today)).toBe(reminder);
});
