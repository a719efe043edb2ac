import { Logger } from '@nestjs/common';
import type { Topic } from '@doorstep/contracts';
import { backoffMs, pause } from '../database/backoff';
import type { Broker } from './broker';

const RETRY = { baseMs: 500, maxMs: 3_000 };

/** Creates the topics of the contracts once per process; keeps asking while the broker is away. */
export class Topics {
  private readonly logger = new Logger(Topics.name);
  private readonly stopping = new AbortController();
  private ensuring?: Promise<void>;

  constructor(
    private readonly broker: Pick<Broker, 'ensureTopics'>,
    private readonly topics: readonly Topic[],
  ) {}

  /** Resolves when all of them are there, or when the service stops. */
  ensured(): Promise<void> {
    return (this.ensuring ??= this.ensure());
  }

  /** Something is wrong at the broker; perhaps a topic is gone. The next one who waits asks again. */
  forget(): void {
    this.ensuring = undefined;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async ensure(): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.broker.ensureTopics(this.topics);
      } catch (error) {
        this.logger.warn(`topics are not ensured yet: ${(error as Error).message}`);
        await pause(backoffMs(RETRY, attempt), signal);
      }
    }
  }
}
