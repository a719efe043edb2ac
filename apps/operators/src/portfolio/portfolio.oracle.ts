/** A naive second opinion on the portfolio, from a bag of events in any order: no batches, no deltas, no SQL. */

export interface OracleEvent {
  type: string;
  data: Record<string, unknown>;
}

type Row = Record<string, string | number | null>;

const BOOKED = ['bookings.BookingConfirmed.v1', 'bookings.ServiceDelivered.v1', 'bookings.BookingNoShow.v1'];

/** Counts events one by one. */
class Tally {
  readonly figures = new Map<string, Row>();
  readonly funders = new Map<string, Row>();

  constructor(
    /** The contract under which a site stands on a day, if any. */
    private readonly contractOf: (siteId: string, day: string) => string | undefined,
  ) {}

  place(data: Record<string, unknown>, day: unknown, region: unknown): Row {
    const contract = data.contractId ? String(data.contractId) : null;
    return {
      site: String(data.siteId),
      month: String(day).slice(0, 7),
      contract: this.contractOf(String(data.siteId), String(day)) ?? contract,
      region: String(region),
      kind: String(data.kind),
    };
  }

  add(at: Row, amounts: Record<string, number>): void {
    if (Object.values(amounts).every((amount) => amount === 0)) return;
    const key = JSON.stringify(at);
    const row = this.figures.get(key) ?? { ...at };
    for (const [name, amount] of Object.entries(amounts)) row[name] = Number(row[name] ?? 0) + amount;
    this.figures.set(key, row);
  }

  addShare(at: Row, { funderId, amountFen }: Share): void {
    const key = JSON.stringify([at, funderId]);
    const row = this.funders.get(key) ?? { ...at, funder: funderId, amount_fen: 0 };
    row.amount_fen = Number(row.amount_fen) + amountFen;
    this.funders.set(key, row);
  }
}

/**
 * @param contractOf the contract under which a site stands on a day, if any
 * @param regionOf where a site lies, for charges whose booking nobody told of
 */
export function figuresByHand(
  events: readonly OracleEvent[],
  contractOf: (siteId: string, day: string) => string | undefined,
  regionOf: (siteId: string) => string,
): { figures: Row[]; funders: Row[] } {
  const tally = new Tally(contractOf);
  const isBooking = ({ type }: OracleEvent): boolean => /^bookings\.(Booking|ServiceDelivered)/.test(type);
  const bookings = newest(events.filter(isBooking), 'bookings.', 'bookingId');
  for (const { type, data } of bookings) {
    const units = Number(data.units ?? data.partySize);
    tally.add(tally.place(data, data.serviceDay, data.regionCode), {
      booked: BOOKED.includes(type) ? units : 0,
      attended: type.includes('Delivered') ? units : 0,
      no_show: type.includes('NoShow') ? units : 0,
      cancelled: type.includes('Cancelled') ? units : 0,
      visits: type.includes('Delivered') ? Number(data.partySize) : 0,
    });
  }
  const told = events.filter(({ type }) => type.startsWith('billing.'));
  const charges = new Map(told.map((event) => [`${event.data.chargeId} ${event.data.version}`, event]));
  for (const { data } of charges.values()) {
    const booking = bookings.find((each) => each.data.bookingId === data.bookingId);
    const at = tally.place(data, data.serviceDay, booking?.data.regionCode ?? regionOf(String(data.siteId)));
    tally.add(at, {
      gross_fen: Number(data.grossFen),
      resident_fen: Number(data.residentFen),
      funders_fen: Number(data.fundersFen),
      concession_fen: Number(data.operatorFen),
    });
    for (const share of sharesOf(data, [...charges.values()])) tally.addShare(at, share);
  }
  for (const { data } of newest(events, 'bookings.CapacitySnapshot', 'capacityId')) {
    for (const day of data.days as Record<string, unknown>[]) {
      tally.add(tally.place({ ...data, kind: day.kind }, day.day, day.regionCode), {
        sessions: Number(day.sessions),
        capacity: Number(day.capacity),
        waiting: Number(day.waiting),
        booked: Number(day.placed ?? 0),
        attended: Number(day.came ?? 0),
        no_show: Number(day.missing ?? 0),
        visits: Number(day.came ?? 0),
      });
    }
  }
  const funders = [...tally.funders.values()].filter((row) => row.amount_fen !== 0);
  return { figures: [...tally.figures.values()], funders };
}

/** Who came in a month to each street, one by one: `<month> <street>` and how many. */
export function peopleByHand(events: readonly OracleEvent[]): Map<string, number> {
  const merges = new Map(
    events
      .filter(({ type }) => type.includes('ResidentMerged'))
      .map(({ data }) => [data.residentId, data.survivorId]),
  );
  const isBooking = ({ type }: OracleEvent): boolean => /^bookings\.(Booking|ServiceDelivered)/.test(type);
  const booked = newest(events.filter(isBooking), 'bookings.', 'bookingId')
    .filter(({ type }) => type.includes('Delivered'))
    .map(({ data }): OracleEvent['data'] => ({ ...data, day: data.serviceDay }));
  const recorded = events
    .filter(({ type }) => type.includes('AttendanceRecorded'))
    .map((each) => ({ ...each, data: { ...each.data, of: `${each.data.placementId} ${each.data.day}` } }));
  const inCare = newest(recorded, 'bookings.', 'of')
    .filter(({ data }) => data.outcome === 'attended' || data.outcome === 'checked_in')
    .map(({ data }) => data);
  const people = new Map<string, Set<unknown>>();
  for (const { day, regionCode, residentId } of [...booked, ...inCare]) {
    const key = `${String(day).slice(0, 7)} ${String(regionCode).slice(0, 9)}`;
    people.set(key, (people.get(key) ?? new Set()).add(merges.get(residentId) ?? residentId));
  }
  return new Map([...people].map(([key, ids]) => [key, ids.size]));
}

interface Share {
  funderId: string | null;
  amountFen: number;
}

/** A correction says no names: it counts for the capture's largest funder. */
function sharesOf(data: Record<string, unknown>, charges: readonly OracleEvent[]): Share[] {
  if (Array.isArray(data.funders)) return data.funders as Share[];
  if (data.fundersFen === 0) return [];
  const capture = charges.find(
    (each) => each.data.chargeId === data.chargeId && Array.isArray(each.data.funders),
  );
  const shares = [...((capture?.data.funders ?? []) as Share[])].sort(
    (a, b) => b.amountFen - a.amountFen || (String(a.funderId) < String(b.funderId) ? -1 : 1),
  );
  return [{ funderId: shares[0]?.funderId ?? null, amountFen: Number(data.fundersFen) }];
}

function newest(events: readonly OracleEvent[], type: string, key: string): OracleEvent[] {
  const found = new Map<string, OracleEvent>();
  for (const event of events.filter((each) => each.type.startsWith(type))) {
    const id = String(event.data[key]);
    const known = found.get(id);
    if (!known || Number(known.data.version) < Number(event.data.version)) found.set(id, event);
  }
  return [...found.values()];
}
