import { Injectable } from '@nestjs/common';
import type { ResidentMerged } from '@doorstep/contracts';
import { Clock, Database, type Received, type Tx } from '@doorstep/platform';
import { HoldsService } from '../charges/holds.service';
import { LOCK_CONTRACT } from '../invoices/invoices.queries';
import { lockResidents } from './current-residents';
import { CONTRACTS_OF_INVOICES, KEEP_MERGE, LEAD_ON, MOVE_STEPS } from './merges.queries';

/**
 * Two records of one person are one: what each of them had counts together from now on. Heard twice, or in another order
 * than they were made, merges come to the same.
 */
@Injectable()
export class ResidentMergesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: HoldsService,
  ) {}

  async merge(batch: readonly Received<ResidentMerged>[]): Promise<void> {
    const survivors: string[] = [];
    await this.db.write(async (tx) => {
      await lockResidents(tx);
      for (const { data } of batch) {
        const survivorId = await this.makeOne(tx, data);
        if (survivorId) survivors.push(survivorId);
      }
    });
    // Charges that waited for news of the one may have all that they need from the other.
    await this.holds.reconsider({ column: 'resident_id', ids: survivors });
  }

  /** @returns who stays; nothing when that has been overtaken */
  private async makeOne(tx: Tx, told: ResidentMerged): Promise<string | undefined> {
    const { operatorId, residentId: mergedId, survivorId: toldId, version } = told;
    const [kept] = await tx.sql<{ survivorId: string }>(KEEP_MERGE, [mergedId, operatorId, toldId, version]);
    if (!kept) return undefined;
    const { survivorId } = kept;
    await tx.sql(LEAD_ON, [mergedId, survivorId]);
    const contracts = await tx.sql<{ operatorId: string; contractId: string }>(CONTRACTS_OF_INVOICES, [
      mergedId,
    ]);
    for (const contract of contracts) await tx.sql(LOCK_CONTRACT, [contract.operatorId, contract.contractId]);
    for (const step of MOVE_STEPS) await tx.sql(step, [mergedId, survivorId, this.clock.now()]);
    return survivorId;
  }
}
