import { Injectable } from '@nestjs/common';
import { Redis } from '../bootstrap/redis';
import { AppLogger } from '../observability/logger';

const CHANNEL = 'revoked';
/** Longer than any access token lives. */
const REMEMBERED_MS = 15 * 60 * 1000;

/**
 * Tells every gateway at once that an API client's key or a person's account is no longer good. Without Redis the news
 * is missed, and the gateway's short caches and the tokens' short life bound how long: seconds for keys, minutes for people.
 */
@Injectable()
export class Revocations {
  constructor(
    private readonly redis: Redis,
    private readonly logger: AppLogger,
  ) {}

  /** To be called after the commit that disables a person or revokes an API client; never throws. */
  async revoke(actorId: string): Promise<void> {
    try {
      await this.redis.client.set(this.keyOf(actorId), '1', {
        expiration: { type: 'PX', value: REMEMBERED_MS },
      });
      await this.redis.publish(CHANNEL, actorId);
    } catch (error) {
      this.logger.failure('revocation not told: it holds once caches and tokens run out', error, { actorId });
    }
  }

  /** The account is good again (enabled, or given a new key). */
  async restore(actorId: string): Promise<void> {
    await this.redis.client.del(this.keyOf(actorId)).catch((error: unknown) => {
      this.logger.failure('restoration not told: it holds in a quarter of an hour', error, { actorId });
    });
  }

  /** False when Redis is away: then the token's own life is the bound. */
  async isRevoked(actorId: string): Promise<boolean> {
    return (await this.redis.client.exists(this.keyOf(actorId)).catch(() => 0)) > 0;
  }

  async onRevoked(listener: (actorId: string) => void): Promise<void> {
    await this.redis.subscribe(CHANNEL, listener);
  }

  private keyOf(actorId: string): string {
    return this.redis.key(`revoked:${actorId}`);
  }
}
