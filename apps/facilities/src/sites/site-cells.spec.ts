import { columnOf, parseWeeklyHours, siteOfCells } from './site-cells';

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

describe('a row of a file of sites', () => {
  it('becomes a body, numbers read, the time zone of the country by default', () => {
    expect(
      siteOfCells({ code: 'S1', nameZh: '站', lng: '121.5', lat: '31,2', areaM2: '', onHoliday: 'closed' }),
    ).toEqual({
      code: 'S1',
      name: { zh: '站' },
      location: { lng: 121.5, lat: '31,2', crs: undefined },
      timeZone: 'Asia/Shanghai',
      holidays: { onHoliday: 'closed', onMakeUpWorkday: 'as_usual' },
    });
  });

  it('is told of faults by its columns', () => {
    expect(
      ['name.zh', 'location.lat', 'openingHours[3].opens', 'areaM2', 'holidays.onHoliday'].map(columnOf),
    ).toEqual(['nameZh', 'lat', 'openingHours', 'areaM2', 'onHoliday']);
  });
});
