import { Injectable } from '@nestjs/common';
import { DomainError, newId, sha256Hex } from '@doorstep/kernel';
import { AppLogger, Redis } from '@doorstep/platform';
import { GatewayConfig } from '../config';
import { Sealer } from '../identity/sealer.service';
import type { RememberedAnswer } from './remembered-answer';

/** A request that never ended is forgotten after this; longer than any service may take. */
const RUNNING_MS_MAX = 60_000;
/** A repeat waits this long for the first one to end. */
const WAIT_MS_MAX = 2500;
const WAIT_STEP_MS = 50;

interface Entry {
  hash: string;
  /** Whose request this is, while it runs. */
  token?: string;
  answer?: RememberedAnswer;
}

/** Sets the answer, or forgets the entry, only while it is still the same request's. */
const IF_STILL_MINE = `
  if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
  if ARGV[2] == '' then return redis.call('del', KEYS[1]) end
  redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
  return 1`;

/** What a request may do: be done, or be answered as before. */
export type Turn =
  | { kind: 'first'; finish(answer: RememberedAnswer): Promise<void>; abandon(): Promise<void> }
  | { kind: 'again'; answer: RememberedAnswer }
  /** Redis is away: the services' own memory in Postgres decides. */
  | { kind: 'unknown' };

/**
 * The quick memory of Idempotency-Key: same key and body, same answer. The durable truth is each service's own
 * idempotency_key table, written in the same transaction as the effect.
 */
@Injectable()
export class Idempotency {
  private readonly keptMs: number;

  constructor(
    config: GatewayConfig,
    private readonly redis: Redis,
    private readonly sealer: Sealer,
    private readonly logger: AppLogger,
  ) {
    this.keptMs = config.idempotencyHours * 3600 * 1000;
  }

  /** Decides about one request; throws 409 for a key used for something else, or still being worked on. */
  async begin(principal: string, key: string, hash: string): Promise<Turn> {
    const place = this.redis.key(`idempotency:${sha256Hex(`${principal}\n${key}`)}`);
    const mine = this.sealer.seal(JSON.stringify({ hash, token: newId() } satisfies Entry), place);
    try {
      const deadline = Date.now() + WAIT_MS_MAX;
      for (;;) {
        const found = await this.claim(place, mine);
        if (!found) return this.first(place, mine, hash);
        if (found.hash !== hash) throw reused();
        if (found.answer) return { kind: 'again', answer: found.answer };
        if (Date.now() >= deadline) throw inProgress();
        await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
      }
    } catch (error) {
      if (error instanceof DomainError) throw error;
      this.logger.debug(`idempotency memory is away: ${(error as Error).message}`);
      return { kind: 'unknown' };
    }
  }

  /** Claims the place for a request, or tells what is there. What can't be opened is nobody's. */
  private async claim(place: string, mine: string): Promise<Entry | undefined> {
    const life = { expiration: { type: 'PX', value: RUNNING_MS_MAX }, GET: true } as const;
    const found = await this.redis.client.set(place, mine, { ...life, condition: 'NX' });
    if (found === null) return undefined;
    const opened = this.sealer.open(String(found), place);
    if (opened) return JSON.parse(opened) as Entry;
    await this.redis.client.set(place, mine, life);
    return undefined;
  }

  private first(place: string, mine: string, hash: string): Turn {
    return {
      kind: 'first',
      finish: (answer) => this.settle(place, mine, this.sealer.seal(JSON.stringify({ hash, answer }), place)),
      abandon: () => this.settle(place, mine, ''),
    };
  }

  private async settle(place: string, mine: string, next: string): Promise<void> {
    try {
      await this.redis.client.eval(IF_STILL_MINE, {
        keys: [place],
        arguments: [mine, next, String(this.keptMs)],
      });
    } catch (error) {
      this.logger.debug(`answer not kept: ${(error as Error).message}`);
    }
  }
}

function reused(): DomainError {
  return new DomainError(
    'conflict',
    'idempotency_key_reused',
    'This Idempotency-Key came with another request before.',
    {
      field: 'Idempotency-Key',
      mend: 'Use a fresh key for a new request; repeat the old one exactly to see its answer.',
    },
  );
}

function inProgress(): DomainError {
  return new DomainError(
    'conflict',
    'idempotency_in_progress',
    'The same request is still being worked on.',
    {
      mend: 'Repeat it in a second, with the same Idempotency-Key.',
      retryAfterSeconds: 1,
    },
  );
}
