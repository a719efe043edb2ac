import { loadArea, loadCity } from './city';

describe('a city', () => {
  it('has real codes, parents before children, and as many communities as asked for', () => {
    const city = loadCity('3101', 40, 1);
    expect(city.name).toBe('上海市');
    expect(city.communities).toHaveLength(40);
    const known = new Set<string>();
    for (const region of city.regions) {
      if (region.parentCode) expect(known).toContain(region.parentCode);
      known.add(region.code);
    }
    for (const community of city.communities) expect(community.code).toMatch(/^3101\d{8}$/);
  });

  it('is the same for the same seed, and spreads over districts', () => {
    expect(loadCity('3301', 30, 2)).toEqual(loadCity('3301', 30, 2));
    expect(
      new Set(loadCity('3301', 30, 2).communities.map(({ code }) => code.slice(0, 6))).size,
    ).toBeGreaterThan(5);
  });

  it('may lack districts', () => {
    const streets = loadCity('4419', 5, 1).regions.filter(({ level }) => level === 'street');
    expect(streets.length).toBeGreaterThan(0);
  });

  it('gives all it has when more is asked for, and refuses what is no city', () => {
    expect(loadCity('4419', 1_000_000, 1).communities.length).toBeGreaterThan(300);
    expect(() => loadCity('0000', 1, 1)).toThrow('There is no city 0000');
  });
});

describe('an area', () => {
  it('shares its communities out among its cities, parents before children, a common province once', () => {
    const area = loadArea(['3301', '3302', '3101'], 8, 1);
    expect(area.cities.map(({ communities }) => communities.length)).toEqual([3, 3, 2]);
    expect(area.communities).toHaveLength(8);
    const known = new Set<string>();
    for (const { code, parentCode } of area.regions) {
      expect(known).not.toContain(code);
      if (parentCode) expect(known).toContain(parentCode);
      known.add(code);
    }
  });

  it('of one city is that city', () => {
    const { communities, name } = loadCity('3101', 5, 1);
    expect(loadArea(['3101'], 5, 1)).toMatchObject({ communities, name });
  });

  it.each([
    [['3101', '3301', '3101'], 9, 'The city 3101 is named twice.'],
    [['3101', '3301'], 1, '2 cities need 2 communities or more, not 1.'],
  ])('of %j with %d communities is refused', (codes, communities, why) =>
    expect(() => loadArea(codes, communities, 1)).toThrow(why),
  );
});
