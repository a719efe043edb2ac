import { randomUUID } from 'node:crypto';
import { Injectable, Module, type Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { loadConfig } from '../config/env';
import { ServiceConfig } from '../config/service-config';
import { currentActor } from '../context/context';
import { type Actor, SYSTEM_ACTOR } from '../context/actor';
import type { Migration } from '../database';
import { EDGE_KEYS, stackRedisUrl } from '../http/edge.harness';
import { createSpecDatabase, type SpecDatabase, specStack } from '../messaging/messaging.harness';
import { Metrics } from '../observability/metrics';
import { PlatformModule } from '../platform.module';
import { Periodic } from './periodic';
import { PeriodicRunner } from './periodic-runner';
import { type RunningService, startService } from './start-service';

const EVERY_MS = 30;

/** Shared by both services of a spec: what ran where, and how many at once. */
class Diary {
  static rounds: string[] = [];
  static running = 0;
  static mostAtOnce = 0;
  static actors: Actor[] = [];
  static roundMs = 5;
  static fails = false;
  static seldom = 0;
}

@Injectable()
class Sweeper {
  private readonly id = randomUUID();

  @Periodic({ everyMs: EVERY_MS, name: 'sweep' })
  async sweep(): Promise<void> {
    Diary.running += 1;
    Diary.mostAtOnce = Math.max(Diary.mostAtOnce, Diary.running);
    Diary.rounds.push(this.id);
    Diary.actors.push(currentActor());
    await pause(Diary.roundMs);
    Diary.running -= 1;
    if (Diary.fails) throw new Error('no luck');
  }
}

@Injectable()
class Namesake {
  @Periodic({ everyMs: EVERY_MS, name: 'sweep' })
  sweep(): void {}
}

/** Comes by so seldom that a spec sees only the rounds that it asks for. */
@Injectable()
class Seldom {
  @Periodic({ everyMs: 3_600_000, name: 'seldom' })
  async sweep(): Promise<void> {
    Diary.seldom += 1;
    await pause(30);
  }
}

@Module({})
class SweepingModule {}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('periodic work', () => {
  let database: SpecDatabase;
  const started: RunningService[] = [];

  beforeAll(async () => {
    database = await createSpecDatabase();
  });
  beforeEach(() => Object.assign(Diary, { rounds: [], actors: [], mostAtOnce: 0, roundMs: 5, fails: false }));
  afterEach(async () => {
    await Promise.all(started.splice(0).map((service) => service.stop()));
  });
  afterAll(() => database.drop());

  async function start(env: Record<string, string> = {}, more: Type[] = [], migrations: Migration[] = []) {
    const config = loadConfig(ServiceConfig, {
      DATABASE_URL: database.appUrl,
      KAFKA_BROKERS: specStack().kafkaBrokers,
      TOPIC_PREFIX: `t${randomUUID().slice(0, 8)}.`,
      REDIS_URL: stackRedisUrl(),
      IDENTITY_PUBLIC_KEY: Buffer.from(EDGE_KEYS.publicKey.export({ type: 'spki', format: 'pem' })).toString(
        'base64',
      ),
      LOG_LEVEL: 'silent',
      ...env,
    });
    const platform = PlatformModule.forService({ name: 'spec', config, entities: [], migrations });
    const module = { module: SweepingModule, imports: [platform], providers: [Sweeper, ...more] };
    const service = await startService({ name: 'spec', config, module, signals: false });
    started.push(service);
    return service;
  }

  /** However slow the machine is. */
  const moreRoundsThan = async (rounds: number) => {
    for (let waited = 0; Diary.rounds.length <= rounds && waited < 20_000; waited += 20) await pause(20);
    expect(Diary.rounds.length).toBeGreaterThan(rounds);
  };

  it('comes round again and again, as the system, never twice at once though two processes try', async () => {
    Diary.roundMs = 40;
    await Promise.all([start(), start()]);
    await moreRoundsThan(5);
    expect(Diary.mostAtOnce).toBe(1);
    expect(Diary.actors.every((actor) => actor === SYSTEM_ACTOR)).toBe(true);
  });

  it('goes on elsewhere when its process stops, and a stop waits for the round in hand', async () => {
    const first = await start();
    await pause(100);
    Diary.roundMs = 300;
    await pause(60);
    await first.stop();
    expect(Diary.running).toBe(0);
    const rounds = Diary.rounds.length;
    await start();
    await moreRoundsThan(rounds);
  });

  it('survives a round that fails, and counts it', async () => {
    Diary.fails = true;
    const service = await start();
    await moreRoundsThan(2);
    const text = await service.app.get(Metrics).registry.metrics();
    expect(text).toMatch(/doorstep_periodic_rounds_total\{name="sweep",outcome="failed".*\} [1-9]/);
  });

  it('can be left to other processes, and be asked for at once', async () => {
    const service = await start({ PERIODIC: 'false' });
    await pause(150);
    expect(Diary.rounds).toEqual([]);
    expect(await service.app.get(PeriodicRunner).runNow('sweep')).toBe(true);
    expect(Diary.rounds.length).toBe(1);
    await expect(service.app.get(PeriodicRunner).runNow('unknown')).rejects.toThrow('no periodic work');
  });

  it('comes at once when something is due, and once more for what became due meanwhile', async () => {
    const service = await start({}, [Seldom]);
    const runner = service.app.get(PeriodicRunner);
    const rounds = async (count: number) => {
      for (let waited = 0; Diary.seldom < count && waited < 20_000; waited += 5) await pause(5);
      return Diary.seldom;
    };
    runner.soon('seldom');
    runner.soon('seldom');
    expect(await rounds(1)).toBe(1);
    runner.soon('seldom');
    runner.soon('seldom');
    expect(await rounds(2)).toBe(2);
    await pause(100);
    expect(Diary.seldom).toBe(2);
    expect(() => runner.soon('unknown')).toThrow('no periodic work');
  });

  it('refuses two of one name', async () => {
    await expect(start({}, [Namesake])).rejects.toThrow('Two periodic methods are named sweep');
  });

  it('does not start on a database that lacks a migration', async () => {
    class NotYetRun1700000000009 implements MigrationInterface {
      name = 'NotYetRun1700000000009';
      async up(): Promise<void> {}
      async down(): Promise<void> {}
    }
    await expect(start({}, [], [NotYetRun1700000000009])).rejects.toThrow(
      /lacks NotYetRun1700000000009: run npm run migrate/,
    );
  });
});
