import { wishesOf } from './bookings-scene';

describe('the wishes of the load', () => {
  const session = (site: number, day: number) => ({
    ...{ sessionId: `s${site}d${day}`, offeringId: `o${site}` },
    start: `2026-11-0${day + 1}T03:00:00Z`,
  });
  const sessions = [0, 1, 2].map((site) => [0, 1].map((day) => session(site, day)));
  const wishes = wishesOf(['a', 'b', 'c', 'd'], sessions);

  it('put nobody into two places at a time', () => {
    expect(wishes).toHaveLength(8);
    expect(new Set(wishes.map(({ residentId, start }) => `${residentId} ${start}`)).size).toBe(8);
  });

  it('spread over the sites', () => {
    expect(wishes.slice(0, 4).map(({ sessionId }) => sessionId)).toEqual(['s0d0', 's1d0', 's2d0', 's0d0']);
    expect(wishes[4].sessionId).toBe('s1d1');
  });
});
