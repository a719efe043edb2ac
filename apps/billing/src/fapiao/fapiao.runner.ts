import { Injectable } from '@nestjs/common';
import { formatYuan } from '@doorstep/kernel';
import { Database, Periodic } from '@doorstep/platform';
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
  constructor(
    private readonly db: Database,
    private readonly platform: FapiaoPlatform,
    private readonly fapiao: FapiaoService,
  ) {}

  @Periodic({ everyMs: 10_000, name: 'carry fapiao' })
  async carry(): Promise<void> {
    const waiting = await this.db.read((tx) => tx.sql<ToHandOver>(TO_HAND_OVER, [BATCH]));
    for (const { year, number, amountFen, ...request } of waiting) {
      await this.platform.submit({
        ...request,
        invoiceNumber: documentNumber('invoice', year, number),
        amountYuan: formatYuan(request.colour === 'red' ? -amountFen : amountFen),
      });
      await this.fapiao.handedOver(request.id);
    }
    for (const answer of await this.platform.answers(BATCH)) {
      await this.fapiao.answered(answer);
      await this.platform.done(answer);
    }
  }
}
