import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry per running service, so that several can live in one process (tests, the one-machine stack). */
export class Metrics {
  readonly registry = new Registry();
  private readonly http: Histogram<'method' | 'route' | 'status'>;

  private readonly periodic: Counter<'name' | 'outcome'>;

  private readonly limited: Counter<'limit'>;

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    this.http = new Histogram({
      name: 'doorstep_http_request_seconds',
      help: 'Duration of HTTP requests by route template',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    this.limited = new Counter({
      name: 'doorstep_rate_limited_total',
      help: 'Requests turned away by a rate limit',
      labelNames: ['limit'],
      registers: [this.registry],
    });
    this.periodic = new Counter({
      name: 'doorstep_periodic_rounds_total',
      help: 'Rounds of periodic work: done here, done elsewhere, failed',
      labelNames: ['name', 'outcome'],
      registers: [this.registry],
    });
  }

  /** Records one request turned away by a rate limit. */
  refused(limit: string): void {
    this.limited.inc({ limit });
  }

  /** Records one round of periodic work. */
  periodicDone(name: string, outcome: 'done' | 'elsewhere' | 'failed'): void {
    this.periodic.inc({ name, outcome });
  }

  /** Records one answered request; the route is its template, never the address with its ids. */
  requestDone(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
  }

  /** A number that is asked for when the metrics are read; a failing source leaves its last value. */
  gauge(name: string, help: string, read: () => number | undefined | Promise<number | undefined>): void {
    new Gauge({
      name: `doorstep_${name}`,
      help,
      registers: [this.registry],
      async collect() {
        const value = await read();
        if (value !== undefined) this.set(value);
      },
    });
  }
}
