import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { AppLogger, Metrics, Redis } from '@doorstep/platform';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayConfig } from '../config';

export type LimitName = 'client' | 'person' | 'address' | 'login';

/** What is left for a caller after this request, as the RateLimit headers tell it. */
export interface Quota {
  limit: LimitName;
  perWindow: number;
  remaining: number;
  resetSeconds: number;
}

const WINDOW_SECONDS = 60;

/**
 * Fixed windows of a minute, counted in Redis and so across gateways. Without Redis each gateway counts in its own
 * memory: limits are looser then, and nobody is turned away for it.
 */
@Injectable()
export class RateLimits {
  private readonly limiters: Record<LimitName, RateLimiterRedis>;
  private readonly perWindow: Record<LimitName, number>;

  constructor(
    config: GatewayConfig,
    redis: Redis,
    private readonly logger: AppLogger,
    private readonly metrics: Metrics,
  ) {
    this.perWindow = {
      client: config.rateLimitClientPerMinute,
      person: config.rateLimitPersonPerMinute,
      address: config.rateLimitAddressPerMinute,
      login: config.rateLimitLoginPerMinute,
    };
    const limiterOf = (name: LimitName): RateLimiterRedis => {
      const options = {
        keyPrefix: redis.key(`limit:${name}`),
        points: this.perWindow[name],
        duration: WINDOW_SECONDS,
      };
      return new RateLimiterRedis({
        ...options,
        storeClient: redis.client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        // A blocked caller is turned away from memory, without asking Redis again.
        inMemoryBlockOnConsumed: options.points + 1,
        insuranceLimiter: new RateLimiterMemory(options),
      });
    };
    this.limiters = {
      client: limiterOf('client'),
      person: limiterOf('person'),
      address: limiterOf('address'),
      login: limiterOf('login'),
    };
  }

  /** Counts one request; throws 429 when there were too many. */
  async take(limit: LimitName, principal: string): Promise<Quota> {
    try {
      return this.quotaOf(limit, await this.limiters[limit].consume(principal));
    } catch (found) {
      if (found instanceof RateLimiterRes) throw this.tooMany(limit, found);
      this.logger.failure('rate limit not counted', found, { limit });
      return {
        limit,
        perWindow: this.perWindow[limit],
        remaining: this.perWindow[limit],
        resetSeconds: WINDOW_SECONDS,
      };
    }
  }

  private quotaOf(limit: LimitName, found: RateLimiterRes): Quota {
    return {
      limit,
      perWindow: this.perWindow[limit],
      remaining: Math.max(0, found.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(found.msBeforeNext / 1000)),
    };
  }

  private tooMany(limit: LimitName, found: RateLimiterRes): TooManyRequests {
    this.metrics.refused(limit);
    return new TooManyRequests({ ...this.quotaOf(limit, found), remaining: 0 });
  }
}

/** 429, with the quota that its headers tell. */
export class TooManyRequests extends DomainError {
  constructor(readonly quota: Quota) {
    super('limited', 'too_many_requests', `More than ${quota.perWindow} requests in ${WINDOW_SECONDS} s.`, {
      mend: `Wait ${quota.resetSeconds} s and send fewer; the RateLimit headers tell what is left.`,
      retryAfterSeconds: quota.resetSeconds,
      limit: quota.limit,
    });
  }
}

/** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders({
  limit,
  perWindow,
  remaining,
  resetSeconds,
}: Quota): Record<string, string> {
  return {
    'ratelimit-policy': `"${limit}";q=${perWindow};w=${WINDOW_SECONDS}`,
    ratelimit: `"${limit}";r=${remaining};t=${resetSeconds}`,
  };
}

/** A login as a limiter key: not readable in Redis. */
export function loginKey(login: string): string {
  return createHash('sha256').update(login.trim().toLowerCase()).digest('base64url');
}
