import { DateTime } from 'luxon';
import type { Stage } from './chapter';
import type { Check } from '../report';
import { ZONE } from '../day';
import { Refused } from '../front-end';
import { untilGood } from '../patience';
import { onceHeard } from '../setup-sites';
import type { OpenSite, Resident, Scene } from '../setup';

export interface StoryTold {
  /** What it booked for later days; nobody comes for it when the chapter is over. */
  booked: string[];
  figures: Record<string, unknown>;
  line: string;
  checks: Check[];
}

export interface Lunch {
  site: OpenSite;
  offeringId: string;
}

interface Booking {
  id: string;
  status: string;
}

/** Sites in the first city, whose authority inspects them, whose kitchen has room for a few more on any day, a different one for each story while there are. */
export function lunches({ scene, area: { cities } }: Stage, stories: number): Lunch[] {
  const near = scene.sites.filter(({ plan }) => plan.community.code.startsWith(cities[0].code));
  const kitchens = near.flatMap((site) => {
    const lunch = site.offerings.find(({ kind, plan }) => kind === 'meals' && plan.capacity >= 20);
    return lunch ? [{ site, offeringId: lunch.id }] : [];
  });
  if (kitchens.length === 0) throw new Error('no site has a kitchen of twenty seats or more');
  return Array.from({ length: stories }, (_, i) => kitchens[i % kitchens.length]);
}

/** Some who come for lunch anyway. */
export function guests(scene: Scene, many: number): Resident[] {
  const all = scene.residents.filter(({ plan }) => plan.wants === 'meals');
  if (all.length < many) throw new Error(`only ${all.length} residents want lunch`);
  return all.slice(0, many);
}

export function dayAfter(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: ZONE }).plus({ days }).toFormat('yyyy-MM-dd');
}

/** The booking's id; the code of the refusal when it was refused. */
export async function bookLunch(
  scene: Scene,
  { offeringId }: Lunch,
  guest: Resident,
  day: string,
): Promise<string> {
  const { frontEnd } = scene;
  const [session] = await frontEnd.all<{ sessionId: string }>(
    `/v1/availability?offeringId=${offeringId}&from=${day}&to=${dayAfter(day, 1)}`,
  );
  if (!session) throw new Error(`there is no lunch on ${day}`);
  const body = { offeringId, residentId: guest.id, sessionId: session.sessionId, partySize: 1 };
  try {
    const { id } = await frontEnd.post<Booking>('/v1/bookings', body, { prefer: 'wait=10' });
    return id;
  } catch (error) {
    if (error instanceof Refused && [409, 422].includes(error.status)) return error.code;
    throw error;
  }
}

/** What an API list says about touched bookings, once its service has heard of all of them. */
export async function touched(scene: Scene, path: string, many: number): Promise<string[]> {
  const items = await untilGood(
    () => onceHeard(() => scene.owner.all<{ bookingId: string }>(path)),
    ({ length }) => length >= many,
  );
  return items.map(({ bookingId }) => bookingId).sort();
}

export async function bookFor(stage: Stage, lunch: Lunch, who: Resident[], day: string): Promise<string[]> {
  const booked: string[] = [];
  for (const guest of who) booked.push(await bookLunch(stage.scene, lunch, guest, day));
  return booked;
}

export function stillConfirmed({ books }: Stage, ids: string[]): Promise<number> {
  const text = `SELECT count(*) FROM booking WHERE id::text = ANY ($1::text[]) AND status = 'confirmed'`;
  return books.number('bookings', text, [ids]);
}

/** Two lists of bookings from different sources that must be the same. */
export function sameBookings(name: string, listed: string[], stored: string[]): Check {
  const ok = listed.join() === stored.join();
  const counts = ok ? `${listed.length} bookings` : `${listed.length} listed, ${stored.length} stored`;
  return { name, ok, detail: `the list against the bookings database: ${counts}` };
}

/** Gives back what was booked for the stories' sake. */
export async function giveBack({ scene }: Stage, ids: string[]): Promise<void> {
  for (const id of ids) await scene.frontEnd.post(`/v1/bookings/${id}/cancel`, { reason: 'changed_plans' });
}
