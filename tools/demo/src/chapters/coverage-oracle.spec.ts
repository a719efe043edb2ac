import type { City, RegionRow } from '../city';
import type { OpenSite } from '../setup';
import { countCoverage } from './coverage-oracle';

const at = (km: number) => ({ lng: 121 + km / 95.2, lat: 31 });

/** A community so many kilometres east, with so many homes. */
function community(code: string, km: number, households: number): Required<RegionRow> {
  return { code, ...at(km), households } as Required<RegionRow>;
}

function site(km: number, kind: string, delivery = 'on_site'): OpenSite {
  const plan = { body: { location: at(km) }, offerings: [{ kind, body: { delivery } }] };
  return { plan } as unknown as OpenSite;
}

const city = {
  communities: [
    community('A', 0, 100),
    community('B', 0.9, 200),
    community('C', 1.8, 300),
    community('D', 2.7, 300),
    community('E', 9, 350),
  ],
} as City;
const question = { kind: 'meals', group: 'households', minutes: 15 } as const;

describe('the demo counts coverage itself', () => {
  it('by the circle of 960 metres around sites that one goes to for the kind', () => {
    const counted = countCoverage(
      city,
      [site(0, 'meals'), site(1.8, 'sports'), site(2.7, 'meals', 'home')],
      question,
      3,
    );
    expect(counted).toMatchObject({ population: 1250, covered: 300 });
    expect(counted.gaps).toEqual([
      ['E', 350],
      ['C', 300],
      ['D', 300],
    ]);
  });

  it('builds where most is gained, each time from scratch, until nothing is', () => {
    const { proposals } = countCoverage(city, [site(0, 'meals')], question, 9);
    expect(proposals).toEqual([
      ['C', 600],
      ['E', 350],
    ]);
  });
});
