import { DateTime } from 'luxon';
import { sumFen } from '@doorstep/kernel';
import type { Platform } from '@doorstep/local-stack';
import { AlipayTill } from './alipay';
import { Books, BrokerBooks, countersOf, publishedOf } from './books';
import { CHAPTERS } from './chapters';
import type { Stage, Told } from './chapters/chapter';
import { type Evidence, overbookedSessions, runChecks } from './checks';
import type { Area } from './city';
import { closingChecks, outboxRows } from './closing-checks';
import { attendTheDay, bookTheDay, cancelSome, ZONE, type Wish } from './day';
import { FrontEnd, inParallel } from './front-end';
import { expectedOf } from './oracle';
import { eventually, lookAgain } from './patience';
import { makePlan } from './plan';
import type { Progress } from './progress';
import { Random } from './random';
import type { DayClock } from './rehearsal-clock';
import type { Report } from './report';
import { capturedCharges, payAfterwards, payAhead, settle, Till } from './settlement';
import { setUp, type Scene } from './setup';

/** Plays one operating day on a running platform, start to books, and reports what it came to. */
export async function playTheDay(
  platform: Platform,
  area: Area,
  clock: DayClock,
  seed: number,
  progress: Progress,
): Promise<Omit<Report, 'seconds'>> {
  // Tomorrow, so that the whole day lies ahead whatever the hour is now.
  const day = DateTime.fromJSDate(clock.now(), { zone: ZONE }).plus({ days: 1 }).toFormat('yyyy-MM-dd');
  const gateway = FrontEnd.connect(platform.gatewayUrl);
  const books = await Books.open(databasesOf(platform));
  const broker = await BrokerBooks.open(platform.stack.kafkaBrokers);
  const allHeard = (): Promise<void> => everythingHeard(books, broker);
  try {
    const login = { login: platform.adminLogin, password: platform.adminPassword ?? '' };
    const scene = await setUp(gateway, login, area, makePlan(area, day, seed), day, progress);
    await allHeard();
    await clock.moveTo(DateTime.fromISO(`${day}T07:30:00`, { zone: ZONE }).toJSDate());
    const played = await live(scene, clock, day, new Random(seed + 2), progress);
    await allHeard();
    await messagesSent(books);
    const ties = await scene.owner.get<Evidence['ties']>(`/v1/reports/ties?period=${day.slice(0, 7)}`);
    const expected = expectedOf(played.wishes, day, area);
    const ofTheDay = await reportOf(area, { scene, area, ...played, ties, expected, books });
    const stage = { platform, gateway, books, area, scene, day, clock, progress, ...played };
    const alipay = new AlipayTill(clock, day);
    const told = await tellChapters({ ...stage, alipay, everythingHeard: allHeard }, seed);
    return await close(platform, { books, broker }, ofTheDay, told);
  } finally {
    await broker.close();
    await books.close();
    await gateway.close();
  }
}

/** What is told once the chapters have been played is not in it. */
type DayReport = Omit<Report, 'seconds' | 'events' | 'chapters' | 'notChecked'>;

async function tellChapters(stage: Omit<Stage, 'random'>, seed: number): Promise<Told[]> {
  const told: Told[] = [];
  for (const [i, chapter] of CHAPTERS.entries()) {
    const bar = stage.progress.bar(chapter.title, 1);
    told.push(await chapter.play({ ...stage, random: new Random(seed + 100 * (i + 1)) }));
    bar.add(1);
    bar.done();
    await stage.everythingHeard();
  }
  return told;
}

/** What the chapters told joins the report; what must hold of the whole platform is looked at last. */
async function close(
  platform: Platform,
  { books, broker }: { books: Books; broker: BrokerBooks },
  ofTheDay: DayReport,
  told: Told[],
): Promise<Omit<Report, 'seconds'>> {
  const events = await sumCounters(platform);
  const atBroker = await broker.count();
  return {
    ...ofTheDay,
    events,
    chapters: {
      rows: told.flatMap(({ rows }) => rows),
      parts: Object.assign({}, ...told.map((t) => t.report)),
    },
    checks: [
      ...ofTheDay.checks,
      ...told.flatMap(({ checks }) => checks),
      ...(await closingChecks(books, atBroker, events)),
    ],
    notChecked: told.flatMap(({ notChecked = [] }) => notChecked),
  };
}

/** From the first look around in the morning to the channel's bill. */
async function live(scene: Scene, clock: DayClock, day: string, random: Random, progress: Progress) {
  const till = new Till(scene, clock, day);
  const wishes = await bookTheDay(scene, day, random, progress);
  const smallBudgets = await leftOfSmallBudgets(scene, day);
  await payAhead(till, wishes);
  await cancelSome(scene, wishes, random);
  for (const wish of wishes.filter((w) => w.fate === 'cancelled' && w.prepaid)) await till.refund(wish);
  await attendTheDay(scene, wishes, clock, day, random, progress);

  const attended = wishes.filter((wish) => wish.fate === 'attended').length;
  const charges = await capturedCharges(scene, attended);
  await payAfterwards(till, wishes, charges, progress);
  const settlement = await settle(scene, till, day, random);
  return { wishes, smallBudgets, charges, settlement };
}

async function reportOf(area: Area, evidence: Evidence): Promise<DayReport> {
  const { scene, wishes, charges, settlement, books } = evidence;
  const found = settlement.found.map((e) => `${e.type} ${e.merchantOrderNo}`);
  const sown = settlement.faults.map((f) => `${f.type} ${f.merchantOrderNo}`);
  const ledger = (sign: '>' | '<'): Promise<number> =>
    books.number(
      'billing',
      `SELECT abs(coalesce(sum(amount_fen), 0)) FROM ledger_line WHERE amount_fen ${sign} 0`,
    );
  return {
    city: area.name,
    communities: area.communities.length,
    sites: scene.sites.length,
    contracts: 1,
    bookings: countBookings(wishes),
    overbooked: await overbookedSessions(books, scene),
    charges: {
      grossFen: sumFen(charges.map((c) => c.grossFen)),
      residentFen: sumFen(charges.map((c) => c.residentFen)),
      fundersFen: sumFen(charges.map((c) => c.fundersFen)),
      operatorFen: sumFen(charges.map((c) => c.operatorFen)),
    },
    ledger: { debitFen: await ledger('>'), creditFen: await ledger('<') },
    settlement: {
      lines: settlement.lines,
      matched: settlement.reconciliation.matched,
      exceptions: settlement.found.length,
      seededFaults: sown.length,
      faultsFound: sown.filter((fault) => found.includes(fault)).length,
      falseAlarms: found.filter((fault) => !sown.includes(fault)).length,
    },
    reconciliation: { differenceFen: settlement.reconciliation.differenceFen },
    checks: await runChecks(evidence),
  };
}

function databasesOf(platform: Platform): Record<string, string> {
  return Object.fromEntries(
    Object.entries(platform.services)
      .filter(([, service]) => service.databaseUrl !== '')
      .map(([name, service]) => [name, service.databaseUrl]),
  );
}

function countBookings(wishes: Wish[]): Report['bookings'] {
  const count = (test: (wish: Wish) => boolean): number => wishes.filter(test).length;
  return {
    requested: count((w) => w.outcome !== 'no_session'),
    held: count((w) => w.booking !== undefined),
    confirmed: count((w) => w.outcome === 'confirmed'),
    declined: count((w) => w.outcome === 'declined'),
    cancelled: count((w) => w.fate === 'cancelled'),
    attended: count((w) => w.fate === 'attended'),
  };
}

async function leftOfSmallBudgets(scene: Scene, day: string): Promise<Evidence['smallBudgets']> {
  const small = scene.programmes.filter((programme) => programme.tooSmall);
  return inParallel(small, 4, async ({ id, code }) => {
    const budgets = await scene.administrator.all<{
      period: string;
      amountFen: number;
      reservedFen: number;
      spentFen: number;
    }>(`/v1/programmes/${id}/budgets`);
    const budget = budgets.find((b) => b.period === day.slice(0, 7));
    return { code, leftFen: budget ? budget.amountFen - budget.reservedFen - budget.spentFen : NaN };
  });
}

const HEARD_LOOK_MS = 50;
const HEARD_MS_MAX = 90_000;

/**
 * Waits until outboxes are empty and no consumer is behind, as the broker counts it. Effects tell on: it is all when, after
 * everything up to some ends was heard, outboxes are empty and the ends are still the same.
 */
async function everythingHeard(books: Books, broker: BrokerBooks): Promise<void> {
  const deadline = Date.now() + HEARD_MS_MAX;
  const until = async (isDone: () => Promise<boolean>): Promise<void> => {
    while (Date.now() < deadline && !(await isDone())) await lookAgain(HEARD_LOOK_MS);
  };
  let heard: number | undefined;
  while (Date.now() < deadline) {
    await until(async () => (await outboxRows(books)) === 0);
    const ends = await broker.ends();
    if (publishedOf(ends) === heard) return;
    await until(async () => (await broker.lag(ends)) === 0);
    heard = publishedOf(ends);
  }
  throw new Error('after a minute and more the services have still not heard everything that was told');
}

async function messagesSent(books: Books): Promise<void> {
  await eventually('there are still messages that were not sent', async () => {
    const queued = await books.number(
      'notifications',
      `SELECT count(*) FROM delivery WHERE status = 'queued'`,
    );
    return queued === 0 || undefined;
  });
}

async function sumCounters(platform: Platform): Promise<Report['events']> {
  const sums = { published: 0, consumed: 0, duplicatesIgnored: 0, deadLettered: 0 };
  for (const service of Object.values(platform.services).filter((s) => s.databaseUrl !== '')) {
    const counters = await countersOf(service.url);
    sums.published += counters.published;
    sums.consumed += counters.consumed;
    sums.duplicatesIgnored += counters.duplicates_ignored;
    sums.deadLettered += counters.dead_lettered;
  }
  return sums;
}
