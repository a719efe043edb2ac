import { sumFen, type Fen } from '@doorstep/kernel';
import type { Books } from './books';
import type { Area } from './city';
import { bookingOf, type Wish } from './day';
import type { Expected } from './oracle';
import type { Check } from './report';
import type { Charge, Settlement } from './settlement';
import type { Scene } from './setup';

/** Everything that the checks compare: answers the client collected, the databases, the broker. */
export interface Evidence {
  scene: Scene;
  wishes: Wish[];
  charges: Charge[];
  expected: Expected;
  settlement: Settlement;
  /** What was left of budgets that are too small, once everybody had booked. */
  smallBudgets: { code: string; leftFen: Fen }[];
  area: Area;
  /** GET /v1/reports/ties of the month. */
  ties: { differenceFen: Fen };
  books: Books;
}

/** Two numbers from different sources that must be the same. */
export function same(name: string, what: string, left: number | string, right: number | string): Check {
  return {
    name,
    ok: left === right,
    detail: left === right ? `${what}: ${left}` : `${what}: ${left} ≠ ${right}`,
  };
}

export async function runChecks(evidence: Evidence): Promise<Check[]> {
  return [
    await contractCheck(evidence),
    ...(await bookingChecks(evidence)),
    ...(await moneyChecks(evidence)),
    ...(await settlementChecks(evidence)),
    await messageCheck(evidence),
  ];
}

/** Sites of each city under the one contract, in the operators' own database. */
async function contractCheck({ books, scene, area }: Evidence): Promise<Check> {
  const stored = await books.rows<{ city: string; sites: string }>(
    'operators',
    `SELECT left(s.region_code, 4) AS city, count(*) AS sites
     FROM contract_site c JOIN known_site s USING (site_id) WHERE c.contract_id = $1 GROUP BY 1 ORDER BY 1`,
    [scene.contractId],
  );
  const say = (rows: [city: string, sites: number][]) => rows.map((row) => row.join(': ')).join(', ');
  const planned = area.cities.map(({ code, communities }): [string, number] => [code, communities.length]);
  return same(
    'one contract over all cities',
    'sites by city as planned against those under the contract',
    say(planned.sort()),
    say(stored.map(({ city, sites }) => [city, Number(sites)])),
  );
}

async function bookingChecks({ books, wishes, scene }: Evidence): Promise<Check[]> {
  const stored = await books.rows<{ status: string; count: string }>(
    'bookings',
    `SELECT status, count(*) FROM booking WHERE status <> 'declined' GROUP BY status ORDER BY status`,
  );
  const remembered = new Map<string, number>();
  for (const wish of wishes.filter((w) => w.outcome === 'confirmed')) {
    const status = wish.fate === 'attended' ? 'delivered' : (wish.fate ?? 'confirmed');
    remembered.set(status, (remembered.get(status) ?? 0) + 1);
  }
  const say = (entries: [string, number][]): string =>
    entries.map(([status, n]) => `${n} ${status}`).join(', ');
  const overbooked = await overbookedSessions(books, scene);
  const full = wishes.filter((wish) => wish.declinedBecause === 'full');
  const unsold = await emptySeatsOf(books, scene, new Set(full.map((wish) => wish.offering.id)));
  return [
    same(
      'bookings as the client remembers them',
      'its answers against the database',
      say([...remembered].sort()),
      say(stored.map(({ status, count }) => [status, Number(count)])),
    ),
    same(
      'no session overbooked',
      'sessions with more people than places, counted from bookings',
      overbooked,
      0,
    ),
    same(
      'no seat lost',
      `free seats in sessions that refused somebody as full (${full.length} refusals)`,
      unsold,
      0,
    ),
    same(
      'nobody in two places',
      'pairs of overlapping bookings of one resident',
      await books.number(
        'bookings',
        `SELECT count(*) FROM booking a JOIN booking b ON a.resident_id = b.resident_id AND a.id < b.id
           AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
         WHERE a.status IN ('confirmed', 'checked_in', 'on_review', 'delivered') AND b.status IN ('confirmed', 'checked_in', 'on_review', 'delivered')`,
      ),
      0,
    ),
    same(
      'no hold left over',
      'holds in the database',
      await books.number('bookings', 'SELECT count(*) FROM hold'),
      0,
    ),
  ];
}

/** Counted from the bookings and the capacity that the plan gave, not from the service's own counter. */
export async function overbookedSessions(books: Books, scene: Scene): Promise<number> {
  const capacity = capacityByOffering(scene);
  const sessions = await books.rows<{ offering_id: string; people: string }>(
    'bookings',
    `SELECT offering_id, session_id, sum(party_size) AS people FROM booking
     WHERE status IN ('held', 'confirmed', 'checked_in', 'on_review', 'delivered', 'no_show') GROUP BY offering_id, session_id`,
  );
  return sessions.filter((s) => Number(s.people) > (capacity.get(s.offering_id) ?? 0)).length;
}

/** Seats nobody ever had in sessions that turned somebody away; those given back by a later cancellation were sold once. */
async function emptySeatsOf(books: Books, scene: Scene, offerings: Set<string>): Promise<number> {
  const capacity = capacityByOffering(scene);
  const sessions = await books.rows<{ offering_id: string; people: string }>(
    'bookings',
    `SELECT offering_id, sum(party_size) AS people FROM booking WHERE status NOT IN ('declined', 'expired')
       AND offering_id = ANY ($1::uuid[]) GROUP BY offering_id`,
    [[...offerings].filter((id) => isOneSession(scene, id))],
  );
  return sessions.reduce(
    (sum, s) => sum + Math.max(0, (capacity.get(s.offering_id) ?? 0) - Number(s.people)),
    0,
  );
}

function capacityByOffering(scene: Scene): Map<string, number> {
  return new Map(scene.sites.flatMap((site) => site.offerings.map((o) => [o.id, o.plan.capacity] as const)));
}

function isOneSession(scene: Scene, offeringId: string): boolean {
  return scene.sites.some((site) => site.offerings.some((o) => o.id === offeringId && o.kind === 'meals'));
}

type Part = 'grossFen' | 'residentFen' | 'fundersFen' | 'operatorFen';
const sumOf = (charges: Charge[], part: Part): Fen => sumFen(charges.map((charge) => charge[part]));

async function moneyChecks(evidence: Evidence): Promise<Check[]> {
  return [...chargeChecks(evidence), ...programmeChecks(evidence), ...(await bookChecks(evidence))];
}

function chargeChecks({ charges, wishes, expected }: Evidence): Check[] {
  const attended = new Set(wishes.filter((w) => w.fate === 'attended').map((w) => bookingOf(w).id));
  const strangers = charges.filter((charge) => !attended.has(charge.bookingId)).length;
  const parts = sumOf(charges, 'residentFen') + sumOf(charges, 'fundersFen') + sumOf(charges, 'operatorFen');
  const gross = sumOf(charges, 'grossFen');
  return [
    same(
      'each attended service is charged once',
      'charges over HTTP against the client',
      charges.length,
      attended.size,
    ),
    same('nobody else is charged', 'charges of services that were not attended', strangers, 0),
    same(
      'prices',
      'charges over HTTP against the price list worked out by hand, in fen',
      gross,
      expected.grossFen,
    ),
    same('who pays adds up', 'resident + funders + operator against gross, in fen', parts, gross),
  ];
}

function programmeChecks({ charges, expected, scene, smallBudgets }: Evidence): Check[] {
  const paidBy = (code: string): Fen => {
    const programme = scene.programmes.find((p) => p.code === code);
    const shares = charges.flatMap((charge) => charge.funders.filter((f) => f.programmeId === programme?.id));
    return sumFen(shares.map((share) => share.amountFen));
  };
  return [
    ...Object.entries(expected.programmesFen).map(([code, amount]) =>
      same(`programme ${code}`, 'paid against its rule worked out by hand, in fen', paidBy(code), amount),
    ),
    ...smallBudgets.map(({ code, leftFen }) =>
      same(
        'a budget too small is spent to the last fen',
        `left of ${code} after the bookings, in fen`,
        leftFen,
        0,
      ),
    ),
  ];
}

async function bookChecks({ books, charges, ties }: Evidence): Promise<Check[]> {
  const overspent = await books.number(
    'billing',
    `SELECT count(*) FROM (SELECT b.id FROM programme_budget b JOIN charge_share s ON s.budget_id = b.id
       JOIN charge c ON c.id = s.charge_id AND c.status IN ('authorised', 'captured')
     GROUP BY b.id, b.amount_fen HAVING sum(coalesce(s.captured_fen, s.reserved_fen)) > b.amount_fen) AS over`,
  );
  const revenue = await books.number(
    'billing',
    `SELECT -coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
     WHERE a.kind = 'service_revenue'`,
  );
  const lines = await books.number('billing', 'SELECT coalesce(sum(amount_fen), 0) FROM ledger_line');
  return [
    same(
      'no budget is exceeded',
      'budgets with more shares than money, summed from the shares',
      overspent,
      0,
    ),
    same('the ledger sums to zero', 'all lines, in fen', lines, 0),
    same(
      'charges = ledger',
      'gross over HTTP against revenue accounts, in fen',
      sumOf(charges, 'grossFen'),
      revenue,
    ),
    same('the month ties', 'what the ties report leaves open, in fen', ties.differenceFen, 0),
  ];
}

async function settlementChecks({ books, settlement, charges, scene }: Evidence): Promise<Check[]> {
  const key = (fault: { type: string; merchantOrderNo: string }): string =>
    `${fault.type} ${fault.merchantOrderNo}`;
  const sown = settlement.faults.map(key).sort();
  const found = settlement.found.map(key).sort();
  const missed = sown.filter((fault) => !found.includes(fault));
  const invented = found.filter((fault) => !sown.includes(fault));
  const paid = sumFen(settlement.payments.map((p) => p.amountFen));
  const claimed = scene.funders;
  return [
    {
      name: 'reconciliation names exactly the sown faults',
      ok: missed.length === 0 && invented.length === 0 && sown.length === found.length,
      detail:
        missed.length + invented.length > 0
          ? `missed: ${missed.join('; ') || 'none'} · false: ${invented.join('; ') || 'none'}`
          : `${sown.length} sown, ${found.length} found`,
    },
    same(
      'nothing unexplained',
      'difference that no exception explains, in fen',
      settlement.reconciliation.differenceFen,
      0,
    ),
    same(
      'payments',
      "the till's sum against the database, in fen",
      paid,
      await books.number('billing', 'SELECT coalesce(sum(amount_fen), 0) FROM payment'),
    ),
    same(
      'refunds',
      "the till's sum against the database, in fen",
      sumFen(settlement.payments.map((p) => p.refund?.amountFen ?? 0)),
      await books.number('billing', 'SELECT coalesce(sum(amount_fen), 0) FROM refund'),
    ),
    ...Object.entries(claimed).map(([name, funderId]) =>
      same(
        `claim to ${name.replace('_', ' ')}`,
        'against the shares in the charges, in fen',
        settlement.claims.find((c) => c.funderId === funderId)?.amountFen ?? -1,
        sumFen(
          charges.flatMap((c) => c.funders.filter((f) => f.funderId === funderId).map((f) => f.amountFen)),
        ),
      ),
    ),
  ];
}

async function messageCheck({ books, wishes }: Evidence): Promise<Check> {
  const told = wishes.filter(
    (w) => w.outcome === 'confirmed' && w.resident.plan.wants !== 'childcare',
  ).length;
  return same(
    'messages',
    'confirmations written against confirmed bookings of residents who want them',
    await books.number(
      'notifications',
      `SELECT count(*) FROM delivery WHERE event_type = 'bookings.BookingConfirmed.v1' AND status = 'sent'`,
    ),
    told,
  );
}
