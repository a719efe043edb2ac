import { randomUUID } from 'node:crypto';
import type { Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { type FrontEnd, inParallel, Refused } from './front-end';
import { eventually } from './patience';
import type { Progress } from './progress';
import type { Random } from './random';
import type { DayClock } from './rehearsal-clock';
import type { OpenSite, Resident, Scene } from './setup';

export const ZONE = 'Asia/Shanghai';

interface Session {
  sessionId: string;
  offeringId: string;
  start: string;
  end: string;
  bookable: boolean;
}

interface Shares {
  grossFen: Fen;
  residentFen: Fen;
  fundersFen?: Fen;
  operatorFen: Fen;
}

interface BookingAnswer {
  id: string;
  status: string;
  start: string;
  end: string;
  offeringId: string;
  price?: Shares;
  visitCode?: string;
}

/** What the front-end remembers of one wish for a service: its own answers, nobody else's. */
export interface Wish {
  resident: Resident;
  site: OpenSite;
  offering: OpenSite['offerings'][number];
  quote?: Shares;
  booking?: BookingAnswer;
  /** How the request ended for the front-end. */
  outcome: 'confirmed' | 'declined' | 'no_session';
  declinedBecause?: string;
  fate?: 'cancelled' | 'attended' | 'no_show';
  prepaid?: boolean;
  minutes?: number;
}

const WIDTH = 12;

/** The morning: everybody looks around, asks for a price and books; a few change their minds. */
export async function bookTheDay(
  scene: Scene,
  day: string,
  random: Random,
  progress: Progress,
): Promise<Wish[]> {
  const byId = new Map(scene.sites.map((site) => [site.id, site]));
  const bar = progress.bar('bookings', scene.residents.length);
  const slots = scene.residents.map((resident) => ({
    resident,
    slot: random.int(0, 1_000_000),
    prepaid: random.chance(25),
  }));
  const wishes = await inParallel(slots, WIDTH, async ({ resident, slot, prepaid }) => {
    const wish = await bookOne(scene.frontEnd, byId, resident, day, slot);
    if (prepaid && (resident.plan.wants === 'meals' || resident.plan.wants === 'sports')) wish.prepaid = true;
    bar.add(1);
    return wish;
  });
  bar.done();
  return wishes;
}

async function bookOne(
  frontEnd: FrontEnd,
  sites: Map<string, OpenSite>,
  resident: Resident,
  day: string,
  slot: number,
): Promise<Wish> {
  const { community, wants } = resident.plan;
  const near = await frontEnd.get<{ items: { site: { id: string } }[] }>(
    `/v1/nearby?lng=${community.lng}&lat=${community.lat}&crs=WGS84&minutes=15&kind=${wants}&limit=5`,
  );
  const found =
    near.items.map((item) => sites.get(item.site.id)).find((site) => site !== undefined) ??
    nearestWith(sites, resident);
  const offering = found.offerings.find((o) => o.kind === wants);
  if (!offering) throw new Error(`nearby said ${found.code} offers ${wants}, which it does not`);
  const wish: Wish = { resident, site: found, offering, outcome: 'no_session' };
  const session = await chooseSession(frontEnd, offering.id, day, slot);
  if (!session) return wish;

  const what = { offeringId: offering.id, residentId: resident.id };
  wish.quote = await frontEnd.post<Shares>('/v1/quotes', {
    ...what,
    start: session.start,
    end: session.end,
    partySize: 1,
  });
  try {
    const answer = await frontEnd.send<BookingAnswer>('POST', '/v1/bookings', {
      body: { ...what, sessionId: session.sessionId, partySize: 1 },
      headers: { prefer: 'wait=10', 'idempotency-key': randomUUID() },
    });
    wish.booking = answer.status === 202 ? await outcomeOf(frontEnd, answer.body.id) : answer.body;
    wish.outcome = wish.booking.status === 'confirmed' ? 'confirmed' : 'declined';
  } catch (error) {
    if (!(error instanceof Refused) || ![409, 422].includes(error.status)) throw error;
    wish.outcome = 'declined';
    wish.declinedBecause = error.code;
  }
  return wish;
}

/** Someone with nothing within a quarter of an hour goes further: to the first site in the list that has it. */
function nearestWith(sites: Map<string, OpenSite>, resident: Resident): OpenSite {
  for (const site of sites.values())
    if (site.offerings.some((o) => o.kind === resident.plan.wants)) return site;
  throw new Error(`no site offers ${resident.plan.wants}`);
}

/**
 * Takes a bookable session where there is one; where all are full it asks for one all the same, as people who pressed
 * the button a moment too late do.
 */
async function chooseSession(
  frontEnd: FrontEnd,
  offeringId: string,
  day: string,
  slot: number,
): Promise<Session | undefined> {
  const next = DateTime.fromISO(day).plus({ days: 1 }).toISODate();
  const { items } = await frontEnd.get<{ items: Session[] }>(
    `/v1/availability?offeringId=${offeringId}&from=${day}&to=${next}`,
  );
  const bookable = items.filter((session) => session.bookable);
  const pool = bookable.length > 0 ? bookable : items;
  return pool[slot % Math.max(1, pool.length)];
}

async function outcomeOf(frontEnd: FrontEnd, bookingId: string): Promise<BookingAnswer> {
  return eventually(`booking ${bookingId} is still held`, async () => {
    const booking = await frontEnd.get<BookingAnswer>(`/v1/bookings/${bookingId}`);
    return booking.status === 'held' ? undefined : booking;
  });
}

/** About one in seventeen thinks better of it. */
export async function cancelSome(scene: Scene, wishes: Wish[], random: Random): Promise<void> {
  const cancelled = wishes.filter((wish) => wish.outcome === 'confirmed').filter(() => random.chance(6));
  await inParallel(cancelled, WIDTH, async (wish) => {
    await scene.frontEnd.post(`/v1/bookings/${bookingOf(wish).id}/cancel`, { reason: 'changed_plans' });
    wish.fate = 'cancelled';
  });
}

/**
 * The day itself: at every full hour carers check in and out of their visits with the code that the client shows; in the
 * evening the sites record who came.
 */
export async function attendTheDay(
  scene: Scene,
  wishes: Wish[],
  clock: DayClock,
  day: string,
  random: Random,
  progress: Progress,
): Promise<void> {
  const standing = wishes.filter((wish) => wish.outcome === 'confirmed' && wish.fate !== 'cancelled');
  const visits = standing.filter((wish) => wish.offering.kind === 'elderly_care');
  const others = standing.filter((wish) => wish.offering.kind !== 'elderly_care');
  const bar = progress.bar('visits and attendance', standing.length);

  const ends = [...new Set(visits.flatMap((wish) => [bookingOf(wish).start, bookingOf(wish).end]))].sort();
  for (const instant of ends) {
    await clock.moveTo(new Date(instant));
    await inParallel(
      visits.filter((wish) => bookingOf(wish).end === instant),
      WIDTH,
      async (wish) => {
        await scene.owner.post(`/v1/bookings/${bookingOf(wish).id}/check-out`, {
          code: bookingOf(wish).visitCode,
        });
        wish.fate = 'attended';
        bar.add(1);
      },
    );
    await inParallel(
      visits.filter((wish) => bookingOf(wish).start === instant),
      WIDTH,
      (wish) =>
        scene.owner.post(`/v1/bookings/${bookingOf(wish).id}/check-in`, { code: bookingOf(wish).visitCode }),
    );
  }

  await clock.moveTo(DateTime.fromISO(`${day}T20:30:00`, { zone: ZONE }).toJSDate());
  const fates = others.map((wish) => ({
    wish,
    stays: wish.prepaid === true || random.chance(94),
    minutes: random.int(85, 120),
  }));
  await inParallel(fates, WIDTH, async ({ wish, stays, minutes }) => {
    wish.fate = stays ? 'attended' : 'no_show';
    if (stays && wish.offering.kind === 'childcare') wish.minutes = minutes;
    await scene.owner.post(`/v1/bookings/${bookingOf(wish).id}/attendance`, {
      outcome: wish.fate,
      minutes: wish.minutes,
    });
    bar.add(1);
  });
  bar.done();
}

export function bookingOf(wish: Wish): BookingAnswer {
  if (!wish.booking) throw new Error('this wish never became a booking');
  return wish.booking;
}
