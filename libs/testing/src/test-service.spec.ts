import { Controller, Get, Module, Post, type DynamicModule } from '@nestjs/common';
import { BookingCancelled, event } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import {
  Access,
  Clock,
  currentActor,
  Database,
  type Migration,
  OnEvents,
  PlatformModule,
  type Received,
  ServiceConfig,
  tenantTable,
} from '@doorstep/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { anOwner } from './actors';
import { FixedClock } from './fixed-clock';
import { startTestService, type TestService } from './test-service';

class Notes1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE note (id uuid PRIMARY KEY, operator_id uuid NOT NULL, text text NOT NULL);
      ${tenantTable('note')}
    `);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note');
  }
}

@Controller('v1/notes')
class NotesController {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Access('bookings:create')
  async create(): Promise<{ id: string; at: string }> {
    const { operatorId } = currentActor();
    const id = newId();
    await this.db.write((tx) => tx.sql('INSERT INTO note VALUES ($1, $2, $3)', [id, operatorId, 'by hand']));
    return { id, at: this.clock.now().toISOString() };
  }

  @Get()
  @Access('bookings:read')
  list(): Promise<{ text: string }[]> {
    return this.db.read((tx) => tx.sql('SELECT text FROM note'));
  }
}

@Controller()
class NotesConsumer {
  constructor(private readonly db: Database) {}

  @OnEvents(BookingCancelled)
  async cancelled(batch: Received<BookingCancelled>[]): Promise<void> {
    for (const { data } of batch) {
      if (data.reason === 'poison') throw new Error('this one can never be read');
      await this.db.write(async (tx) => {
        await tx.sql('INSERT INTO note VALUES ($1, $2, $3)', [newId(), data.operatorId, data.reason]);
        tx.tell(event(BookingCancelled, { ...data, bookingId: newId(), reason: `${data.reason}, noted` }));
      });
    }
  }
}

@Module({})
class AppModule {
  static with(config: ServiceConfig): DynamicModule {
    const platform = { name: 'notes', config, entities: [], migrations };
    return {
      module: AppModule,
      imports: [PlatformModule.forService(platform)],
      controllers: [NotesController, NotesConsumer],
    };
  }
}

const migrations: Migration[] = [Notes1700000000100];
const operatorId = newId();

function cancellation(reason: string): BookingCancelled {
  return event(BookingCancelled, {
    operatorId,
    version: 2,
    at: '2026-11-02T01:00:00.000Z',
    bookingId: newId(),
    contractId: newId(),
    siteId: newId(),
    offeringId: newId(),
    residentId: newId(),
    kind: 'community-meal',
    mode: 'full_day',
    regionCode: '310101001',
    start: '2026-11-03T03:00:00.000Z',
    end: '2026-11-03T04:00:00.000Z',
    serviceDay: '2026-11-03',
    partySize: 1,
    by: 'resident',
    reason,
  });
}

describe('startTestService', () => {
  let notes: TestService;
  const clock = new FixedClock('2026-11-02T08:00:00Z');

  beforeAll(async () => {
    notes = await startTestService('notes', AppModule, ServiceConfig, migrations, { clock });
  });
  afterAll(() => notes?.stop());

  it('signs identities that the service accepts, and keeps tenants apart', async () => {
    await notes.as(anOwner(operatorId)).post('/v1/notes').expect(201);
    const own = await notes.as(anOwner(operatorId)).get('/v1/notes').expect(200);
    const others = await notes.as(anOwner(newId())).get('/v1/notes').expect(200);
    await notes.anonymous.get('/v1/notes').expect(401);

    expect(own.body).toHaveLength(1);
    expect(others.body).toHaveLength(0);
  });

  it("stands in for the service's clock", async () => {
    clock.set('2027-01-01T00:00:00Z');
    const { body } = await notes.as(anOwner(operatorId)).post('/v1/notes');
    expect(body.at).toBe('2027-01-01T00:00:00.000Z');
  });

  it('delivers an event, waits for its effect, and reads what the service told', async () => {
    await notes.deliver(cancellation('rain'));

    const { rows } = await notes.db.query(`SELECT text FROM note WHERE text = 'rain'`);
    expect(rows).toHaveLength(1);
    const told = await notes.told(BookingCancelled);
    expect(told.map(({ reason }) => reason)).toContain('rain, noted');
  });

  it('delivers the same event twice without a second effect', async () => {
    const letter = { event: cancellation('snow'), id: newId() };
    await notes.deliver(letter, letter);

    const { rows } = await notes.db.query(`SELECT text FROM note WHERE text = 'snow'`);
    expect(rows).toHaveLength(1);
  });

  it('says so when the service does not accept an event', async () => {
    await expect(notes.deliver(cancellation('poison'))).rejects.toThrow(/did not accept .*never be read/);
  });
});
