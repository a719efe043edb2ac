import { Injectable } from '@nestjs/common';
import { type Actor, AppLogger, Redis } from '@doorstep/platform';
import { Sealer } from './sealer.service';

/** Verified API keys are shared between gateways for this long; a revocation removes them at once. */
const KEPT_SECONDS = 10;

/** Verified API keys in Redis, by the SHA-256 of the key: the second level behind each gateway's own memory. */
@Injectable()
export class ApiKeyStore {
  constructor(
    private readonly redis: Redis,
    private readonly sealer: Sealer,
    private readonly logger: AppLogger,
  ) {}

  async find(hash: string): Promise<Actor | undefined> {
    const found = await this.redis.client.get(this.keyOf(hash)).catch(() => null);
    const actor = found && this.sealer.open(found, this.keyOf(hash));
    return actor ? (JSON.parse(actor) as Actor) : undefined;
  }

  async keep(hash: string, actor: Actor): Promise<void> {
    const life = { expiration: { type: 'EX', value: KEPT_SECONDS } } as const;
    try {
      await this.redis.client
        .multi()
        .set(this.keyOf(hash), this.sealer.seal(JSON.stringify(actor), this.keyOf(hash)), life)
        .set(this.clientKeyOf(actor.id), hash, life)
        .exec();
    } catch (error) {
      this.logger.debug(`API key not cached in Redis: ${(error as Error).message}`);
    }
  }

  /** Forgets a client's key, whichever gateway cached it. */
  async forget(clientId: string): Promise<void> {
    try {
      const hash = await this.redis.client.get(this.clientKeyOf(clientId));
      if (hash) await this.redis.client.del([this.keyOf(hash), this.clientKeyOf(clientId)]);
    } catch (error) {
      this.logger.debug(`API key not forgotten in Redis: ${(error as Error).message}`);
    }
  }

  private keyOf(hash: string): string {
    return this.redis.key(`api-key:${hash}`);
  }

  private clientKeyOf(clientId: string): string {
    return this.redis.key(`api-client:${clientId}`);
  }
}
