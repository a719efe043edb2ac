import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { newId } from '@doorstep/kernel';
import { DataSource } from 'typeorm';
import { ServiceConfig } from '../config/service-config';
import { SYSTEM_ACTOR } from '../context/actor';
import { runInContext } from '../context/context';
import { AppLogger } from '../observability/logger';
import { Metrics } from '../observability/metrics';
import { type PeriodicMethod, periodicsOf } from './periodic';

/** A stop waits this long for rounds in hand. */
const STOP_MS_MAX = 5000;

interface Sweeper extends PeriodicMethod {
  run: () => unknown;
  /** Set between two rounds. */
  timer?: NodeJS.Timeout;
  /** The next round is wanted at once. */
  isDue?: boolean;
  round?: Promise<void>;
}

/** Runs every @Periodic method of the service's providers. */
@Injectable()
export class PeriodicRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweepers: Sweeper[] = [];
  private stopping = false;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly source: DataSource,
    private readonly config: ServiceConfig,
    private readonly logger: AppLogger,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (instance === null || typeof instance !== 'object') continue;
      for (const periodic of periodicsOf(Object.getPrototypeOf(instance) ?? {})) {
        const method = (instance as Record<string, unknown>)[periodic.method] as () => unknown;
        this.sweepers.push({ ...periodic, run: method.bind(instance) });
      }
    }
    assertUniqueNames(this.sweepers);
    if (this.config.periodic) this.sweepers.forEach((sweeper) => this.schedule(sweeper));
  }

  /** One round now, whatever the schedule says; false when another process holds it. For tests and commands. */
  async runNow(name: string): Promise<boolean> {
    const sweeper = this.named(name);
    await sweeper.round;
    return this.lead(sweeper);
  }

  /**
   * Something has just become due: the next round begins now, or right after the one in hand, rather than when it comes
   * by. Where another process is at its round this one's is left out, and the schedule comes back to what that one missed.
   */
  soon(name: string): void {
    const sweeper = this.named(name);
    if (!this.config.periodic || sweeper.isDue) return;
    sweeper.isDue = true;
    if (!sweeper.timer) return;
    clearTimeout(sweeper.timer);
    this.schedule(sweeper);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.sweepers.forEach(({ timer }) => clearTimeout(timer));
    const rounds = Promise.all(this.sweepers.map(({ round }) => round ?? Promise.resolve()));
    await Promise.race([rounds, new Promise((resolve) => setTimeout(resolve, STOP_MS_MAX).unref())]);
  }

  private named(name: string): Sweeper {
    const sweeper = this.sweepers.find((known) => known.name === name);
    if (!sweeper) throw new Error(`There is no periodic work named ${name}.`);
    return sweeper;
  }

  private schedule(sweeper: Sweeper): void {
    if (this.stopping) return;
    const pauseMs = sweeper.isDue ? 0 : sweeper.everyMs * (0.9 + Math.random() * 0.2);
    sweeper.timer = setTimeout(() => {
      sweeper.timer = undefined;
      sweeper.isDue = false;
      sweeper.round = this.round(sweeper).finally(() => this.schedule(sweeper));
    }, pauseMs).unref();
  }

  private async round(sweeper: Sweeper): Promise<void> {
    try {
      const led = await this.lead(sweeper);
      this.metrics.periodicDone(sweeper.name, led ? 'done' : 'elsewhere');
    } catch (error) {
      this.metrics.periodicDone(sweeper.name, 'failed');
      this.logger.failure('periodic work failed', error, { periodic: sweeper.name });
    }
  }

  /** Does the round while this connection holds the advisory lock that bears the work's name. */
  private async lead(sweeper: Sweeper): Promise<boolean> {
    const connection = this.source.createQueryRunner();
    await connection.connect();
    try {
      const lock = `hashtextextended('doorstep periodic ' || $1, 0)`;
      const [{ led }] = (await connection.query(`SELECT pg_try_advisory_lock(${lock}) AS led`, [
        sweeper.name,
      ])) as [{ led: boolean }];
      if (!led) return false;
      try {
        await runInContext({ actor: SYSTEM_ACTOR, correlationId: newId() }, async () => sweeper.run());
      } finally {
        await connection.query(`SELECT pg_advisory_unlock(${lock})`, [sweeper.name]);
      }
      return true;
    } finally {
      await connection.release();
    }
  }
}

function assertUniqueNames(sweepers: Sweeper[]): void {
  const names = sweepers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`Two periodic methods are named ${twice}: they would share one lock.`);
}
