import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import {
  ContractSiteSnapshot,
  ContractSnapshot,
  event,
  OfferingSnapshot,
  SiteSnapshot,
  type UnpricedPolicy,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  anOwner,
  type Caller,
  createTestDatabase,
  eventually,
  startTestService,
  type TestDatabase,
  type TestService,
} from '@doorstep/testing';
import { Pool } from 'pg';

/** What the index of a service gives; a proof may not know services, so it takes them by their folder. */
interface Service {
  AppModule: Parameters<typeof startTestService>[1];
  Config: Parameters<typeof startTestService>[2];
  migrations: Parameters<typeof startTestService>[3];
}

const load = (name: string): Service =>
  createRequire(__filename)(join(__dirname, '../../apps', name, 'src')) as Service;

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const REGION = '310101002001';

/** Bookings and billing, each with its own database, on the same topics; billing can be taken away and come back. */
export class TwoServices {
  readonly operatorId = newId();
  readonly contractId = newId();
  readonly owner: Caller;
  private readonly siteId = newId();
  private money: TestService | undefined;

  private constructor(
    readonly bookings: TestService,
    /** Billing's tables, read apart from its code. */
    readonly books: Pool,
    private readonly database: TestDatabase,
    private readonly directory: string,
  ) {
    this.owner = bookings.as(anOwner(this.operatorId));
  }

  static async open(): Promise<TwoServices> {
    const key = () => randomBytes(32).toString('base64');
    const env = {
      ...{ MASTER_KEY: key(), CONTACT_KEY: key(), SESSION_HORIZON_DAYS: '3' },
      ...{ HOLD_SECONDS: '5', UNPRICED_SECONDS: '1', ATTENDANCE_EARLY_MINUTES_MAX: '1440' },
    };
    const { AppModule, Config, migrations } = load('bookings');
    const service = await startTestService('bookings', AppModule, Config, migrations, { env });
    const database = await createTestDatabase('billing', load('billing').migrations);
    const books = new Pool({ connectionString: database.superuserUrl, max: 2 });
    books.on('error', () => undefined); // the database may be dropped before the last connection has ended
    return new TwoServices(service, books, database, await mkdtemp(join(tmpdir(), 'doorstep-faults-')));
  }

  async startBilling(): Promise<Caller> {
    const env = {
      DATABASE_URL: this.database.appUrl,
      TOPIC_PREFIX: this.bookings.topicPrefix,
      STORAGE_DIR: this.directory,
    };
    const { AppModule, Config, migrations } = load('billing');
    this.money = await startTestService('billing', AppModule, Config, migrations, { env });
    return this.money.as(anOwner(this.operatorId));
  }

  async stopBilling(): Promise<void> {
    await this.money?.stop();
    this.money = undefined;
  }

  /** One site under a contract with a lunch all day for each policy; answers the ids of their offerings. */
  async open(...policies: UnpricedPolicy[]): Promise<string[]> {
    const { operatorId, contractId, siteId } = this;
    const told = { operatorId, version: 1, at: new Date().toISOString() };
    const period = { from: '2020-01-01', to: '2100-01-01' };
    const offerings = policies.map((unpricedPolicy) =>
      event(OfferingSnapshot, {
        ...told,
        ...{ offeringId: newId(), siteId, code: `LUNCH-${unpricedPolicy}`, nameZh: '午餐', unpricedPolicy },
        ...{ kind: 'meals', mode: 'order', delivery: 'on_site', capacityModel: 'seats', capacity: 30 },
        ...{ skills: [], leadMinutes: 0, cutoffMinutes: 0, bufferMinutes: 0, active: true },
        schedule: EVERY_DAY.map((weekday) => ({ weekday, starts: '00:00', ends: '24:00', slotMinutes: 60 })),
      }),
    );
    await this.bookings.deliver(
      event(ContractSnapshot, {
        ...told,
        ...{ contractId, authorityId: newId(), number: 'C1', status: 'active', ...period },
        services: [{ kind: 'meals' }],
      }),
      event(ContractSiteSnapshot, {
        ...told,
        ...{ contractSiteId: newId(), contractId, siteId, ...period, kinds: [], inForce: true },
      }),
      event(SiteSnapshot, {
        ...told,
        ...{ siteId, code: 'S1', nameZh: '东华门', regionCode: REGION, status: 'operating' },
        ...{ lng: 121.48, lat: 31.23, timeZone: 'Asia/Shanghai', openingExceptions: [] },
        openingHours: EVERY_DAY.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })),
      }),
      ...offerings,
    );
    return offerings.map(({ offeringId }) => offeringId);
  }

  async resident(): Promise<string> {
    const { body } = await this.owner
      .post('/v1/residents')
      .send({ name: '王芳', birthDate: '1950-05-01', regionCode: REGION, consents: [{ purpose: 'booking' }] })
      .expect(201);
    return (body as { id: string }).id;
  }

  /** The next session that can be booked. */
  session(offeringId: string): Promise<string> {
    const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    return eventually(async () => {
      const { body } = await this.owner
        .get(`/v1/availability?offeringId=${offeringId}&from=${day(0)}&to=${day(2)}`)
        .expect(200);
      const { items } = body as { items: { sessionId: string; bookable: boolean }[] };
      const free = items.find(({ bookable }) => bookable);
      if (!free) throw new Error(`nothing of ${offeringId} can be booked`);
      return free.sessionId;
    });
  }

  async book(offeringId: string, residentId: string): Promise<string> {
    const { body } = await this.owner
      .post('/v1/bookings')
      .set('prefer', 'wait=0')
      .send({ offeringId, sessionId: await this.session(offeringId), residentId })
      .expect(202);
    return (body as { id: string }).id;
  }

  async booking(id: string): Promise<Record<string, unknown>> {
    return (await this.owner.get(`/v1/bookings/${id}`).expect(200)).body as Record<string, unknown>;
  }

  async charge(bookingId: string): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.books.query('SELECT * FROM charge WHERE booking_id = $1', [bookingId]);
    return rows[0] as Record<string, unknown> | undefined;
  }

  async close(): Promise<void> {
    await this.stopBilling();
    await this.bookings.stop();
    await this.books.end();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
