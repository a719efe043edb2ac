import { distanceM } from '@doorstep/kernel';
import fc from 'fast-check';
import { StraightLineRouter } from '../nearby/walking-router';
import {
  type Community,
  gapsOf,
  type Group,
  GROUPS,
  hasPoint,
  partsOf,
  proposalsOf,
  type Question,
  shareOf,
} from './coverage';
import { boxAround, circlesOf, reachOf, type ServingSite } from './reach';

const PACE = { metresPerMinute: 80, detourPercent: 125 };
const router = new StraightLineRouter(PACE);
const METRES_EAST = 1 / (111_195 * Math.cos((31.2 * Math.PI) / 180));

/** A community so many metres east of the origin. */
function community(code: string, eastM: number | null, households = 100): Community {
  const population = { households, population0to3: 5, population60plus: 60, population80plus: 12 };
  return {
    code,
    name: code,
    lng: eastM === null ? null : 121 + eastM * METRES_EAST,
    lat: eastM === null ? null : 31.2,
    ...population,
  };
}

function site(eastM: number, ...kinds: string[]): ServingSite {
  return { lng: 121 + eastM * METRES_EAST, lat: 31.2, kinds };
}

const meals: Question = { kind: 'meals', minutes: 15, group: 'households' };

describe('coverage', () => {
  it('counts who lives within the walk to the nearest site of the kind', async () => {
    const communities = [
      community('310101001001', 0),
      community('310101001002', 900),
      community('310101002001', 2000, 200),
    ];
    const reach = await reachOf(communities, [site(0, 'meals'), site(2000, 'sports')], router, 15);
    expect(shareOf(communities, reach, meals)).toEqual({ population: 400, covered: 200, shareBp: 5000 });
    expect(shareOf(communities, reach, { ...meals, minutes: 5 })).toMatchObject({
      covered: 100,
      shareBp: 2500,
    });
    expect(shareOf(communities, reach, { ...meals, kind: 'sports' })).toMatchObject({ covered: 200 });
    expect(shareOf(communities, reach, { ...meals, group: 'population60plus' })).toMatchObject({
      population: 180,
      covered: 120,
    });
  });

  it('takes a community without a centroid for uncovered, and one without figures for nobody', async () => {
    const unknown = { ...community('310101001002', 0), households: null };
    const communities = [community('310101001001', null), unknown];
    const reach = await reachOf(communities, [site(0, 'meals')], router, 15);
    expect(shareOf(communities, reach, meals)).toEqual({ population: 100, covered: 0, shareBp: 0 });
    expect(shareOf([unknown], reach, meals)).toEqual({ population: 0, covered: 0, shareBp: null });
  });

  it('is told by enclosing region', () => {
    const communities = ['310101002001', '310101001002', '310101001001'].map((code) => community(code, 0));
    expect([...partsOf(communities, 9)].map(([code, parts]) => [code, parts.length])).toEqual([
      ['310101001', 2],
      ['310101002', 1],
    ]);
  });
});

describe('gaps', () => {
  it('are ranked by need', async () => {
    const communities = [
      community('a', 5000, 10),
      community('b', 5000, 30),
      community('c', 5000, 30),
      community('d', 0, 99),
    ];
    const reach = await reachOf(communities, [site(0, 'meals')], router, 15);
    expect(
      gapsOf(communities, reach, meals).map(({ community: { code }, uncovered }) => [code, uncovered]),
    ).toEqual([
      ['b', 30],
      ['c', 30],
      ['a', 10],
    ]);
  });
});

describe('where to build next', () => {
  it('takes the place that covers most of those outside, then the next best of what is left', async () => {
    const communities = [
      community('a', 0, 50),
      community('b', 800, 40),
      community('c', 1600, 50),
      community('d', 9000, 120),
      community('e', 20_000, 500),
    ];
    const reach = await reachOf(communities, [site(20_000, 'meals')], router, 15);
    const circles = await circlesOf(communities, router, 15);
    const proposals = proposalsOf(communities, reach, meals, circles, 10);
    expect(
      proposals.map(({ community: { code }, gain, coveredAfter }) => [code, gain, coveredAfter]),
    ).toEqual([
      ['b', 140, 640],
      ['d', 120, 760],
    ]);
    expect(proposals[1].shareAfterBp).toBe(10_000);
  });
});

/** A small city: communities and sites strewn over some kilometres. */
const place = fc.record({
  lng: fc.double({ min: 121, max: 121.06, noNaN: true }),
  lat: fc.double({ min: 31.2, max: 31.25, noNaN: true }),
});
const count = fc.option(fc.integer({ min: 0, max: 3000 }), { freq: 10 });
const aCommunity = fc.record({
  place: fc.option(place, { freq: 12 }),
  households: count,
  population0to3: count,
  population60plus: count,
  population80plus: count,
});
const aCity = fc.record({
  communities: fc.array(aCommunity, { minLength: 1, maxLength: 25 }).map((all) =>
    all.map(({ place: at, ...figures }, i): Community => {
      const code = `3101${String(i % 3).padStart(5, '0')}${String(i).padStart(3, '0')}`;
      return { code, name: code, lng: at?.lng ?? null, lat: at?.lat ?? null, ...figures };
    }),
  ),
  sites: fc.array(
    place.chain((at) => fc.subarray(['meals', 'sports', 'childcare']).map((kinds) => ({ ...at, kinds }))),
    { maxLength: 12 },
  ),
});
const aQuestion = fc.record({
  kind: fc.constantFrom('meals', 'sports'),
  minutes: fc.constantFrom(5, 10, 15),
  group: fc.constantFrom<Group>(...GROUPS),
});

describe('the box in which sites are looked for', () => {
  it('holds every site that somebody fast can walk to, far north too', () => {
    const reachM = new StraightLineRouter({ metresPerMinute: 200, detourPercent: 100 }).reachM(30);
    const points = [
      { lng: 121, lat: 53 },
      { lng: 122, lat: 20 },
    ];
    const box = boxAround(points, reachM);
    expect(distanceM(points[0], { lng: box.west, lat: 53 })).toBeGreaterThanOrEqual(reachM);
    expect(distanceM(points[1], { lng: box.east, lat: 20 })).toBeGreaterThanOrEqual(reachM);
    expect(distanceM(points[0], { lng: 121, lat: box.north })).toBeGreaterThanOrEqual(reachM);
    expect(distanceM(points[1], { lng: 122, lat: box.south })).toBeGreaterThanOrEqual(reachM);
  });
});

/** Brute force: every community against every site. */
function within(
  one: { lng: number; lat: number },
  other: { lng: number; lat: number },
  minutes: number,
): boolean {
  return distanceM(one, other) * 1.25 <= minutes * 80;
}

function coveredByForce(all: Community[], sites: ServingSite[], { kind, minutes, group }: Question): number {
  return all
    .filter(hasPoint)
    .filter((one) => sites.some((other) => other.kinds.includes(kind) && within(one, other, minutes)))
    .reduce((sum, one) => sum + (one[group] ?? 0), 0);
}

describe('in any small city', () => {
  it('coverage and gaps equal counting every community against every site', async () => {
    await fc.assert(
      fc.asyncProperty(aCity, aQuestion, async ({ communities, sites }, question) => {
        const reach = await reachOf(communities, sites, router, 15);
        const share = shareOf(communities, reach, question);
        expect(share.covered).toBe(coveredByForce(communities, sites, question));
        const outside = gapsOf(communities, reach, question).reduce((sum, gap) => sum + gap.uncovered, 0);
        expect(share.covered + outside).toBe(share.population);
      }),
      { numRuns: 300 },
    );
  });

  it('each proposal is the best there is at its turn, and its gain is what building there would bring', async () => {
    await fc.assert(
      fc.asyncProperty(aCity, aQuestion, async ({ communities, sites }, question) => {
        const reach = await reachOf(communities, sites, router, 15);
        const circles = await circlesOf(communities, router, question.minutes);
        const built = [...sites];
        const covered = () => coveredByForce(communities, built, question);
        const gainOf = (at: { lng: number; lat: number }) =>
          coveredByForce(communities, [...built, { ...at, kinds: [question.kind] }], question) - covered();
        for (const proposal of proposalsOf(communities, reach, question, circles, 4)) {
          const best = Math.max(...communities.filter(hasPoint).map(gainOf));
          expect(proposal.gain).toBe(best);
          expect(gainOf(proposal.community)).toBe(best);
          built.push({ lng: proposal.community.lng, lat: proposal.community.lat, kinds: [question.kind] });
          expect(proposal.coveredAfter).toBe(covered());
        }
      }),
      { numRuns: 150 },
    );
  });
});
