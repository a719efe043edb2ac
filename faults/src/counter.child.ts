import 'reflect-metadata';
import type { CrashPoint, MessagingHooks } from '@doorstep/platform';
import { startCounterService } from './counter-service';

/**
 * The counter service as a process of its own, which kills itself at a named point:
 * DOORSTEP_CRASH_AT=relay.acknowledged:3 at the third time that the relay gets there.
 */
function crashHooks(text: string | undefined): MessagingHooks | undefined {
  if (!text) return undefined;
  const [point, times = '1'] = text.split(':') as [CrashPoint, string?];
  let left = Number(times);
  return {
    at: (reached) => {
      if (reached !== point || --left > 0) return;
      process.kill(process.pid, 'SIGKILL');
      // The signal is on its way; not one more statement until it is here.
      return new Promise<void>(() => undefined);
    },
  };
}

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

void startCounterService({
  databaseUrl: needed('DATABASE_URL'),
  kafkaBrokers: needed('KAFKA_BROKERS').split(','),
  topicPrefix: needed('TOPIC_PREFIX'),
  hooks: crashHooks(process.env['DOORSTEP_CRASH_AT']),
  mischief: { slowMs: Number(process.env['SLOW_MS'] ?? 0) },
}).then(() => process.stdout.write('ready\n'));
