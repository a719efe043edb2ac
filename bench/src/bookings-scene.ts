import {
  type Area,
  type FrontEnd,
  inParallel,
  loadArea,
  makePlan,
  Progress,
  type Scene,
  setUp,
} from '@doorstep/demo';
import type { Platform } from '@doorstep/local-stack';
import { DateTime } from 'luxon';

export interface Session {
  sessionId: string;
  offeringId: string;
  start: string;
}

/** A resident who asks for a session; no pair puts anybody into two places at a time. */
export interface Wish extends Session {
  residentId: string;
}

const ZONE = 'Asia/Shanghai';
const COMMUNITIES = 20;
const RESIDENTS = 300;
const SEATS = 500;
const DAYS = 20;
const SESSIONS_MS_MAX = 30_000;
const AMPLE_FEN = 100_000_000_000;

/** Twenty communities with lunch for everybody, three hundred elderly who want it, and budgets that last. */
export async function setScene(
  platform: Platform,
  gateway: FrontEnd,
): Promise<{ scene: Scene; wishes: Wish[] }> {
  const today = DateTime.now().setZone(ZONE);
  const tomorrow = today.plus({ days: 1 });
  const area = loadArea(['3101'], COMMUNITIES, 7);
  const login = { login: platform.adminLogin, password: platform.adminPassword ?? '' };
  const day = tomorrow.toFormat('yyyy-MM-dd');
  const scene = await setUp(gateway, login, area, planOf(area, day), day, new Progress({ silent: true }));
  const nextMonth = tomorrow.plus({ months: 1 }).toFormat('yyyy-MM');
  for (const { id } of scene.programmes) {
    const budget = { period: nextMonth, amountFen: AMPLE_FEN };
    await scene.administrator.post(`/v1/programmes/${id}/budgets`, budget);
  }
  const range = `from=${day}&to=${tomorrow.plus({ days: DAYS }).toFormat('yyyy-MM-dd')}`;
  const sessions = await inParallel(scene.sites, 4, ({ offerings }) =>
    sessionsOf(scene, `/v1/availability?offeringId=${offerings[0].id}&${range}&limit=200`),
  );
  const residents = scene.residents.map(({ id }) => id);
  return { scene, wishes: wishesOf(residents, sessions) };
}

/**
 * Everybody once a day, each day at another site: neighbours in the list ask for different sessions, as people of a whole
 * city do. `sessions`: of each site, one a day.
 */
export function wishesOf(residents: readonly string[], sessions: readonly (readonly Session[])[]): Wish[] {
  const days = Math.min(...sessions.map((ofSite) => ofSite.length));
  return Array.from({ length: days }, (_, day) =>
    residents.map((residentId, i) => ({ residentId, ...sessions[(i + day) % sessions.length][day] })),
  ).flat();
}

async function sessionsOf(scene: Scene, path: string): Promise<Session[]> {
  const until = Date.now() + SESSIONS_MS_MAX;
  for (;;) {
    const { items } = await scene.frontEnd.get<{ items: (Session & { bookable: boolean })[] }>(path);
    const bookable = items.filter((session) => session.bookable);
    if (bookable.length >= DAYS - 1) return bookable.slice(0, DAYS - 1);
    if (Date.now() > until)
      throw new Error(`only ${bookable.length} of ${items.length} sessions can be booked after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function planOf(area: Area, day: string): ReturnType<typeof makePlan> {
  const plan = makePlan(area, day, 7);
  const diners = plan.residents.filter(({ wants }) => wants === 'meals');
  return {
    ...plan,
    programmes: plan.programmes.map((programme) => ({ ...programme, budgetFen: AMPLE_FEN })),
    sites: plan.sites.map((site) => ({
      ...site,
      spaces: [],
      caregivers: 0,
      offerings: site.offerings
        .filter(({ kind }) => kind === 'meals')
        .map((o) => ({ ...o, capacity: SEATS, body: { ...o.body, capacity: SEATS } })),
    })),
    residents: Array.from({ length: RESIDENTS }, (_, i) => {
      const diner = diners[i % diners.length];
      return { ...diner, body: { ...diner.body, mobile: `139${String(i).padStart(8, '0')}` } };
    }),
  };
}
