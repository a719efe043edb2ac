import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOOKINGS_BOOKING, type DomainEvent, TOPICS } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Broker, IDENTITY_HEADER } from '@doorstep/platform';
import { Client } from 'pg';
import { Pool } from 'undici';
import {
  type BillingScene,
  DAY,
  deliveredService,
  fillBilling,
  heldBooking,
  operatorId,
  type Place,
  type Purse,
  SITES,
} from './billing-scene';
import { quoteScript } from './floor/billing-scripts';
import { captureFloor } from './floor/capture-script';
import { cpuOf, cpuPerPiece } from './cpu';
import { type Measurement, percentiles, residentMb, round, withFloor } from './measure';
import { measureFloor } from './pgbench';
import {
  type BenchStack,
  frontEndOf,
  openServiceDatabase,
  type ServiceProcess,
  startService,
} from './service-process';

const QUOTES = 2_000;
const QUOTES_WARM_UP = 300;
const QUOTE_MS_MAX = 10;
/** Bookings of each round; hot and spread in turn, so that neither is always the later one. */
const ROUND = 2_500;
const ROUNDS: Purse[] = ['spread', 'hot', 'hot', 'spread'];
const WARM_UP = 500;
const FLOOR_SECONDS = 5;
/** As many as the consumer works on at the same time. */
const CONNECTIONS = 4;
/** A look takes from the database what it measures: often only where it tells when it began or ended. */
const LOOK_EVERY_MS = { min: 20, max: 500 };
/** How many there are since a round began: of what is new alone, by an index. Here each capture posts one entry. */
const SINCE = {
  authorised: {
    mark: `SELECT max(id::text) AS mark FROM charge`,
    count: `SELECT count(*)::int AS n FROM charge WHERE id > coalesce($1, '00000000-0000-0000-0000-000000000000')::uuid AND status <> 'pending'`,
  },
  captured: {
    mark: `SELECT max(number)::text AS mark FROM ledger_entry`,
    count: `SELECT count(*)::int AS n FROM ledger_entry WHERE number > coalesce($1, '0')::bigint`,
  },
} as const;
/** So long may the service take for a round on a busy machine. */
const PATIENCE_MS = 300_000;

const frontEnd = frontEndOf(operatorId);

/**
 * Billing in a process of its own: quotes over HTTP beside their statements alone; ten thousand bookings authorised by events,
 * with one budget for all beside one for each street; the same ten thousand captured, beside the same effect in SQL, in
 * transactions of as many charges.
 */
export async function benchBilling(stack: BenchStack): Promise<Measurement[]> {
  const database = await openServiceDatabase(stack, 'billing');
  const storage = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  const topicPrefix = `bench${randomBytes(4).toString('hex')}.`;
  const broker = new Broker({ brokers: stack.kafkaBrokers.split(','), clientId: 'bench', topicPrefix });
  const client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.operator_id', '*', false)`);
    const scene = await fillBilling(database.ownerUrl);
    await broker.ensureTopics(TOPICS);
    const env = { TOPIC_PREFIX: topicPrefix, STORAGE_DIR: storage };
    const service = await startService(stack, 'billing', database.appUrl, env);
    const load = { scene, broker, client, service, stack };
    const { quotes, perSecond, captured } = await underLoad(service, load, database.appUrl).finally(() =>
      service.stop(),
    );
    return [quotes, budgetsOf(perSecond), await capturesOf(captured, database, stack)];
  } finally {
    await client.end();
    await database.close();
    await rm(storage, { recursive: true, force: true });
  }
}

async function underLoad(service: ServiceProcess, load: Load, databaseUrl: string) {
  const quotes = await measureQuotes(service, load.scene, databaseUrl);
  const { held, perSecond } = await authorise(load);
  // The capture itself has to be warm as well, and its tables known: autovacuum looks at new ones once a minute.
  await capture(load, held.slice(0, WARM_UP * 2));
  await load.client.query('ANALYZE');
  const captured = {
    ...(await capture(load, held.slice(WARM_UP * 2))),
    memoryMb: await residentMb(service.pid),
  };
  return { quotes, perSecond, captured };
}

async function measureQuotes(
  service: ServiceProcess,
  { places, residents }: BillingScene,
  databaseUrl: string,
): Promise<Measurement> {
  const pool = new Pool(service.url, { connections: 1 });
  const identity = await service.identity(frontEnd);
  const samplesMs: number[] = [];
  for (let n = -QUOTES_WARM_UP; n < QUOTES; n++) {
    const place = places[Math.abs(n) % places.length] as Place;
    const purse = n % 2 === 0 ? 'spread' : 'hot';
    const body = {
      ...{ offeringId: place.offerings[purse], residentId: residents[Math.abs(n) % residents.length] },
      // Courts from 17:30 to 18:30 by the site's clock: across the border of a band.
      ...{ start: `${DAY}T09:30:00.000Z`, end: `${DAY}T10:30:00.000Z` },
    };
    const before = performance.now();
    const answer = await pool.request({
      ...{ method: 'POST', path: '/v1/quotes', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', [IDENTITY_HEADER]: identity },
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`a quote was answered ${answer.statusCode}: ${text}`);
    if (n >= 0) samplesMs.push(performance.now() - before);
  }
  await pool.close();
  const floor = await measureFloor({
    ...{ databaseUrl, clients: 1, seconds: FLOOR_SECONDS },
    script: await quoteScript(operatorId, places[1] as Place, residents[1] as string, DAY),
  });
  const { p50, p95, p99, max } = percentiles(samplesMs);
  return withFloor({
    name: `quotes at ${SITES} sites under 5 programmes, one after the other`,
    value: round((samplesMs.length * 1000) / samplesMs.reduce((a, b) => a + b, 0), 1),
    unit: 'quotes/s',
    floor: round(floor.perSecond, 1),
    details: { p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max, p95AimMs: QUOTE_MS_MAX, floorBy: floor.by },
  });
}

interface Load {
  scene: BillingScene;
  broker: Broker;
  client: Client;
  service: ServiceProcess;
  stack: BenchStack;
}

type Rates = Record<Purse, number>;

async function authorise(load: Load): Promise<{ held: ReturnType<typeof heldBooking>[]; perSecond: Rates }> {
  const held: ReturnType<typeof heldBooking>[] = [];
  const seconds: Rates = { spread: 0, hot: 0 };
  const counted: Rates = { spread: 0, hot: 0 };
  const hold = async (purse: Purse, count: number) => {
    const bookings = Array.from({ length: count }, (_, n) => heldBooking(load.scene, purse, held.length + n));
    const took = await taken(load, bookings, 'authorised');
    held.push(...bookings);
    return took;
  };
  for (const purse of ['spread', 'hot'] as const) await hold(purse, WARM_UP);
  for (const purse of ROUNDS) {
    const took = await hold(purse, ROUND);
    seconds[purse] += took.seconds;
    counted[purse] += took.count;
  }
  const rate = (purse: Purse) => round(counted[purse] / seconds[purse], 0);
  return { held, perSecond: { spread: rate('spread'), hot: rate('hot') } };
}

async function capture(load: Load, held: readonly ReturnType<typeof heldBooking>[]): Promise<Captured> {
  const cpu = () => cpuOf(load.stack, { billing: load.service.pid });
  const before = await cpu();
  const { seconds, count } = await taken(load, held.map(deliveredService), 'captured');
  return {
    perSecond: round(count / seconds, 0),
    count,
    cpuMs: cpuPerPiece(before, await cpu(), held.length),
  };
}

interface Captured {
  perSecond: number;
  count: number;
  /** Of a capture, by part. */
  cpuMs: Record<string, number>;
}

/** Sends events and waits for what they do: from the first charge of the round in that status to the last. */
async function taken(
  { broker, client, service }: Load,
  events: readonly DomainEvent[],
  status: 'authorised' | 'captured',
): Promise<{ seconds: number; count: number }> {
  const { rows: marks } = await client.query<{ mark: string | null }>(SINCE[status].mark);
  const counted = async (): Promise<number> => {
    const { rows } = await client.query<{ n: number }>(SINCE[status].count, [marks[0]?.mark]);
    return rows[0]?.n ?? 0;
  };
  const type = status === 'captured' ? 'bookings.ServiceDelivered.v1' : 'bookings.BookingHeld.v1';
  // All of them lie there before the clock runs.
  await service.held(() => send(broker, events, type));
  const patience = performance.now() + PATIENCE_MS;
  let [first, began] = [0, performance.now()];
  for (;;) {
    const now = await counted();
    if (first === 0 && now > 0) [first, began] = [now, performance.now()];
    const elapsedMs = performance.now() - began;
    if (now >= events.length) return { seconds: elapsedMs / 1000, count: events.length - first };
    if (performance.now() > patience)
      throw new Error(`after ${PATIENCE_MS / 1000} s only ${now} of ${events.length} charges are ${status}`);
    // Half of what is left at the pace so far.
    const leftMs = now > first ? ((events.length - now) * elapsedMs) / (now - first) : 0;
    const pauseMs = Math.min(LOOK_EVERY_MS.max, Math.max(LOOK_EVERY_MS.min, leftMs / 2));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function send(broker: Broker, events: readonly DomainEvent[], type: string): Promise<void> {
  const producer = await broker.producer();
  for (let n = 0; n < events.length; n += 1_000)
    await producer.produce(events.slice(n, n + 1_000).map((each) => message(each, type)));
  await producer.close();
}

function message(each: DomainEvent, type: string) {
  return {
    topic: BOOKINGS_BOOKING.name,
    key: (each as DomainEvent & { bookingId: string }).bookingId,
    value: JSON.stringify(each),
    headers: { ce_id: newId(), ce_type: type, ce_correlationid: newId() },
  };
}

function budgetsOf({ spread, hot }: Rates): Measurement {
  return withFloor({
    name: `charges authorised by events, one budget for all beside ${SITES}`,
    value: hot,
    unit: 'charges/s',
    floor: spread,
    details: { rounds: ROUNDS.join(' '), each: ROUND, ratioAim: 0.5 },
  });
}

async function capturesOf(
  { perSecond, count, cpuMs, memoryMb }: Captured & { memoryMb?: number },
  { ownerUrl, appUrl }: { ownerUrl: string; appUrl: string },
  stack: BenchStack,
): Promise<Measurement> {
  const { script, perTransaction } = await captureFloor(ownerUrl);
  const floor = measureFloor({ databaseUrl: appUrl, script, clients: CONNECTIONS, seconds: FLOOR_SECONDS });
  const [plain, postgresMs] = await Promise.all([floor, busyMs(stack, (FLOOR_SECONDS - 2) * 1000)]);
  const plainPerSecond = plain.perSecond * perTransaction;
  // The front-ends' part lies before the clock.
  const { 'front-ends': _laidReady, ...ofCapture } = cpuMs;
  const allMs = Object.values(ofCapture).reduce((sum, ms) => sum + ms, 0);
  const floorMs = (postgresMs * 1000) / plainPerSecond;
  return withFloor({
    name: 'charges captured by events, to ledger and outbox',
    value: perSecond,
    unit: 'charges/s',
    floor: round(plainPerSecond, 0),
    details: {
      ...{ counted: count, perTransaction, ratioAim: 0.4, floorBy: plain.by },
      ...(memoryMb !== undefined && { memoryMb }),
      ...Object.fromEntries(Object.entries(ofCapture).map(([part, ms]) => [`cpuMs ${part}`, ms])),
      ...{ 'cpuMs of all': round(allMs, 3), 'cpuMs of the floor': round(floorMs, 3) },
      // Unlike the rates it hardly changes when others use the machine too.
      ratioByCpu: round(floorMs / allMs, 3),
    },
  });
}

/** Processor time that the databases take in each millisecond, over so many of them, beginning in a second. */
async function busyMs(stack: BenchStack, overMs: number): Promise<number> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(1_000);
  const [before, began] = [await cpuOf(stack, {}), performance.now()];
  await pause(overMs);
  const perMs = cpuPerPiece(before, await cpuOf(stack, {}), performance.now() - began);
  return Object.entries(perMs).reduce((sum, [part, ms]) => sum + (part.startsWith('pg ') ? ms : 0), 0);
}
