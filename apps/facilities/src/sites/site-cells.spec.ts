import fc from 'fast-check';
import { formatExceptions, formatWeeklyHours, parseExceptions, parseWeeklyHours } from './hours-cells';
import { columnOf, siteOfCells } from './site-cells';
import { addDays } from './wall-clock';

describe('weekly hours in one cell', () => {
  it('name days and spans', () => {
    expect(parseWeeklyHours('1-2 08:00-20:00; 7 09:00-12:00 22:00-02:00')).toEqual([
      { weekday: 1, opens: '08:00', closes: '20:00' },
      { weekday: 2, opens: '08:00', closes: '20:00' },
      { weekday: 7, opens: '09:00', closes: '12:00' },
      { weekday: 7, opens: '22:00', closes: '02:00' },
    ]);
    expect(parseWeeklyHours('1,3,5-6 08:00–09:00')?.map(({ weekday }) => weekday)).toEqual([1, 3, 5, 6]);
  });

  it.each([
    '',
    ';',
    '08:00-20:00',
    '1-5',
    '5-1 08:00-20:00',
    '0 08:00-20:00',
    '1-5 8-20',
    'daily 08:00-20:00',
  ])('cannot be read from %j', (text) => {
    expect(parseWeeklyHours(text)).toBeUndefined();
  });
});

describe('opening exceptions in one cell', () => {
  it('name days, hours and reasons', () => {
    const text =
      '2026-10-01..2026-10-07 closed 国庆; 2026-12-24 09:00-12:00 13:00–14:00 "a; ""b"" "; 2027-07-01..2027-08-31 1-5 08:00-21:00 6,7 09:00-12:00';
    const at = (opens: string, closes: string, weekday?: number) => ({
      ...(weekday && { weekday }),
      opens,
      closes,
    });
    expect(parseExceptions(text)).toEqual([
      { from: '2026-10-01', to: '2026-10-08', spans: [], reason: '国庆' },
      { day: '2026-12-24', spans: [at('09:00', '12:00'), at('13:00', '14:00')], reason: 'a; "b" ' },
      {
        ...{ from: '2027-07-01', to: '2027-09-01' },
        spans: [
          ...[1, 2, 3, 4, 5].map((weekday) => at('08:00', '21:00', weekday)),
          ...[6, 7].map((weekday) => at('09:00', '12:00', weekday)),
        ],
      },
    ]);
    expect(parseExceptions('')).toEqual([]);
  });

  it.each([
    'closed',
    '2026-10-01',
    '2026-10-01 open',
    '2026-10-01..closed',
    '2026-10-01 5-1 08:00-09:00',
    ';',
  ])('cannot be read from %j', (text) => expect(parseExceptions(text)).toBeUndefined());
});

describe('hours, whatever they are', () => {
  const time = fc
    .integer({ min: 0, max: 47 })
    .map((n) => `${String(n >> 1).padStart(2, '0')}:${n % 2 ? '30' : '00'}`);
  const weekday = fc.integer({ min: 1, max: 7 });
  const weekly = fc.array(fc.record({ weekday, opens: time, closes: time }), { maxLength: 8 });
  const spans = fc.array(
    fc.record({ weekday, opens: time, closes: time }, { requiredKeys: ['opens', 'closes'] }),
    {
      maxLength: 6,
    },
  );
  const sorted = (of: object[]) => of.map((each) => JSON.stringify(each, Object.keys(each).sort())).sort();

  it('are read as they were written', () => {
    fc.assert(
      fc.property(weekly, (of) =>
        expect(sorted(parseWeeklyHours(formatWeeklyHours(of)) ?? [])).toEqual(sorted(of)),
      ),
      { numRuns: 100 },
    );
    const day = fc.integer({ min: 0, max: 700 }).map((n) => addDays('2026-01-01', n));
    const reason = fc.option(
      fc.string({ unit: fc.constantFrom(...'节 ;"1:-'), minLength: 1, maxLength: 9 }),
      {
        nil: undefined,
      },
    );
    const exception = fc.record({ from: day, days: fc.integer({ min: 1, max: 60 }), spans, reason });
    fc.assert(
      fc.property(fc.array(exception, { maxLength: 4 }), (made) => {
        const overrides = made.map(({ from, days, reason: why, spans: of }) => ({
          ...{ from, to: addDays(from, days), spans: of, source: 'site' as const },
          ...(why !== undefined && { reason: why }),
        }));
        const read = parseExceptions(formatExceptions(overrides)) ?? [];
        const flat = read.map(({ day: one, from, to, spans: of, reason: why }) => ({
          ...{ from: from ?? one, to: to ?? addDays(one as string, 1), spans: sorted(of), reason: why },
        }));
        expect(flat).toEqual(
          overrides.map(({ from, to, spans: of, reason: why }) => ({
            from,
            to,
            spans: sorted(of),
            reason: why,
          })),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('a row of a file of sites', () => {
  it('becomes a body, numbers read, the time zone of the country by default', () => {
    expect(
      siteOfCells({ code: 'S1', nameZh: '站', lng: '121.5', lat: '31,2', areaM2: '', onHoliday: 'closed' }),
    ).toEqual({
      code: 'S1',
      name: { zh: '站' },
      location: { lng: 121.5, lat: '31,2', crs: undefined },
      timeZone: 'Asia/Shanghai',
      openingExceptions: [],
      holidays: { onHoliday: 'closed', onMakeUpWorkday: 'as_usual' },
    });
  });

  it('is told of faults by its columns', () => {
    expect(
      ['name.zh', 'location.lat', 'openingHours[3].opens', 'areaM2', 'holidays.onHoliday'].map(columnOf),
    ).toEqual(['nameZh', 'lat', 'openingHours', 'areaM2', 'onHoliday']);
  });
});
