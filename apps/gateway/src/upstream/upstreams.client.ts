import type { Readable } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppLogger, HealthChecks, problem, ProblemError } from '@doorstep/platform';
import { type Dispatcher, Pool } from 'undici';
import { GatewayConfig } from '../config';
import { SERVICES, type ServiceName } from './services';

export interface Call {
  service: ServiceName;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: Buffer | Readable;
  /** Doing it twice is the same as doing it once: it may be tried again on a broken connection. */
  repeatable: boolean;
  /** Seconds until the answer must begin. Default: the configured bound. */
  secondsMax?: number;
}

export type Answer = Dispatcher.ResponseData;

/** The connection broke, or was never there. */
const BROKEN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);
const TOO_SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
/** Nothing was sent, so trying again is always safe. */
const UNSENT = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);
const CONNECT_MS_MAX = 2000;
const ATTEMPTS_MAX = 2;

/** Kept-alive connections to the five services. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  private readonly pools: Record<ServiceName, Pool>;

  constructor(
    private readonly config: GatewayConfig,
    private readonly logger: AppLogger,
    health: HealthChecks,
  ) {
    const open = (service: ServiceName): [ServiceName, Pool] => [service, this.open(this.addressOf(service))];
    this.pools = Object.fromEntries(SERVICES.map(open)) as Record<ServiceName, Pool>;
    for (const service of SERVICES)
      health.add({ name: service, check: () => this.ready(service), required: false });
  }

  addressOf(service: ServiceName): string {
    return this.config[`${service}Url`];
  }

  /** Sends a request on. A service that is away or too slow is a problem document, never a broken answer. */
  async call(call: Call): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(call);
      } catch (error) {
        const code = String((error as { code?: unknown }).code);
        const again = UNSENT.has(code) || (call.repeatable && BROKEN.has(code));
        const sendable = !call.body || Buffer.isBuffer(call.body);
        if (attempt < ATTEMPTS_MAX && again && sendable) continue;
        throw this.refusal(call, code, error);
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Object.values(this.pools).map((pool) => pool.close()));
  }

  private attempt({ service, method, path, headers, body, secondsMax }: Call): Promise<Answer> {
    const headersTimeout = (secondsMax ?? this.config.upstreamSecondsMax) * 1000;
    return this.pools[service].request({
      method: method as Dispatcher.HttpMethod,
      path,
      headers,
      body: body ?? null,
      headersTimeout,
    });
  }

  private refusal({ service, method, path }: Call, code: string, error: unknown): unknown {
    if (TOO_SLOW.has(code)) {
      return new ProblemError(
        problem(504, 'service_timeout', `The ${service} service did not answer in time.`, {
          mend: 'Look whether it was done, or repeat it with the same Idempotency-Key.',
        }),
      );
    }
    if (!BROKEN.has(code)) return error;
    this.logger.warn(`${service} cannot be reached`, { code, method, path: path.split('?')[0] });
    return new ProblemError(
      problem(503, 'service_unavailable', `The ${service} service cannot be reached at the moment.`, {
        mend: 'Try again in a moment, with the same Idempotency-Key.',
        details: { service, retryAfterSeconds: 2 },
      }),
    );
  }

  private open(address: string): Pool {
    return new Pool(address, {
      connections: this.config.upstreamConnectionsMax,
      connect: { timeout: CONNECT_MS_MAX },
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 60_000,
      bodyTimeout: 60_000,
      pipelining: 1,
    });
  }

  private async ready(service: ServiceName): Promise<void> {
    const { statusCode, body } = await this.pools[service].request({ method: 'GET', path: '/health/ready' });
    await body.dump();
    if (statusCode !== 200) throw new Error(`answers ${statusCode}`);
  }
}
