import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { distanceM, type LngLat } from '@doorstep/kernel';
import { FixedClock } from '@doorstep/testing';
import { OsrmRouter } from './osrm.router';
import { SteadyRouter } from './steady.router';
import { StraightLineRouter } from './walking-router';

const START = { lng: 121.48, lat: 31.24 };
const east = (metres: number): LngLat => ({ ...START, lng: START.lng + metres / 95_080 });
/** Beyond the river there is no bridge. */
const RIVER_LNG = east(2000).lng;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A small engine that speaks OSRM's table service: streets are half as long again as the crow flies, 5 km/h. */
const street: Answer = ({ url = '' }, response) => {
  const { pathname, searchParams } = new URL(url, 'http://engine');
  const points = pathname
    .split('/')
    .pop()!
    .split(';')
    .map((pair) => ({ lng: Number(pair.split(',')[0]), lat: Number(pair.split(',')[1]) }));
  if (points.length > 4)
    return send(response, 400, { code: 'TooBig', message: 'Too many table coordinates' });
  const indices = (name: string) => searchParams.get(name)!.split(';').map(Number);
  const metres = indices('sources').map((source) =>
    indices('destinations').map((destination) =>
      points[destination].lng > RIVER_LNG ? null : distanceM(points[source], points[destination]) * 1.5,
    ),
  );
  const seconds = metres.map((row) => row.map((way) => way && (way / 5000) * 3600));
  return send(response, 200, { code: 'Ok', distances: metres, durations: seconds });
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

let server: Server;
let answer: Answer;
let asked: string[];
let router: OsrmRouter;
/** For what does not answer: the others may be slow on a busy machine. */
let impatient: OsrmRouter;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const engine = { url: `http://127.0.0.1:${port}/table/v1/foot`, pointsMax: 4 };
  router = new OsrmRouter({ ...engine, timeoutMs: 10_000 });
  impatient = new OsrmRouter({ ...engine, timeoutMs: 300 });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  asked = [];
  answer = street;
});

describe('a routing engine', () => {
  it('answers with ways along its streets, in their order, and null where there is none', async () => {
    const ways = await router.walk(START, [east(100), east(3000), east(400)]);
    expect(ways.map((way) => way && Math.round(way.distanceM))).toEqual([150, null, 600]);
    expect(ways[0]?.seconds).toBeCloseTo(108, 0);
    expect(ways[0]?.estimated).toBe(false);
    expect(asked).toEqual([
      expect.stringMatching(
        /^\/table\/v1\/foot\/121\.480000,31\.240000;.*\?sources=0&destinations=1;2;3&annotations=duration,distance$/,
      ),
    ]);
  });

  it('is asked about as many points at once as it takes', async () => {
    const many = Array.from({ length: 7 }, (_, i) => east((i + 1) * 100));
    const ways = await router.walk(START, many);
    expect(ways.map((way) => Math.round(way!.distanceM))).toEqual(many.map((_, i) => (i + 1) * 150));
    expect(asked).toHaveLength(3);
    expect(await router.walk(START, [])).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['refuses', (_, response) => send(response, 400, { code: 'NoSegment' })],
    ['fails', (_, response) => void response.writeHead(502).end('<html>Bad gateway</html>')],
    ['answers with too few ways', (_, response) => send(response, 200, { code: 'Ok', durations: [[1]] })],
    [
      'answers with words',
      (_, r) => send(r, 200, { code: 'Ok', durations: [['a', 'b']], distances: [[1, 2]] }),
    ],
    ['hangs up', (request) => void request.socket.destroy()],
    ['never answers', () => undefined],
  ])('that %s is an error', async (_what, how) => {
    answer = how;
    await expect(impatient.walk(START, [east(1), east(2)])).rejects.toThrow();
  });
});

describe('a search with a routing engine', () => {
  const clock = new FixedClock('2026-11-02T00:00:00Z');
  const circle = new StraightLineRouter({ metresPerMinute: 80, detourPercent: 125 });
  const metres = async (steady: SteadyRouter) => {
    const [way] = await steady.walk(START, [east(100)]);
    return [Math.round(way!.distanceM), way!.estimated];
  };

  it('estimates by the straight line while the engine fails, and asks again after a rest', async () => {
    const steady = new SteadyRouter(router, circle, clock);
    expect(await metres(steady)).toEqual([150, false]);
    answer = (_, response) => send(response, 500, {});
    expect(await metres(steady)).toEqual([125, true]);
    answer = street;
    asked = [];
    clock.set('2026-11-02T00:00:09Z');
    expect(await metres(steady)).toEqual([125, true]);
    expect(asked).toEqual([]);
    clock.set('2026-11-02T00:00:10Z');
    expect(await metres(steady)).toEqual([150, false]);
  });

  it('waits no longer than the time limit', async () => {
    answer = () => undefined;
    const startedAt = performance.now();
    expect(await metres(new SteadyRouter(impatient, circle, clock))).toEqual([125, true]);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('estimates when there are more sites than the engine can be asked about', async () => {
    const steady = new SteadyRouter(router, circle, clock);
    const crowd = Array.from({ length: router.placesMax + 1 }, (_, i) => east(i));
    expect((await steady.walk(START, crowd)).every((way) => way?.estimated)).toBe(true);
    expect(asked).toEqual([]);
  });

  it('looks at least as far as either of them reaches', () => {
    const steady = new SteadyRouter(router, circle, clock);
    expect(steady.reachM(15)).toBe(1500);
    const brisk = new StraightLineRouter({ metresPerMinute: 150, detourPercent: 100 });
    expect(new SteadyRouter(router, brisk, clock).reachM(15)).toBe(2250);
  });
});
