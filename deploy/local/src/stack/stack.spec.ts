import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { retryUntil } from './eventually';
import { PlainFailure } from './plain-failure';
import { freePorts } from './ports';
import { type Stack, startStack } from './stack';

async function sql(stack: Stack, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: stack.postgres.adminUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const kafkaOf = (stack: Stack) =>
  new Kafka({ clientId: 'spec', brokers: [stack.kafkaBrokers], logLevel: logLevel.NOTHING });

async function produce(stack: Stack, value: string): Promise<void> {
  const producer = kafkaOf(stack).producer();
  await producer.connect();
  await producer.send({ topic: 'letters', messages: [{ value }] });
  await producer.disconnect();
}

async function consumeOne(stack: Stack): Promise<string> {
  const consumer = kafkaOf(stack).consumer({ groupId: 'readers' });
  await consumer.connect();
  await consumer.subscribe({ topic: 'letters', fromBeginning: true });
  const value = await new Promise<string>((resolve) => {
    void consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) });
  });
  await consumer.disconnect();
  return value;
}

/** Four starts one after the other, on a machine that may be busy. */
jest.setTimeout(240_000);

describe('the one-machine stack', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-stack-'));
    // For a run as root: PostgreSQL runs as another user, who must get through.
    await chmod(directory, 0o755);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('keeps its data between starts, and its ports; a part that was killed comes back with its own', async () => {
    const first = await startStack({ dataDir: directory });
    await sql(first, 'CREATE TABLE note AS SELECT uuidv7() AS id');
    const admin = kafkaOf(first).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'letters', numPartitions: 1 }] });
    await admin.disconnect();
    await produce(first, 'kept');
    await first.kill('kafka');
    await first.start('kafka');
    expect(await consumeOne(first)).toBe('kept');
    await first.stop();
    await first.stop();

    const second = await startStack({ dataDir: directory });
    expect(second.kafkaBrokers).toBe(first.kafkaBrokers);
    expect(await sql(second, 'SELECT count(*)::int AS count FROM note')).toEqual([{ count: 1 }]);
    expect(await sql(second, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await second.stop();
  });

  it('comes up on other ports with the same data when the old ones are taken', async () => {
    const [postgres, kafka, kafkaController, redis] = await freePorts(4);
    const moved = await startStack({
      dataDir: directory,
      ports: { postgres, kafka, kafkaController, redis },
    });
    expect(moved.kafkaBrokers).toBe(`127.0.0.1:${String(kafka)}`);
    expect(await sql(moved, 'SELECT count(*)::int AS count FROM note')).toEqual([{ count: 1 }]);
    await produce(moved, 'after the move');
    await moved.stop();
  });

  it('starts nothing that runs elsewhere, and stops nothing of it', async () => {
    const parts = await startStack({ dataDir: join(directory, 'a'), ephemeral: true });
    const external = {
      databaseAdminUrl: parts.postgres.adminUrl,
      kafkaBrokers: parts.kafkaBrokers,
      redisUrl: parts.redisUrl,
    };
    const guest = await startStack({ dataDir: join(directory, 'b'), ephemeral: true, external });
    expect(guest.pids).toEqual({});
    await guest.stop();
    expect(await sql(parts, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await parts.stop();
  });

  it('refuses a taken port in one sentence, and leaves nothing running', async () => {
    const parts = await startStack({ dataDir: join(directory, 'c'), ephemeral: true });
    const taken = Number(new URL(parts.redisUrl).port);
    const options = { dataDir: join(directory, 'd'), ports: { redis: taken } };
    const failure = await startStack(options).catch((error: unknown) => error);
    const pids = Object.values(parts.pids);
    await parts.stop();

    expect(failure).toBeInstanceOf(PlainFailure);
    expect((failure as Error).message).toContain('REDIS_PORT');
    const gone = async () => {
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    };
    await retryUntil(gone, { timeoutMs: 5000, pauseMs: 50 });
  });
});
