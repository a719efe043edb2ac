import {
  cancellationFee,
  type CancellationRule,
  checkRule,
  type Ending,
  noShowFee,
  ruleFor,
} from './cancellation';

const rule: CancellationRule = {
  id: 'r1',
  regionPrefix: '3101',
  kind: null,
  validFrom: '2026-01-01',
  validTo: null,
  freeMinutes: 24 * 60,
  late: { shareBp: 5000, feeFen: null },
  noShow: { shareBp: null, feeFen: 1000 },
  exemptReasons: ['illness'],
};
const booking: Ending = {
  status: 'confirmed',
  start: new Date('2026-11-03T03:00:00Z'),
  kind: 'meals',
  serviceDay: '2026-11-03',
  regionCode: '310101002001',
  residentFen: 1601,
};
const late = new Date('2026-11-02T03:00:00Z');
const early = new Date(late.getTime() - 1);
const byResident = { by: 'resident', reason: 'changed_plans' } as const;

describe('the rule that holds', () => {
  const among = (...changes: Partial<CancellationRule>[]) =>
    ruleFor(
      changes.map((change, index) => ({ ...rule, id: String(index), ...change })),
      booking,
    )?.id;

  it('is the nearest region’s, and there the kind’s own', () => {
    expect(among({ regionPrefix: '' }, { regionPrefix: '31' }, { regionPrefix: '3101' })).toBe('2');
    expect(among({ regionPrefix: '31', kind: 'meals' }, { regionPrefix: '3101' })).toBe('1');
    expect(among({}, { kind: 'meals' }, { kind: 'sports' })).toBe('1');
  });

  it('is that of the day of the service, half-open', () => {
    expect(among({ validFrom: '2026-11-04' })).toBeUndefined();
    expect(among({ validTo: '2026-11-03' })).toBeUndefined();
    expect(among({ validFrom: '2026-11-03', validTo: '2026-11-04' })).toBe('0');
    expect(among({ regionPrefix: '3102' })).toBeUndefined();
  });
});

describe('cancelling', () => {
  it('is free until the hour, and costs from then on, in the resident’s favour', () => {
    expect(cancellationFee(rule, booking, byResident, early)).toBeUndefined();
    expect(cancellationFee(rule, booking, byResident, late)).toEqual({ feeFen: 800, ruleId: 'r1' });
  });

  it.each([
    ['without a rule', undefined, booking, byResident],
    ['by the operator', rule, booking, { ...byResident, by: 'operator' as const }],
    ['for an excused reason', rule, booking, { ...byResident, reason: 'illness' }],
    ['while only held', rule, { ...booking, status: 'held' as const }, byResident],
    ['before there was a price', rule, { ...booking, residentFen: null }, byResident],
    ['when all is paid by funders', rule, { ...booking, residentFen: 0 }, byResident],
  ])('%s costs nothing', (_case, held, ending, how) => {
    expect(cancellationFee(held, ending, how, late)).toBeUndefined();
  });
});

describe('not coming', () => {
  it('costs the sum, never more than the resident’s part, and nothing when excused', () => {
    expect(noShowFee(rule, booking)).toEqual({ feeFen: 1000, ruleId: 'r1' });
    expect(noShowFee(rule, { ...booking, residentFen: 600 })).toEqual({ feeFen: 600, ruleId: 'r1' });
    expect(noShowFee(rule, booking, 'illness')).toBeUndefined();
  });
});

it('a rule asks for a share or a sum, not both', () => {
  expect(() => checkRule({ ...rule, late: { shareBp: 1, feeFen: 1 } })).toThrow('a share or a sum');
});
