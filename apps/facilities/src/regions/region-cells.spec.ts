import { readRegionCells } from './region-cells';

const isFormula = (text: string) => text.startsWith('=');
const read = (cells: Record<string, string>, kind: 'codes' | 'figures' = 'codes') =>
  readRegionCells(cells, 12, kind, isFormula);

describe('a row of a region file', () => {
  it('becomes a region, its numbers read', () => {
    const { region, faults } = read({
      code: '110101001001',
      name: '多福巷社区居委会',
      streetCode: '110101001',
      lng: '116.41',
      lat: '39.93',
      crs: 'WGS84',
      households: '1500',
      population0to3: '',
    });
    expect(faults).toEqual([]);
    expect(region).toMatchObject({
      row: 12,
      code: '110101001001',
      lng: 116.41,
      households: 1500,
      population0to3: null,
    });
  });

  it('of figures needs no name', () => {
    expect(read({ code: '110101001001', households: '9' }, 'figures').faults).toEqual([]);
    expect(read({ code: '110101001001', households: '9' }).faults).toMatchObject([
      { field: 'name', row: 12 },
    ]);
  });

  it.each([
    ['households', '1,500'],
    ['households', '12e3'],
    ['lng', '116°'],
  ])('with %s written as %s is at fault', (column, text) => {
    const { region, faults } = read({ code: '11', name: '北京市', lat: '39', crs: 'WGS84', [column]: text });
    expect(region).toBeUndefined();
    expect(faults.map(({ field }) => field)).toContain(column);
  });

  it('with a formula is at fault', () => {
    const { region, faults } = read({ code: '11', name: '=HYPERLINK("x")' });
    expect(region).toBeUndefined();
    expect(faults).toMatchObject([{ field: 'name', reason: 'is a formula' }]);
  });
});
