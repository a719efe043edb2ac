import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '@doorstep/local-stack';
import type { CounterProcess } from './counter-process';
import { Scene } from './scene';
import { sleep } from './teller';

// Two starts of a broker and the recovery after it: seconds on a free machine, a minute beside much else.
jest.setTimeout(180_000);

/** A stack of its own, durable as in production, because here its parts are killed. */
let directory: string;
let stack: Stack;
let scene: Scene;
let service: CounterProcess;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doorstep-faults-'));
  stack = await startStack({ dataDir: directory, external: { redisUrl: 'redis://unused' } });
  scene = await Scene.open({ databaseAdminUrl: stack.postgres.adminUrl, kafkaBrokers: stack.kafkaBrokers });
  service = scene.start();
  await service.ready;
});
afterAll(async () => {
  await scene?.close();
  await stack?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Writes go on before, during and after the time that the part is dead. */
async function killUnderLoad(part: 'kafka' | 'postgres', deadMs: number): Promise<void> {
  const before = scene.teller.acknowledged.length;
  const telling = scene.teller.tell(10, 40, 40);
  await sleep(500);
  await stack.kill(part);
  await sleep(deadMs);
  await stack.start(part);
  await telling;
  expect(scene.teller.acknowledged.length - before).toBeGreaterThan(390);
  await scene.proof.exactlyOnce(scene.teller.acknowledged, 60_000);
}

let hasEnded = false;
beforeEach(() => void service.ended.then(() => (hasEnded = true)));
afterEach(() => expect(hasEnded).toBe(false));

describe('a part killed under load, and started again', () => {
  it('Kafka: writes go on without it, and nothing of them is lost or doubled', () =>
    killUnderLoad('kafka', 1_000));
  it('Postgres: what was acknowledged is there, and comes through once', () =>
    killUnderLoad('postgres', 500));
});
