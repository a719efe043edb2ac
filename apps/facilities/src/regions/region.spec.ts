import fc from 'fast-check';
import { isUrbanCommunity, placeRegions, possibleParents, readRegionRow, type RegionRow } from './region';

function row(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    code: '110101001001',
    name: '多福巷社区居委会',
    level: 'community',
    parentCode: '110101001',
    ...changes,
  };
}

function read(changes: Record<string, unknown> = {}): RegionRow {
  const { region, faults } = readRegionRow(row(changes), 1);
  expect(faults).toEqual([]);
  return region as RegionRow;
}

function fieldsAtFault(changes: Record<string, unknown>): string[] {
  return readRegionRow(row(changes), 1).faults.map((fault) => fault.field);
}

describe('a row of the statistics codes', () => {
  it('says its level by its length', () => {
    expect(read({ level: undefined })).toMatchObject({ level: 'community', parentCode: '110101001' });
  });

  it('leaves out what it does not know', () => {
    expect(read({ parentCode: '', lng: '', lat: null })).toMatchObject({
      parentCode: null,
      lng: null,
      source: null,
      households: null,
    });
  });

  it('keeps the centroid as measured and as WGS-84', () => {
    const region = read({ lng: 116.404, lat: 39.915, crs: 'GCJ02' });
    expect(region.source).toEqual({ lng: 116.404, lat: 39.915, crs: 'GCJ02' });
    expect(region.lng).toBeCloseTo(116.3978, 3);
    expect(region.lat).toBeCloseTo(39.9136, 3);
  });
});

describe('a broken row', () => {
  it.each([
    ['a code of another length', { code: '1101010' }, ['code', 'parentCode']],
    ['a level that does not fit', { level: 'street' }, ['level']],
    ['no name', { name: '  ' }, ['name']],
    ['a name of wrongly decoded bytes', { name: '\uFFFD\uFFFD' }, ['name']],
    ["another street's code as parent", { parentCode: '110101002' }, ['parentCode']],
    ['a centroid without its system', { lng: 116.4, lat: 39.9 }, ['crs']],
    ['half a centroid', { lng: 116.4, crs: 'WGS84' }, ['lat']],
    ['swapped degrees', { lng: 39.9, lat: 116.4, crs: 'WGS84' }, ['lat']],
    ['a fraction of households', { households: 10.5 }, ['households']],
    ['fewer over sixty than over eighty', { population60plus: 5, population80plus: 6 }, ['population80plus']],
    ['a field nobody knows', { housholds: 5 }, ['housholds']],
  ])('%s', (_what, changes, fields) => {
    expect(fieldsAtFault(changes)).toEqual(fields);
  });

  it('names every fault at once', () => {
    expect(fieldsAtFault({ name: '', households: -1, crs: 'X', lng: 1, lat: 2 })).toEqual([
      'name',
      'households',
      'crs',
    ]);
  });

  it('is never taken, and never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const { region, faults } = readRegionRow(raw, 7);
        expect(Boolean(region)).toBe(faults.length === 0);
        faults.forEach((fault) => expect(fault).toMatchObject({ row: 7 }));
      }),
    );
  });
});

describe('the parent of a region', () => {
  it('is the next level up', () => {
    expect(possibleParents('11')).toEqual([]);
    expect(possibleParents('110101001001')).toEqual(['110101001']);
    expect(possibleParents('110101001')).toEqual(['110101']);
  });

  it('of a street may be the city, where the city has no districts', () => {
    expect(possibleParents('441900003')).toEqual(['441900', '4419']);
  });

  it('is found among the rows or the known regions, whichever the city has', () => {
    const street = () => ({ ...read(), row: 1, code: '441900003', parentCode: null });
    const withCity = [street()];
    expect(placeRegions(withCity, new Set(['4419']))).toEqual([]);
    expect(withCity[0].parentCode).toBe('4419');
    const withDistrict = [street()];
    expect(placeRegions(withDistrict, new Set(['4419', '441900']))).toEqual([]);
    expect(withDistrict[0].parentCode).toBe('441900');
  });

  it('missing is a fault of the row', () => {
    expect(placeRegions([{ ...read(), row: 3 }], new Set())).toMatchObject([{ row: 3, field: 'parentCode' }]);
  });
});

describe('a code that comes twice', () => {
  it('is a fault that names the first row', () => {
    const rows = [1, 2, 3].map((n) => ({ ...read(), row: n }));
    const faults = placeRegions(rows, new Set(['110101001']));
    expect(faults.map(({ row: n, reason }) => [n, reason])).toEqual([
      [2, '110101001001 stands in row 1 too'],
      [3, '110101001001 stands in row 1 too'],
    ]);
  });
});

describe('urban communities', () => {
  it('have 001 to 199 at the end', () => {
    expect(['110101001001', '110101001199'].every(isUrbanCommunity)).toBe(true);
    expect(['110101001200', '110101001000', '110101001'].some(isUrbanCommunity)).toBe(false);
  });
});
