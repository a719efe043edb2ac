import fc from 'fast-check';
import { assertBandsSound, dayTypeOf, DAY_TYPES, type Band } from './bands';
import { billedMinutes, costOfStay, type Price, tariffOf } from './price';

function price(changes: Partial<Price>): Price {
  return {
    id: 'p',
    contractId: 'c',
    siteId: null,
    ageClass: null,
    bands: [],
    kind: 'childcare',
    mode: null,
    unit: 'use',
    amountFen: 1000,
    stepMinutes: 1,
    from: '2026-01-01',
    to: null,
    ...changes,
  };
}

const evening = (amountFen: number, changes: Partial<Band> = {}): Band => ({
  ...{ days: [...DAY_TYPES], from: '18:00', to: '22:00', amountFen },
  ...changes,
});

describe('the cost of a stay', () => {
  it.each([
    ['use', 1800, 1, 0, 1800],
    ['hour', 2533, 1, 120, 5066],
    ['hour', 2533, 1, 101, 4264],
    ['hour', 1000, 1, 0, 0],
    ['hour', 1000, 30, 61, 1500],
    ['half_day', 6000, 1, 300, 6000],
    ['half_day', 6000, 1, 301, 12_000],
    ['day', 9000, 1, 480, 9000],
    ['day', 9000, 1, 0, 9000],
  ] as const)(
    'by the %s at %i fen, step %i, %i minutes: %i fen',
    (unit, amountFen, stepMinutes, minutes, fen) =>
      expect(costOfStay({ unit, amountFen, stepMinutes, spans: null }, minutes)).toBe(fen),
  );

  it('never falls when the stay grows, and never charges less than the exact minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(2000),
        fc.nat(2000),
        (amountFen, stepMinutes, a, b) => {
          const tariff = { unit: 'hour' as const, amountFen, stepMinutes, spans: null };
          const [less, more] = [Math.min(a, b), Math.max(a, b)];
          expect(costOfStay(tariff, more)).toBeGreaterThanOrEqual(costOfStay(tariff, less));
          expect(costOfStay(tariff, a) * 60 + 30).toBeGreaterThanOrEqual(amountFen * a);
          expect(billedMinutes(tariff, a) - a).toBeLessThan(stepMinutes);
        },
      ),
    );
  });
});

describe('prices by the hour of the day', () => {
  const timeZone = 'Asia/Shanghai';
  const court = (changes: Partial<Price> = {}) =>
    price({ unit: 'hour', amountFen: 3000, bands: [evening(5000)], ...changes });
  /** 2026-11-02 is a Monday; China's clock is eight hours ahead. */
  const from = (clock: string, day = '2026-11-02') => ({ start: `${day}T${clock}:00+08:00`, timeZone });
  const costs = (of: Price, stay: ReturnType<typeof from>, planned: number, minutes = planned) =>
    costOfStay(tariffOf(of, stay, planned), minutes);

  it('split a stay at the border by its minutes', () => {
    expect(tariffOf(court(), from('17:00'), 120)).toEqual({
      ...{ unit: 'hour', amountFen: 3000, stepMinutes: 1 },
      spans: [
        { fromMinute: 0, amountFen: 3000 },
        { fromMinute: 60, amountFen: 5000 },
      ],
    });
    expect(costs(court(), from('17:00'), 120)).toBe(8000);
    expect(costs(court(), from('17:00'), 120, 90)).toBe(5500);
    expect(costs(court(), from('21:30'), 60)).toBe(2500 + 1500);
  });

  it('keep no spans where one amount holds throughout', () => {
    expect(tariffOf(court(), from('18:00'), 240)).toMatchObject({ amountFen: 5000, spans: null });
    expect(tariffOf(court(), from('10:00'), 60)).toMatchObject({ amountFen: 3000, spans: null });
  });

  it('round the sum half up once, and let minutes that are rounded up run on by the clock', () => {
    const odd = court({ amountFen: 101, bands: [evening(203)] });
    // 7 × 101 + 8 × 203 = 2331 fen-minutes, 38.85 fen.
    expect(costs(odd, from('17:53'), 15)).toBe(39);
    // 50 minutes become 60: ten before the border, fifty after it.
    expect(costs(court({ stepMinutes: 30 }), from('17:50'), 50)).toBe(
      Math.round((10 * 3000 + 50 * 5000) / 60),
    );
  });

  it('take what holds at the start of a use, and of each started half day', () => {
    expect(costs(court({ unit: 'use' }), from('17:59'), 120)).toBe(3000);
    expect(costs(court({ unit: 'use' }), from('18:00'), 120)).toBe(5000);
    expect(costs(court({ unit: 'half_day' }), from('13:00'), 301)).toBe(3000 + 5000);
  });

  it.each([
    ['2026-11-02', 'workday'],
    ['2026-11-07', 'weekend'],
    ['2026-10-01', 'holiday'],
    // A Saturday that the country works on after the National Day of 2026.
    ['2026-10-10', 'workday'],
  ] as const)('know %s as a %s', (day, type) => expect(dayTypeOf(day)).toBe(type));

  it('change over at midnight with the sort of the day', () => {
    const weekend = court({ bands: [evening(6000, { days: ['weekend'], from: '00:00', to: '24:00' })] });
    expect(costs(weekend, from('23:00', '2026-11-06'), 120)).toBe(3000 + 6000);
    expect(costs(weekend, from('23:00', '2026-11-08'), 120)).toBe(6000 + 3000);
  });

  it.each<[string, Band[], string, string]>([
    ['none', [], 'month', ''],
    ['that follow each other', [evening(1), evening(2, { from: '22:00', to: '24:00' })], 'hour', ''],
    ['for other days', [evening(1, { days: ['workday'] }), evening(2, { days: ['holiday'] })], 'use', ''],
    ['that meet', [evening(1), evening(2, { from: '21:59', to: '24:00' })], 'hour', 'bands_overlap'],
    ['past midnight', [evening(1, { from: '22:00', to: '02:00' })], 'hour', 'band_empty'],
    ['of a month', [evening(1)], 'month', 'bands_of_a_month'],
  ])('judge bands %s', (_name, bands, unit, code) => {
    const judge = () => assertBandsSound(bands, unit);
    if (code === '') expect(judge).not.toThrow();
    else expect(judge).toThrow(expect.objectContaining({ code }));
  });

  it('cost what every minute on its own says, and a shorter stay never more', () => {
    const drawn = fc.record({
      hours: fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { minLength: 2, maxLength: 6 }),
      amounts: fc.array(fc.nat(9000), { minLength: 6, maxLength: 6 }),
      days: fc.subarray([...DAY_TYPES], { minLength: 1 }),
      start: fc.integer({ min: 0, max: 14 * 1440 }),
      planned: fc.integer({ min: 1, max: 2000 }),
      less: fc.nat(2000),
      stepMinutes: fc.constantFrom(1, 15, 30),
    });
    const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
    fc.assert(
      fc.property(drawn, ({ hours, amounts, days, start, planned, less, stepMinutes }) => {
        const borders = hours.toSorted((a, b) => a - b);
        const bands = borders.slice(1).map((to, index): Band => ({
          ...{ days, from: clock(borders[index]), to: clock(to), amountFen: amounts[index] },
        }));
        const drawnPrice = court({ amountFen: amounts[5], bands, stepMinutes });
        const begin = Date.parse('2026-09-28T00:00:00+08:00') + start * 60_000;
        const tariff = tariffOf(drawnPrice, { start: new Date(begin).toISOString(), timeZone }, planned);
        const minuteCosts = Array.from({ length: billedMinutes(tariff, planned) }, (_, minute) => {
          const [day, at] = new Date(begin + minute * 60_000 + 8 * 3_600_000).toISOString().split('T');
          const band = bands.find(
            (one) =>
              one.days.includes(dayTypeOf(day)) && one.from <= at.slice(0, 5) && at.slice(0, 5) < one.to,
          );
          return band?.amountFen ?? amounts[5];
        });
        const naive = minuteCosts.reduce((a, b) => a + b, 0);
        expect(costOfStay(tariff, planned)).toBe(Math.floor((naive + 30) / 60));
        expect(costOfStay(tariff, Math.min(less, planned))).toBeLessThanOrEqual(costOfStay(tariff, planned));
      }),
      { numRuns: 60 },
    );
  });
});
