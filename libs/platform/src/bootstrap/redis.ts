import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createClient, type RedisClientType } from 'redis';
import type { AppLogger } from '../observability/logger';

type Listener = (message: string) => void;

/**
 * Redis for wake-ups, limits and caches: never the truth. Commands fail at once while it is away
 * (no queue in memory), so callers state what they do without it; the client comes back by itself.
 */
@Injectable()
export class Redis implements OnApplicationShutdown {
  readonly client: RedisClientType;
  private readonly connecting: Promise<unknown>[] = [];
  private subscriber?: RedisClientType;

  constructor(
    url: string,
    private readonly prefix: string,
    private readonly logger: AppLogger,
  ) {
    this.client = this.connectable(
      createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy } }),
    );
  }

  /** Starts connecting and waits a bounded moment; being away is not an error here. */
  async connect(waitMs = 2000): Promise<void> {
    const connected = this.begin(this.client);
    await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
  }

  /** A key or channel of this installation. */
  key(name: string): string {
    return this.prefix + name;
  }

  /** Calls `listener` for every message on a channel; survives reconnects, and waits while Redis is away. */
  async subscribe(channel: string, listener: Listener): Promise<void> {
    if (!this.subscriber) {
      this.subscriber = this.connectable(this.client.duplicate({ disableOfflineQueue: false }));
      void this.begin(this.subscriber);
    }
    await this.subscriber.subscribe(this.key(channel), listener);
  }

  async unsubscribe(channel: string, listener: Listener): Promise<void> {
    await this.subscriber?.unsubscribe(this.key(channel), listener);
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.client.publish(this.key(channel), message);
  }

  async ping(): Promise<void> {
    await this.client.ping();
  }

  async onApplicationShutdown(): Promise<void> {
    for (const client of [this.subscriber, this.client]) if (client?.isOpen) client.destroy();
    // Its pause between two attempts can't be cut short.
    await Promise.all(this.connecting);
  }

  private begin(client: RedisClientType): Promise<unknown> {
    const connected = client.connect().catch((error: Error) => this.logger.warn(`Redis: ${error.message}`));
    this.connecting.push(connected);
    return connected;
  }

  private connectable(client: unknown): RedisClientType {
    const redis = client as RedisClientType;
    redis.on('error', (error: Error) => this.logger.debug(`Redis: ${error.message}`));
    return redis;
  }
}

function reconnectStrategy(retries: number): number {
  return Math.min(50 * 2 ** Math.min(retries, 6), 1000) + Math.floor(Math.random() * 100);
}
