import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { newId } from '@doorstep/kernel';
import {
  createTestDatabase,
  eventually,
  TEST_IDENTITY_PUBLIC_KEY,
  TestBroker,
  testStack,
  type TestDatabase,
  uniqueName,
} from '@doorstep/testing';
import { Client } from 'pg';
import { migrations } from '../migrations';
import { Keyring } from '../sealing/keyring';
import { Story } from '../shared/story.fixture';
import { Receiver } from './receiver.fixture';

const LEASE_SECONDS = 2;
const prefix = `${uniqueName()}.`;
const story = new Story();
const endpointId = newId();
const broker = new TestBroker(prefix);
const started: ChildProcess[] = [];
let database: TestDatabase;
let receiver: Receiver;
let db: Client;

beforeAll(async () => {
  receiver = await Receiver.start();
  database = await createTestDatabase('notifications', migrations);
  db = new Client({ connectionString: database.superuserUrl });
  await db.connect();
  const secret = new Keyring(story.contactKey).sealSecret('whsec_c2VjcmV0');
  await db.query(
    `INSERT INTO webhook_endpoint (id, operator_id, url, events, secret_sealed, status, created_by, created_at)
     VALUES ($1, $2, $3, '{bookings.BookingConfirmed.v1}', $4, 'active', $1, now())`,
    [endpointId, story.operatorId, receiver.url, secret],
  );
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await broker.close();
  await db?.end();
  await database?.drop();
  await receiver?.close();
});

/** The service as a process of its own, from its main.ts. */
async function startProcess(topicPrefix: string): Promise<ChildProcess> {
  const stack = testStack();
  const source = ['-C', '@doorstep/source', '-r', '@swc-node/register', join(__dirname, '..', 'main.ts')];
  const child = spawn(process.execPath, source, {
    cwd: join(__dirname, '../../../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.appUrl,
      KAFKA_BROKERS: stack.kafkaBrokers,
      REDIS_URL: stack.redisUrl,
      TOPIC_PREFIX: topicPrefix,
      IDENTITY_PUBLIC_KEY: TEST_IDENTITY_PUBLIC_KEY,
      LOG_FORMAT: 'json',
      CONTACT_KEY: story.contactKey,
      WEBHOOK_ALLOW_PRIVATE: 'true',
      DELIVERY_LEASE_SECONDS: String(LEASE_SECONDS),
    },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
  const listening = eventually(() => expect(output).toContain('"listening"'), { timeoutMs: 90_000 });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`the process ended before it was listening:\n${output}`);
  });
  exited.catch(() => undefined); // later on it is meant to end
  await Promise.race([listening, exited]);
  return child;
}

describe('a process killed after the receiver has read a webhook, before it could note so', () => {
  it('sends it again from the next process under the same id, and everything ends once', async () => {
    const first = await startProcess(prefix);
    receiver.answer = () => undefined; // holds the answer back
    await broker.post([story.confirmed(newId()), story.confirmed(newId())].map((event) => ({ event })));
    await eventually(
      async () => {
        expect(receiver.calls.length).toBeGreaterThan(0);
        const { rows } = await db.query(`SELECT status FROM delivery WHERE channel = 'webhook'`);
        expect(rows).toEqual([{ status: 'queued' }, { status: 'queued' }]);
      },
      { timeoutMs: 40_000 },
    );
    first.kill('SIGKILL');
    await once(first, 'exit');
    const held = receiver.calls.length;
    expect((await db.query(`SELECT DISTINCT status FROM delivery WHERE channel = 'webhook'`)).rows).toEqual([
      { status: 'queued' },
    ]);

    receiver.answer = (_call, response) => void response.writeHead(204).end();
    // Topics of its own: the broker takes half a minute to let go of the dead one, and the queue in Postgres counts here.
    const second = await startProcess(`${prefix}next.`);
    await eventually(
      async () => {
        const { rows } = await db.query(`SELECT status FROM delivery WHERE channel = 'webhook'`);
        expect(rows).toEqual([{ status: 'sent' }, { status: 'sent' }]);
      },
      { timeoutMs: 40_000 },
    );
    const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
    const again = ids.slice(held);
    expect(again).toHaveLength(2);
    expect(new Set(again).size).toBe(2);
    expect(again).toEqual(expect.arrayContaining(ids.slice(0, held)));

    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
  }, 300_000);
});
