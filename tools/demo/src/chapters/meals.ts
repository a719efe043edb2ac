import { inParallel, Refused } from '../front-end';
import { eventually } from '../patience';
import { same } from '../checks';
import type { Chapter, Stage, Told } from './chapter';
import {
  at,
  book,
  confirmed,
  EVERY_DAY,
  every,
  nextDay,
  openOwnSite,
  type OwnSite,
  register,
  sessionsOf,
} from './own-site';

const PORTIONS = 24;
const STANDING = 6;
/** Days that the standing orders are looked at: from tomorrow on. */
const DAYS = 4;

interface Dish {
  id: string;
  allergens: string[];
}

interface Sheet {
  portions: number;
  lines: { dishId?: string; avoid: string[]; portions: number; unchosen: number }[];
}

interface StandingOrder {
  id: string;
  days: { day: string; status: string; reasons?: string[] }[];
}

interface Kitchen {
  id: string;
  site: OwnSite;
  day: string;
  dishes: Dish[];
}

/** A kitchen that cooks for a sitting, take-away and delivery: menus, choices, standing orders, what to cook and bring. */
export const meals: Chapter = {
  title: 'meals',
  async play(stage: Stage): Promise<Told> {
    const kitchen = await openKitchen(stage);
    const standing = await placeStanding(stage, kitchen);
    const refusals = await order(stage, kitchen);
    const orders = await onceBooked(stage, standing);
    const { id, site, day } = kitchen;
    const sheet = await stage.scene.owner.get<Sheet>(`/v1/kitchens/${id}/sheet?day=${day}`);
    const { rounds } = await stage.scene.owner.get<{
      rounds: { stops: { bookingId: string; address?: string }[] }[];
    }>(`/v1/delivery-rounds?siteId=${site.siteId}&day=${day}&stopsMax=3`);
    const attended = await eat(stage, kitchen);
    return tell(stage, kitchen, {
      refusals,
      orders,
      sheet,
      stops: rounds.flatMap(({ stops }) => stops),
      rounds: rounds.length,
      attended,
    });
  },
};

async function openKitchen(stage: Stage): Promise<Kitchen> {
  const { owner } = stage.scene;
  const order = {
    kind: 'meals',
    mode: 'order',
    capacityModel: 'seats',
    capacity: 40,
    schedule: every('11:00', '12:00'),
    cutoffMinutes: 60,
  };
  const site = await openOwnSite(stage, {
    mark: `MEALS-${stage.scene.operatorId.slice(-6)}`,
    name: '社区助餐点',
    services: [{ kind: 'meals', priceFen: 1_800 }],
    offerings: {
      sitting: { ...order, mode: 'session', schedule: every('11:00', '12:30') },
      away: order,
      home: { ...order, delivery: 'home' },
    },
    staff: [],
  });
  const day = nextDay(stage);
  const body = {
    siteId: site.siteId,
    name: { zh: '中央厨房', en: 'kitchen' },
    portionsPerDay: PORTIONS,
    offeringIds: Object.values(site.offerings),
  };
  const { id } = await owner.post<{ id: string }>('/v1/kitchens', body);
  const dishes: Dish[] = [];
  for (const [zh, food] of [
    ['红烧肉', { allergens: ['soy'] }],
    ['清蒸鱼', { allergens: ['fish'], texture: 'soft' }],
    ['家常豆腐', { allergens: ['soy'], diets: ['vegetarian'], texture: 'soft' }],
    ['蔬菜粥', { diets: ['vegetarian', 'low_salt'], texture: 'pureed' }],
  ] as const) {
    dishes.push(await owner.post<Dish>('/v1/dishes', { name: { zh }, ...food }));
  }
  await owner.send('PUT', `/v1/menus/${site.siteId}/${day}`, {
    body: { dishIds: dishes.map((dish) => dish.id) },
  });
  // The kitchen is cleaned on the day after tomorrow.
  await owner.send('PUT', `/v1/kitchens/${id}/days/${plus(day, 1)}`, { body: { portions: 0 } });
  return { id, site, day, dishes };
}

/** Six people who eat here every day; one of them is away for a day. */
async function placeStanding(stage: Stage, { site, day }: Kitchen): Promise<string[]> {
  const diets = [
    {},
    { allergens: ['soy'] },
    { diets: ['vegetarian'] },
    { texture: 'soft' },
    { allergens: ['fish'] },
    {},
  ];
  const ids: string[] = [];
  for (const diet of diets.slice(0, STANDING)) {
    const residentId = await register(stage);
    await stage.scene.frontEnd.send('PUT', `/v1/residents/${residentId}/diet`, { body: diet });
    const what = { offeringId: site.offerings.sitting, residentId, weekdays: EVERY_DAY, time: '11:00' };
    const order = { ...what, from: day, to: plus(day, DAYS) };
    ids.push((await stage.scene.frontEnd.post<StandingOrder>('/v1/standing-orders', order)).id);
  }
  // What is booked of the pause is given back.
  await onceBooked(stage, ids);
  const pause = { from: plus(day, 2), to: plus(day, 3) };
  await stage.scene.frontEnd.send('PUT', `/v1/standing-orders/${ids[0]}/pause`, { body: pause });
  return ids;
}

/** Orders for tomorrow until the kitchen has no portion left; answers with what was refused, and why. */
async function order(stage: Stage, { site, day, dishes, id }: Kitchen): Promise<string[]> {
  const { frontEnd, owner } = stage.scene;
  const refused: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      refused.push(error.code);
    });
  };
  const [sitting] = await sessionsOf(frontEnd, site.offerings.sitting, day);
  const [home] = await sessionsOf(frontEnd, site.offerings.home, day);
  const careful = await register(stage);
  await frontEnd.send('PUT', `/v1/residents/${careful}/diet`, { body: { allergens: ['soy'] } });
  const { id: lunch } = await book(stage, site.offerings.sitting, sitting.sessionId, careful);
  const choose = (dish: Dish): Promise<unknown> =>
    frontEnd.send('PUT', `/v1/bookings/${lunch}/meal`, {
      body: { dishes: [{ dishId: dish.id, portions: 1 }] },
    });
  await attempt(() => choose(dishes[2]));
  await choose(dishes[3]);
  for (let n = 0; n < 4; n++) {
    const residentId = await register(stage);
    const point = { lng: site.lng + 0.01 * n, lat: site.lat + 0.01, crs: 'WGS84' };
    await frontEnd.send('PUT', `/v1/residents/${residentId}/home`, { body: point });
    const booking = await book(stage, site.offerings.home, home.sessionId, residentId);
    const body = {
      dishes: [{ dishId: dishes[n % 2].id, portions: 1 }],
      ...(n === 0 && { address: '另一处1号' }),
    };
    await frontEnd.send('PUT', `/v1/bookings/${booking.id}/meal`, { body });
  }
  const [away] = await sessionsOf(frontEnd, site.offerings.away, day);
  // Standing orders have theirs first; then a large party takes what is left, and one more is refused.
  await everyDayBooked(stage, id, day, 1 + 4 + STANDING);
  const { items } = await owner.get<{ items: { left: number }[] }>(
    `/v1/kitchens/${id}/days?from=${day}&to=${plus(day, 1)}`,
  );
  await book(stage, site.offerings.away, away.sessionId, await register(stage), items[0].left);
  const late = await register(stage);
  await attempt(() => book(stage, site.offerings.sitting, sitting.sessionId, late));
  return refused;
}

async function everyDayBooked({ scene }: Stage, id: string, day: string, least: number): Promise<void> {
  const path = `/v1/kitchens/${id}/days?from=${day}&to=${plus(day, 1)}`;
  await eventually('standing orders are not booked', async () => {
    const { items } = await scene.owner.get<{ items: { taken: number }[] }>(path);
    return items[0].taken >= least || undefined;
  });
}

/** Standing orders once each of their days is booked or skipped. */
function onceBooked(stage: Stage, ids: readonly string[]): Promise<StandingOrder[]> {
  return eventually('standing orders have days of which nothing is said', async () => {
    const orders = await inParallel(ids, 4, (id) =>
      stage.scene.frontEnd.get<StandingOrder>(`/v1/standing-orders/${id}`),
    );
    return orders.every(({ days }) => days.length === DAYS) ? orders : undefined;
  });
}

/** Tomorrow everybody comes, fetches, or is brought theirs. */
async function eat(stage: Stage, { site, day }: Kitchen): Promise<number> {
  const path = `/v1/bookings?siteId=${site.siteId}&from=${day}&to=${plus(day, 1)}`;
  const all = await stage.scene.owner.all<{ id: string; status: string }>(path);
  const standing = await inParallel(all, 8, ({ id }) => confirmed(stage, id));
  const due = standing.filter(({ status }) => status === 'confirmed');
  await stage.clock.moveTo(at(day, '12:45'));
  await inParallel(due, 8, ({ id }) =>
    stage.scene.owner.post(`/v1/bookings/${id}/attendance`, { outcome: 'attended' }),
  );
  await stage.everythingHeard();
  return due.length;
}

interface Outcome {
  refusals: string[];
  orders: StandingOrder[];
  sheet: Sheet;
  stops: { bookingId: string; address?: string }[];
  rounds: number;
  attended: number;
}

async function tell({ books }: Stage, kitchen: Kitchen, outcome: Outcome): Promise<Told> {
  const { refusals, orders, sheet, stops, rounds, attended } = outcome;
  const { site, day, dishes } = kitchen;
  const [portions] = await books.rows<{ cooked: string; brought: string }>(
    'bookings',
    `SELECT sum(party_size) AS cooked, count(*) FILTER (WHERE mode = 'order' AND delivery = 'home') AS brought
     FROM booking WHERE site_id = $1 AND service_day = $2 AND status = 'delivered'`,
    [site.siteId, day],
  );
  const captured = await books.number(
    'billing',
    `SELECT count(*) FROM charge WHERE site_id = $1 AND status = 'captured'`,
    [site.siteId],
  );
  const danger = sheet.lines.filter(
    ({ dishId, avoid, unchosen }) =>
      unchosen > 0 && dishes.find(({ id }) => id === dishId)?.allergens.some((one) => avoid.includes(one)),
  );
  const days = orders.flatMap((order) => order.days);
  const reasons = days.flatMap((one) => one.reasons ?? []);
  const count = (reason: string): number => reasons.filter((one) => one === reason).length;
  const checks = [
    same(
      'the kitchen cooks what is ordered',
      'portions on the sheet against those of bookings',
      sheet.portions,
      Number(portions.cooked),
    ),
    same(
      'the kitchen cooks what it can',
      'portions on the sheet against its capacity',
      sheet.portions,
      PORTIONS,
    ),
    same(
      'every delivery is on one round',
      'stops against bookings',
      new Set(stops.map(({ bookingId }) => bookingId)).size,
      Number(portions.brought),
    ),
    same('nobody is given unasked what they do not bear', 'lines of the sheet', danger.length, 0),
    same('what stood against an order is said', 'codes', refusals.join(), 'allergen,kitchen_full'),
    same(
      'each skipped day of a standing order says why',
      'kitchen full, paused',
      `${count('kitchen_full')}, ${count('paused')}`,
      `${STANDING}, 1`,
    ),
    same('each meal is charged once', 'captured charges against meals', captured, attended),
  ];
  const booked = days.filter(({ status }) => status === 'booked').length;
  const report = {
    portions: sheet.portions,
    sheetLines: sheet.lines.length,
    deliveries: stops.length,
    rounds,
    standingOrders: {
      orders: orders.length,
      booked,
      skipped: days.length - booked,
      reasons: { kitchenFull: count('kitchen_full'), paused: count('paused') },
    },
    refused: refusals,
    attended,
  };
  const text = `${sheet.portions} portions on ${sheet.lines.length} lines · ${stops.length} brought in ${rounds} rounds\n${orders.length} standing orders: ${booked} days booked, ${days.length - booked} skipped with their reason`;
  return { report: { meals: report }, rows: [['Meals', text]], checks };
}

function plus(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
