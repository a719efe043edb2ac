import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CrashPoint } from '@doorstep/platform';

export interface CounterProcessOptions {
  databaseUrl: string;
  kafkaBrokers: string;
  topicPrefix: string;
  /** Where it kills itself, and at which time of getting there. */
  crashAt?: `${CrashPoint}:${number}`;
  /** Milliseconds that its handler takes for each call. */
  slowMs?: number;
}

/** The counter service in a process of its own, so that it can be killed like one. */
export class CounterProcess {
  /** Resolves when its consumer has joined the group. */
  readonly ready: Promise<void>;
  /** Resolves with the signal that ended it, or null. */
  readonly ended: Promise<string | null>;
  private readonly child: ChildProcess;

  constructor(options: CounterProcessOptions) {
    const child = spawn(
      process.execPath,
      ['-C', '@doorstep/source', '-r', '@swc-node/register', join(__dirname, 'counter.child.ts')],
      {
        cwd: join(__dirname, '../..'),
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: options.databaseUrl,
          KAFKA_BROKERS: options.kafkaBrokers,
          TOPIC_PREFIX: options.topicPrefix,
          DOORSTEP_CRASH_AT: options.crashAt ?? '',
          SLOW_MS: String(options.slowMs ?? 0),
        },
      },
    );
    this.child = child;
    this.ended = once(child, 'exit').then(([, signal]) => signal as string | null);
    this.ready = Promise.race([once(child.stdout, 'data'), this.ended]).then(() => undefined);
  }

  /** As the kernel's killer would: no hook, no drain. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
