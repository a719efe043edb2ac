import { DeliveryEnded } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { Database, SYSTEM_ACTOR, type Tx } from '@doorstep/platform';
import { startTestService, type TestService } from '@doorstep/testing';
import { AppModule } from '../app.module';
import { NotificationsConfig } from '../config';
import { migrations } from '../migrations';
import { Story } from '../shared/story.fixture';
import { CLAIMED, type Claimed, claimSql, enqueue, record, suppressQueued } from './deliveries.queries';
import { settle } from './delivery';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 6, 0, seconds));
let service: TestService;
let database: Database;

beforeAll(async () => {
  service = await startTestService('notifications', AppModule, NotificationsConfig, migrations, {
    env: { CONTACT_KEY: new Story().contactKey, PERIODIC: 'false' },
  });
  database = service.running.app.get(Database);
});
afterAll(() => service?.stop());
beforeEach(() => service.db.query('TRUNCATE delivery'));

const write = <T>(work: (tx: Tx) => Promise<T>) => database.writeAs(SYSTEM_ACTOR, work);

const claim = (now: Date, leaseUntil: Date, most = 100) =>
  write((tx) =>
    tx.sql<Claimed>(`WITH ${claimSql()} SELECT ${CLAIMED} FROM d`, [['file'], now, leaseUntil, most]),
  );

function aDelivery(recipientId = newId()) {
  const ids = { operatorId: newId(), eventId: newId(), correlationId: newId(), recipientId };
  const about = { eventType: 'bookings.BookingConfirmed.v1', subject: 'booking-confirmed', payload: {} };
  return { ...ids, ...about, channel: 'file' as const, siteId: null, bookingId: null };
}

const queue = (count: number) =>
  write((tx) =>
    enqueue(
      tx,
      Array.from({ length: count }, () => aDelivery()),
      at(0),
    ),
  );

const sent = (delivery: Claimed) => ({
  delivery,
  result: settle('file', delivery.attempts, { kind: 'sent' }, at(5), 0),
});

describe('claiming', () => {
  it('gives each delivery to one of many senders', async () => {
    await queue(40);
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(at(1), at(60), 7)));
    const ids = claims.flat().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
  });

  it('leaves them alone until the lease is over, then counts one more attempt', async () => {
    await queue(1);
    const [first] = await claim(at(1), at(60));
    expect(await claim(at(59), at(120))).toEqual([]);
    const [second] = await claim(at(60), at(120));
    expect([first.attempts, second.attempts, second.id]).toEqual([1, 2, first.id]);
  });
});

describe('recording', () => {
  it('counts for the sender that holds the lease, not for one that lost it', async () => {
    await queue(1);
    const [slow] = await claim(at(1), at(60));
    const [quick] = await claim(at(60), at(120));
    await write((tx) => record(tx, [sent(slow)], at(61)));
    expect((await service.db.query('SELECT status FROM delivery')).rows).toEqual([{ status: 'queued' }]);
    await write((tx) => record(tx, [sent(quick)], at(62)));
    await write((tx) => record(tx, [sent(quick)], at(63)));
    const { rows } = await service.db.query('SELECT status, ended_at FROM delivery');
    expect(rows).toEqual([{ status: 'sent', ended_at: at(62) }]);
    const told = (await service.told(DeliveryEnded)).filter(({ deliveryId }) => deliveryId === quick.id);
    expect(told).toHaveLength(1);
  });

  it('leaves alone what was suppressed meanwhile', async () => {
    const delivery = aDelivery();
    await write((tx) => enqueue(tx, [delivery], at(0)));
    const [claimed] = await claim(at(1), at(60));
    await write((tx) => suppressQueued(tx, [delivery.recipientId], 'erased', at(2)));
    await write((tx) => record(tx, [sent(claimed)], at(3)));
    const { rows } = await service.db.query('SELECT status, reason FROM delivery');
    expect(rows).toEqual([{ status: 'suppressed', reason: 'erased' }]);
  });
});

describe('queueing', () => {
  it('keeps the first of an event, a channel and a recipient', async () => {
    const delivery = aDelivery();
    await write((tx) => enqueue(tx, [delivery, delivery], at(0)));
    await write((tx) => enqueue(tx, [delivery, { ...delivery, recipientId: newId() }], at(9)));
    const { rows } = await service.db.query('SELECT created_at FROM delivery ORDER BY id');
    expect(rows).toEqual([{ created_at: at(0) }, { created_at: at(9) }]);
  });
});
