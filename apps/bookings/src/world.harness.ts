import { randomBytes } from 'node:crypto';
import {
  ChargeAuthorised,
  ChargeDeclined,
  ContractSiteSnapshot,
  ContractSnapshot,
  event,
  OfferingSnapshot,
  SiteSnapshot,
  StaffSnapshot,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  aFrontEnd,
  anOwner,
  type Caller,
  FixedClock,
  startTestService,
  type TestService,
} from '@doorstep/testing';
import { AppModule } from './app.module';
import type { AvailabilityDto } from './availability/availability.dto';
import type { BookingDto } from './bookings/bookings.dto';
import { BookingsConfig } from './config';
import { migrations } from './migrations';

/** Monday, 09:00 in Shanghai. */
export const MORNING = '2026-11-02T01:00:00Z';
export const TODAY = '2026-11-02';
export const TOMORROW = '2026-11-03';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
export const COMMUNITY = '310101002001';

type Changes<T> = Partial<Omit<T, 'version' | 'at'>> & { version?: number };

/** One operator with a contract, on a running service: the stage of the specs in this project. */
export class World {
  readonly operatorId = newId();
  readonly contractId = newId();
  readonly frontEnd: Caller;
  readonly owner: Caller;

  constructor(
    readonly service: TestService,
    readonly clock: FixedClock,
  ) {
    this.frontEnd = service.as(aFrontEnd(this.operatorId));
    this.owner = service.as(anOwner(this.operatorId));
  }

  /** Instants in events; the real time would do as well. */
  private get at(): string {
    return this.clock.now().toISOString();
  }

  site(changes: Changes<SiteSnapshot> = {}): SiteSnapshot {
    return event(SiteSnapshot, {
      operatorId: this.operatorId,
      siteId: newId(),
      code: 'S1',
      nameZh: '东华门',
      regionCode: COMMUNITY,
      status: 'operating',
      lng: 121.48,
      lat: 31.23,
      timeZone: 'Asia/Shanghai',
      openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '21:00' })),
      openingExceptions: [],
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  offering(changes: Changes<OfferingSnapshot> & { siteId: string }): OfferingSnapshot {
    return event(OfferingSnapshot, {
      operatorId: this.operatorId,
      offeringId: newId(),
      code: 'LUNCH',
      nameZh: '午餐',
      kind: 'meals',
      mode: 'session',
      delivery: 'on_site',
      capacityModel: 'seats',
      capacity: 30,
      skills: [],
      schedule: daily('11:00', '12:30'),
      leadMinutes: 0,
      cutoffMinutes: 60,
      bufferMinutes: 0,
      active: true,
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  contract(changes: Changes<ContractSnapshot> = {}): ContractSnapshot {
    return event(ContractSnapshot, {
      operatorId: this.operatorId,
      contractId: this.contractId,
      authorityId: newId(),
      number: 'C1',
      status: 'active',
      from: '2026-01-01',
      to: '2029-01-01',
      services: [{ kind: 'meals' }, { kind: 'sports' }, { kind: 'childcare' }, { kind: 'elderly_care' }],
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  contractSite(siteId: string, changes: Changes<ContractSiteSnapshot> = {}): ContractSiteSnapshot {
    return event(ContractSiteSnapshot, {
      operatorId: this.operatorId,
      contractSiteId: newId(),
      contractId: this.contractId,
      siteId,
      from: '2026-01-01',
      to: '2029-01-01',
      kinds: [],
      inForce: true,
      version: 1,
      at: this.at,
      ...changes,
    });
  }

  staff(siteId: string, changes: Changes<StaffSnapshot> = {}): StaffSnapshot {
    return event(StaffSnapshot, {
      operatorId: this.operatorId,
      staffId: newId(),
      siteIds: [siteId],
      jobTitle: 'caregiver',
      skills: ['bedside_care'],
      active: true,
      version: 1,
      at: this.at,
      ...changes,
    });
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

  /** What billing would say: yes. */
  authorised(booking: BookingDto): ChargeAuthorised {
    const { id, contractId, siteId, residentId, kind, serviceDay } = booking;
    return event(ChargeAuthorised, {
      operatorId: this.operatorId,
      chargeId: newId(),
      bookingId: id,
      contractId,
      siteId,
      residentId,
      kind,
      serviceDay,
      grossFen: 1800,
      residentFen: 1600,
      fundersFen: 200,
      operatorFen: 0,
      funders: [{ programmeId: newId(), funderId: newId(), amountFen: 200 }],
      version: 1,
      at: this.at,
    });
  }

  /** What billing would say: no. */
  declined(booking: BookingDto, code = 'no_price'): ChargeDeclined {
    return event(ChargeDeclined, {
      operatorId: this.operatorId,
      chargeId: newId(),
      bookingId: booking.id,
      code,
      reason: 'There is no price.',
      version: 1,
      at: this.at,
    });
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
      WHERE (b.status = 'held') IS DISTINCT FROM (h.booking_id IS NOT NULL)`);
    expect(holds).toEqual([]);
  }
}

export function daily(starts: string, ends: string, slotMinutes?: number): OfferingSnapshot['schedule'] {
  return EVERY_DAY.map((weekday) => ({ weekday, starts, ends, ...(slotMinutes && { slotMinutes }) }));
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
