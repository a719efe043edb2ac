import { randomUUID } from 'node:crypto';
import { FrontEnd, inParallel, Refused, type Scene } from '@doorstep/demo';
import { type Platform, PROCESSES } from '@doorstep/local-stack';
import { setScene, type Wish } from './bookings-scene';
import { cpuOfPlatform, cpuPerPiece } from './cpu';
import { billingScript, bookingsScript } from './floor/floor-scripts';
import { prepareFloor, withClient } from './floor/template';
import { type Measurement, percentiles, residentMb, round, withFloor } from './measure';
import { measureFloor } from './pgbench';

const CLIENTS = 16;
/**
 * Made before the clock runs, so that compilers and caches are not what is measured: after so many the processor time of a
 * booking stays as it is. A fifth of it is V8's compiler at the beginning.
 */
const WARM_UP = 1_500;
const MEMORY_MB_MAX = 250;
const LAG_MS_MAX = 1_000;

interface Load {
  /** Ids of bookings confirmed in the answer to their request. */
  confirmed: string[];
  samplesMs: number[];
  seconds: number;
  /** How often each other outcome was met: `202`, or the code of a refusal. */
  others: Record<string, number>;
}

/** Bookings through the gateway until they are confirmed, beside all their statements alone; lag and memory of the load. */
export async function benchBookings(
  platform: Platform,
  seconds: number,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const gateway = FrontEnd.connect(platform.gatewayUrl);
  try {
    say('  setting the scene …');
    const { scene, wishes } = await setScene(platform, gateway);
    await book(scene, wishes.slice(0, WARM_UP), 60);
    say(`  ${CLIENTS} clients book for ${seconds} s …`);
    const before = await cpuOfPlatform(platform);
    const load = await book(scene, wishes.slice(WARM_UP), seconds);
    const after = await cpuOfPlatform(platform);
    if (load.confirmed.length === 0)
      throw new Error(`no booking was confirmed: ${JSON.stringify(load.others)}`);
    const memory = await memoryOf(platform);
    const lag = await eventLag(platform, load.confirmed);
    say('  the same statements alone …');
    const floor = await floorOf(platform, load.confirmed, Math.max(2, Math.ceil(seconds / 5)));
    return [rate(load, floor), lag, memory, cpu(cpuPerPiece(before, after, load.confirmed.length))];
  } finally {
    await gateway.close();
  }
}

async function book(scene: Scene, wishes: readonly Wish[], seconds: number): Promise<Load> {
  const load: Load = { confirmed: [], samplesMs: [], seconds: 0, others: {} };
  const started = performance.now();
  await inParallel(wishes, CLIENTS, async (wish) => {
    const asked = performance.now();
    if (asked - started > seconds * 1000) return;
    const outcome = await bookOne(scene, wish);
    if ('id' in outcome) {
      load.confirmed.push(outcome.id);
      load.samplesMs.push(performance.now() - asked);
    } else load.others[outcome.code] = (load.others[outcome.code] ?? 0) + 1;
  });
  load.seconds = (performance.now() - started) / 1000;
  return load;
}

async function bookOne(
  scene: Scene,
  { offeringId, sessionId, residentId }: Wish,
): Promise<{ id: string } | { code: string }> {
  try {
    const { status, body } = await scene.frontEnd.send<{ id: string; status: string }>(
      'POST',
      '/v1/bookings',
      {
        body: { offeringId, sessionId, residentId, partySize: 1 },
        headers: { 'idempotency-key': randomUUID(), prefer: 'wait=10' },
      },
    );
    return body.status === 'confirmed' ? { id: body.id } : { code: String(status) };
  } catch (error) {
    if (error instanceof Refused) return { code: error.code };
    throw error;
  }
}

function rate(load: Load, floor: CombinedFloor): Measurement {
  const { p50, p95, p99, max } = percentiles(load.samplesMs);
  const others = Object.entries(load.others).map(([code, count]) => `${count} ${code}`);
  return withFloor({
    name: 'bookings made and confirmed through the gateway',
    value: round(load.confirmed.length / load.seconds, 1),
    unit: 'bookings/s',
    floor: round(floor.perSecond, 1),
    details: {
      ...{ confirmed: load.confirmed.length, others: others.join(', ') || 'none', clients: CLIENTS },
      ...{ p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max, ratioAim: 0.33 },
      ...{
        floorBookings: round(floor.bookings, 1),
        floorBilling: round(floor.billing, 1),
        floorBy: floor.by,
      },
    },
  });
}

/** From the booking's transaction to its charge's: the outbox, the relay, the broker and the consumer between them. */
async function eventLag(platform: Platform, ids: readonly string[]): Promise<Measurement> {
  const { bookings, billing } = platform.services;
  const held = await instants(
    bookings.databaseUrl,
    'SELECT id, created_at FROM booking WHERE id = ANY ($1)',
    ids,
  );
  const charged = await instants(
    billing.databaseUrl,
    'SELECT booking_id AS id, created_at FROM charge WHERE booking_id = ANY ($1)',
    ids,
  );
  const lags = [...held].map(([id, at]) => (charged.get(id) ?? NaN) - at);
  const { p50, p95, p99, max } = percentiles(lags);
  return {
    name: 'event lag under that load, p99: booking held to charge decided',
    value: p99,
    unit: 'ms',
    details: { p50Ms: p50, p95Ms: p95, maxMs: max, aimMs: LAG_MS_MAX },
  };
}

async function instants(url: string, text: string, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ id: string; created_at: Date }>(text, [ids]),
  );
  return new Map(rows.map(({ id, created_at }) => [id, created_at.getTime()]));
}

/** The largest of the platform's processes; the others beside it. */
async function memoryOf(platform: Platform): Promise<Measurement> {
  const sizes: Record<string, number> = {};
  for (const name of PROCESSES) {
    const { pid } = platform.services[name];
    const mb = pid === undefined ? undefined : await residentMb(pid);
    if (mb !== undefined) sizes[name] = mb;
  }
  return {
    name: 'resident memory right after that load, the largest Node process',
    value: Math.max(0, ...Object.values(sizes)),
    unit: 'MB',
    details: { ...sizes, aimMb: MEMORY_MB_MAX },
  };
}

/** What a booking costs the machine. Unlike the rate it hardly changes when others use the machine too. */
function cpu(perBooking: Record<string, number>): Measurement {
  const total = Object.values(perBooking).reduce((sum, ms) => sum + ms, 0);
  return {
    name: 'processor time of a booking, all processes together',
    value: round(total, 2),
    unit: 'ms',
    details: perBooking,
  };
}

interface CombinedFloor {
  perSecond: number;
  bookings: number;
  billing: number;
  by: string;
}

/** The services stop first: what the floor puts into the outboxes is nobody's news. */
async function floorOf(platform: Platform, ids: readonly string[], seconds: number): Promise<CombinedFloor> {
  await Promise.all(PROCESSES.map((name) => platform.stopService(name)));
  const { bookings, billing } = platform.services;
  const template = await prepareFloor(bookings.databaseUrl, billing.databaseUrl, ids);
  const common = { clients: CLIENTS, seconds };
  const a = await measureFloor({
    ...common,
    databaseUrl: bookings.databaseUrl,
    script: await bookingsScript(template),
  });
  const b = await measureFloor({
    ...common,
    databaseUrl: billing.databaseUrl,
    script: await billingScript(template),
  });
  return {
    perSecond: combinedRate(a.perSecond, b.perSecond),
    bookings: a.perSecond,
    billing: b.perSecond,
    by: a.by,
  };
}

/** One after the other on the same machine: the times of both add up. */
export function combinedRate(a: number, b: number): number {
  return 1 / (1 / a + 1 / b);
}
