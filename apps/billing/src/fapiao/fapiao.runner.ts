import { Injectable } from '@nestjs/common';
import { formatYuan } from '@doorstep/kernel';
import { Clock, Database, EachAlone, Periodic } from '@doorstep/platform';
import { documentNumber } from '../invoices/invoice';
import { FapiaoPlatform } from './fapiao-platform';
import { TO_HAND_OVER, type ToHandOver } from './fapiao.queries';
import { FapiaoService } from './fapiao.service';

const BATCH = 100;

/**
 * Carries requests to the platform and its answers back. A crash in between hands over or collects once more, which the
 * platform takes as the same case.
 */
@Injectable()
export class FapiaoRunner {
  private readonly requests = new EachAlone();
  private readonly answers = new EachAlone();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly platform: FapiaoPlatform,
    private readonly fapiao: FapiaoService,
  ) {}

  @Periodic({ everyMs: 10_000, name: 'carry fapiao' })
  async carry(): Promise<void> {
    const ways = await Promise.allSettled([this.handOver(), this.collect()]);
    const failed = ways.flatMap((way) => (way.status === 'rejected' ? [way.reason as unknown] : []));
    if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join('; '));
  }

  private async handOver(): Promise<void> {
    const waiting = await this.db.read((tx) => tx.sql<ToHandOver>(TO_HAND_OVER, [BATCH]));
    await this.requests.run(
      waiting,
      ({ id }) => `fapiao ${id}`,
      async ({ year, number, amountFen, ...request }) => {
        await this.platform.submit({
          ...request,
          invoiceNumber: documentNumber('invoice', year, number),
          amountYuan: formatYuan(request.colour === 'red' ? -amountFen : amountFen),
        });
        await this.fapiao.handedOver(request.id);
      },
      this.clock.now(),
    );
  }

  private async collect(): Promise<void> {
    await this.answers.run(
      await this.platform.answers(BATCH),
      ({ handle }) => `answer ${handle}`,
      async (answer) => {
        await this.fapiao.answered(answer);
        await this.platform.done(answer);
      },
      this.clock.now(),
    );
  }
}
