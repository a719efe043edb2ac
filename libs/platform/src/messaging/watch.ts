import { Counter } from 'prom-client';
import type { HealthChecks } from '../observability/health';
import type { Metrics } from '../observability/metrics';
import type { Messaging, MessagingGauges } from './messaging';
import type { MessagingSnapshot } from './stats';

const COUNTERS: Partial<Record<keyof MessagingSnapshot, string>> = {
  published: 'Events acknowledged by the broker',
  consumed: 'Events whose effect was committed',
  duplicatesIgnored: 'Deliveries of events that had been consumed before',
  unknownIgnored: 'Messages of types without a handler here',
  retried: 'Failed attempts that were tried again',
  parked: 'Events put aside with their key',
  deadLettered: 'Messages given up',
};

const GAUGES: Partial<Record<keyof MessagingGauges, string>> = {
  outboxRows: 'Events told and not yet at the broker, counted to 10 000',
  outboxAgeSeconds: 'Seconds that the oldest unsent event has waited',
  parkedRows: 'Parked events, counted to 10 000',
  deadLetterRows: 'Dead letters, counted to 10 000',
  inboxRows: 'Rows of the inbox, as the planner estimates them',
};

/** Puts the messaging's figures at /metrics and its state into /health/ready. */
export function watchMessaging(messaging: Messaging, metrics: Metrics, health: HealthChecks): true {
  const nameOf = (figure: string): string => figure.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  for (const [figure, help] of Object.entries(COUNTERS)) {
    const read = (): number => messaging.counters()[figure as keyof typeof COUNTERS] as number;
    new Counter({
      name: `doorstep_events_${nameOf(figure)}_total`,
      help,
      registers: [metrics.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
  const gauges = onceAWhile(() => messaging.gauges().catch(() => undefined));
  for (const [figure, help] of Object.entries(GAUGES)) {
    const read = async () => (await gauges())?.[figure as keyof typeof GAUGES] as number | undefined;
    metrics.gauge(`events_${nameOf(figure)}`, help, read);
  }
  metrics.gauge(
    'events_lag',
    'Messages behind the end of the consumed partitions, as of their last batches',
    () => Object.values(messaging.counters().lag).reduce((sum, lag) => sum + lag, 0),
  );
  const check = (): Promise<void> =>
    messaging.isReady
      ? Promise.resolve()
      : Promise.reject(new Error('the consumer has not joined its group'));
  health.add({ name: 'events', check, required: false });
  return true;
}

const SAME_SCRAPE_MS = 500;

/** All figures of one scrape come from one query. */
function onceAWhile<T>(read: () => Promise<T>): () => Promise<T> {
  let until = 0;
  let latest: Promise<T>;
  return () => {
    if (Date.now() >= until) {
      until = Date.now() + SAME_SCRAPE_MS;
      latest = read();
    }
    return latest;
  };
}
