import { DateTime } from 'luxon';
import { ZONE } from '../day';
import type { FrontEnd } from '../front-end';
import { eventually } from '../patience';
import { onceHeard } from '../setup-sites';
import type { Chapter, Stage, Told } from './chapter';
import { refusalOf } from './childcare-nursery';
import { waitlistChecks } from './waitlist-checks';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
export const SEATS = 3;
/** Half of what the resident would have paid, from two days before on; illness is excused. */
export const LATE_SHARE_BP = 5_000;

export interface Booked {
  id: string;
  residentId: string;
  status: string;
  statusReason?: string;
  partySize: number;
  feeFen?: number;
  price?: { residentFen: number };
}

interface Entry {
  id: string;
  residentId: string;
  status: string;
  position?: number;
  bookingId?: string;
}

export interface WaitStory {
  sessionId: string;
  offeringId: string;
  /** Who cancelled late, and what the answer said of the fee. */
  late: Booked;
  excused: Booked;
  /** Answers that the story expects, by what was asked. */
  answers: Record<string, string>;
}

/** A table that is full: waiting, cancellations with and without a fee, offers that block, acceptance, expiry. */
export const waitlist: Chapter = {
  title: 'a full table, and who waits for it',
  async play(stage: Stage): Promise<Told> {
    const table = await Table.open(stage);
    const answers: Record<string, string> = {};
    const guests = await table.residents(SEATS);
    const seated: Booked[] = [];
    for (const guest of guests) seated.push(await table.book(guest));
    const [first, second, third] = seated as [Booked, Booked, Booked];
    const [stranger, single, urgent] = (await table.residents(3)) as [string, string, string];
    const [family] = (await table.residents(1)) as [string];
    answers['a full table'] = await refusalOf(() => table.book(stranger));
    const waits = {
      family: await table.join(family, 2),
      single: await table.join(single, 1),
      urgent: await table.join(urgent, 1, 5),
    };
    answers['in the queue: urgent, family, single'] = await table.order([
      waits.urgent,
      waits.family,
      waits.single,
    ]);

    const late = await table.cancel(first.id, 'changed_plans');
    answers['who is urgent is offered the seat'] = await table.statusOf(waits.urgent);
    answers['nobody else can have it meanwhile'] = await refusalOf(() => table.book(stranger));
    answers['the offer, accepted'] = (await table.accept(waits.urgent)).status;

    const excused = await table.cancel(second.id, 'illness');
    answers['one seat is not enough for two: the family'] = await table.statusOf(waits.family);
    answers['one seat is not enough for two: who came later'] = await table.statusOf(waits.single);
    await stage.clock.moveTo(new Date(stage.clock.now().getTime() + 31 * 60_000));
    answers['an offer that nobody took'] = await table.until(waits.single, 'expired');
    answers['it does not come back to life'] = await refusalOf(() => table.accept(waits.single));

    await table.cancelAs('owner', third.id, 'double_booked');
    answers['two seats are free: the family'] = await table.until(waits.family, 'offered');
    answers['both, accepted'] = (await table.accept(waits.family)).status;
    answers['the table afterwards'] = await refusalOf(() => table.book(stranger));
    await stage.everythingHeard();
    const { sessionId, offeringId } = table;
    return waitlistChecks(stage, { sessionId, offeringId, late, excused, answers });
  },
};

/** One small lunch table at a site of the city, its guests, and who waits. */
class Table {
  private constructor(
    private readonly frontEnd: FrontEnd,
    private readonly owner: FrontEnd,
    private readonly regionCode: string,
    readonly offeringId: string,
    readonly sessionId: string,
  ) {}

  static async open({ scene, clock }: Stage): Promise<Table> {
    const { owner, frontEnd, official, sites } = scene;
    const [site] = sites;
    const { code } = site.plan.community;
    const tomorrow = DateTime.fromJSDate(clock.now(), { zone: ZONE }).plus({ days: 1 }).toISODate() as string;
    await official.post('/v1/cancellation-rules', {
      ...{ regionCode: code.slice(0, 9), kind: 'meals', validFrom: tomorrow, freeMinutes: 2_880 },
      ...{ late: { shareBp: LATE_SHARE_BP }, exemptReasons: ['illness'], source: '街道公约' },
    });
    const { id: offeringId } = await owner.post<{ id: string }>(`/v1/sites/${site.id}/offerings`, {
      ...{ code: 'TABLE', name: { zh: '小圆桌', en: 'Small table' }, kind: 'meals', mode: 'session' },
      ...{ delivery: 'on_site', capacityModel: 'seats', capacity: SEATS, skills: [] },
      ...{ leadMinutes: 0, cutoffMinutes: 30, bufferMinutes: 0 },
      schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '12:00', ends: '13:00' })),
    });
    const after = DateTime.fromISO(tomorrow).plus({ days: 1 }).toISODate() as string;
    const query = `offeringId=${offeringId}&from=${tomorrow}&to=${after}`;
    const sessionId = await eventually('the table has no sessions', async () => {
      const { items } = await onceHeard(() =>
        frontEnd.get<{ items: { sessionId: string }[] }>(`/v1/availability?${query}`),
      );
      return items[0]?.sessionId;
    });
    return new Table(frontEnd, owner, code, offeringId, sessionId);
  }

  async residents(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const { id } = await this.frontEnd.post<{ id: string }>('/v1/residents', {
        ...{ name: '陈等', birthDate: `19${50 + n}-03-01`, regionCode: this.regionCode },
        consents: [{ purpose: 'booking' }],
      });
      ids.push(id);
    }
    return ids;
  }

  async book(residentId: string, partySize = 1): Promise<Booked> {
    const { offeringId, sessionId } = this;
    const body = { offeringId, sessionId, residentId, partySize };
    const booked = await this.frontEnd.post<Booked>('/v1/bookings', body, { prefer: 'wait=10' });
    return this.settled(booked);
  }

  cancel(id: string, reason: string): Promise<Booked> {
    return this.cancelAs('frontEnd', id, reason);
  }

  cancelAs(who: 'frontEnd' | 'owner', id: string, reason: string): Promise<Booked> {
    return this[who].post<Booked>(`/v1/bookings/${id}/cancel`, { reason });
  }

  async join(residentId: string, partySize: number, priority = 0): Promise<string> {
    const who = priority > 0 ? this.owner : this.frontEnd;
    const body = { residentId, partySize, priority };
    return (await who.post<Entry>(`/v1/sessions/${this.sessionId}/waiting`, body)).id;
  }

  async order(expected: string[]): Promise<string> {
    const { items } = await this.entries();
    const queue = items.filter(({ position }) => position !== undefined);
    const sorted = queue.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ id }) => id);
    return sorted.join() === expected.join() ? 'yes' : 'no';
  }

  async statusOf(entryId: string): Promise<string> {
    return (await this.entry(entryId)).status;
  }

  until(entryId: string, status: string): Promise<string> {
    return eventually(`who waits is not ${status}`, async () =>
      (await this.statusOf(entryId)) === status ? status : undefined,
    );
  }

  async accept(entryId: string): Promise<Booked> {
    const { bookingId } = await this.entry(entryId);
    const path = `/v1/bookings/${bookingId}/accept`;
    return this.settled(await this.frontEnd.post<Booked>(path, {}, { prefer: 'wait=10' }));
  }

  private async entry(id: string): Promise<Entry> {
    const found = (await this.entries()).items.find((each) => each.id === id);
    if (!found) throw new Error(`nobody waits as ${id}`);
    return found;
  }

  private entries(): Promise<{ items: Entry[] }> {
    return this.frontEnd.get(`/v1/sessions/${this.sessionId}/waiting?limit=50`);
  }

  /** A busy machine may answer before billing has. */
  private settled({ id }: Booked): Promise<Booked> {
    return eventually(`booking ${id} is still held`, async () => {
      const booking = await this.frontEnd.get<Booked>(`/v1/bookings/${id}`);
      return booking.status === 'held' ? undefined : booking;
    });
  }
}
