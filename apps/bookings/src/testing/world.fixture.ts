import { randomBytes } from 'node:crypto';
import type { OfferingSnapshot, SiteSnapshot } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anOwner,
  type Caller,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from '../app.module';
import type { AvailabilityDto } from '../availability/availability.dto';
import type { BookingDto } from '../bookings/bookings.dto';
import { BookingsConfig } from '../config';
import { migrations } from '../migrations';
import { type Changes, COMMUNITY, Neighbours } from './neighbours.fixture';

/** Monday, 09:00 in Shanghai. */
export const MORNING = '2026-11-02T01:00:00Z';
export const TODAY = '2026-11-02';
export const TOMORROW = '2026-11-03';

/** One operator with a contract, on a running service: the stage of the specs in this project. */
export class World extends Neighbours {
  readonly frontEnd: Caller;
  readonly owner: Caller;

  constructor(
    readonly service: TestService,
    clock: FixedClock,
  ) {
    super(clock);
    this.frontEnd = service.as(aFrontEnd(this.operatorId));
    this.owner = service.as(anOwner(this.operatorId));
  }

  /** A site under the contract with one offering, delivered; answers once its sessions stand. */
  async open(
    offering: Changes<OfferingSnapshot> = {},
    site: Changes<SiteSnapshot> = {},
  ): Promise<OfferingSnapshot> {
    const place = this.site(site);
    const offered = this.offering({ ...offering, siteId: place.siteId });
    await this.service.deliver(this.contract(), this.contractSite(place.siteId), place, offered);
    await this.sessions(offered.offeringId);
    return offered;
  }

  /** What can be booked of an offering on some days, tomorrow by default; waits until sessions stand. */
  sessions(offeringId: string, from = TOMORROW, to = nextDay(from)): Promise<AvailabilityDto[]> {
    return this.service.eventually(async () => {
      const items = await this.availability(offeringId, `from=${from}&to=${to}`);
      if (items.length === 0) throw new Error(`offering ${offeringId} has no sessions from ${from} to ${to}`);
      return items;
    });
  }

  async availability(
    offeringId: string,
    query = `from=${TOMORROW}&to=${nextDay(TOMORROW)}`,
  ): Promise<AvailabilityDto[]> {
    const { body } = await this.frontEnd
      .get(`/v1/availability?offeringId=${offeringId}&${query}`)
      .expect(200);
    return (body as { items: AvailabilityDto[] }).items;
  }

  /** The first session of tomorrow. */
  async session(offeringId: string): Promise<AvailabilityDto> {
    return (await this.sessions(offeringId))[0] as AvailabilityDto;
  }

  async resident(changes: Record<string, unknown> = {}): Promise<string> {
    const { body } = await this.frontEnd
      .post('/v1/residents')
      .send({
        name: '王芳',
        birthDate: '1950-05-01',
        regionCode: COMMUNITY,
        consents: [{ purpose: 'booking' }, { purpose: 'subsidy' }],
        ...changes,
      })
      .expect(201);
    return (body as { id: string }).id;
  }

  /** Many residents at once, straight into the tables: for crowds. */
  async crowd(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => newId());
    await this.service.db.query(
      `INSERT INTO resident (id, operator_id, region_code, birth_date, hardship, disability, sealed, version, created_at)
       SELECT id, $2, $3, '1950-05-01', false, false, '\\x00', 1, now() FROM unnest($1::uuid[]) AS id`,
      [ids, this.operatorId, COMMUNITY],
    );
    await this.service.db.query(
      `INSERT INTO consent (id, operator_id, resident_id, purpose, granted_by, granted_at)
       SELECT uuidv7(), $2, id, 'booking', 'self', now() FROM unnest($1::uuid[]) AS id`,
      [ids, this.operatorId],
    );
    return ids;
  }

  /** Asks for a booking; without waiting for billing unless told to. */
  book(
    offering: { offeringId: string },
    sessionId: string,
    residentId: string,
    more: Record<string, unknown> = {},
  ) {
    return this.frontEnd
      .post('/v1/bookings')
      .set('prefer', 'wait=0')
      .send({ offeringId: offering.offeringId, sessionId, residentId, ...more });
  }

  /** A booking that billing has authorised. */
  async confirmed(
    offering: { offeringId: string },
    sessionId: string,
    residentId: string,
  ): Promise<BookingDto> {
    const { body } = await this.book(offering, sessionId, residentId).expect(202);
    await this.service.deliver(this.authorised(body as BookingDto));
    return this.booking((body as BookingDto).id);
  }

  async booking(id: string): Promise<BookingDto> {
    const { body } = await this.frontEnd.get(`/v1/bookings/${id}`).expect(200);
    return body as BookingDto;
  }

  /** What must hold at any moment: counters, holds and live bookings tell the same story. */
  async assertConsistent(): Promise<void> {
    const { rows } = await this.service.db.query(`
      SELECT s.id, s.taken, s.capacity, s.overhang, coalesce(sum(b.units), 0)::int AS booked
      FROM session s LEFT JOIN booking b
        ON b.session_id = s.id AND b.status NOT IN ('declined', 'expired', 'cancelled')
      GROUP BY s.id HAVING s.taken <> coalesce(sum(b.units), 0) OR s.taken > s.capacity + s.overhang`);
    expect(rows).toEqual([]);
    const { rows: holds } = await this.service.db.query(`
      SELECT b.id, b.status, h.booking_id FROM booking b FULL JOIN hold h ON h.booking_id = b.id
      WHERE (b.status IN ('held', 'offered')) IS DISTINCT FROM (h.booking_id IS NOT NULL)`);
    expect(holds).toEqual([]);
  }
}

export function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

export const KEYS = {
  MASTER_KEY: randomBytes(32).toString('base64'),
  CONTACT_KEY: randomBytes(32).toString('base64'),
};

/** Starts the service at MORNING with one operator. */
export async function startWorld(env: Record<string, string> = {}): Promise<World> {
  const clock = new FixedClock(MORNING);
  const service = await startTestService('bookings', AppModule, BookingsConfig, migrations, {
    clock,
    env: { ...KEYS, ...env },
  });
  return new World(service, clock);
}
