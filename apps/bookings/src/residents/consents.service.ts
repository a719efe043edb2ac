import { Injectable } from '@nestjs/common';
import { DomainError, newId } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { IsNull } from 'typeorm';
import { checkConsent, type Consenting, type ConsentPurpose, type Guardian } from './resident';
import { ConsentEntity, ResidentEntity } from './resident.entity';
import { ResidentRecords } from './resident-records.service';

/** Consents are rows with a beginning and an end, so that it can be shown later what was allowed when. */
@Injectable()
export class Consents {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResidentRecords,
  ) {}

  /** Gives a consent; one that stands already is left as it is. */
  async give(residentId: string, consent: Consenting): Promise<void> {
    await this.db.write(async (tx) => {
      const row = await this.records.forChange(tx, residentId);
      const standing = await tx.manager.findOneBy(ConsentEntity, {
        residentId,
        purpose: consent.purpose,
        withdrawnAt: IsNull(),
      });
      if (standing) return;
      await this.insert(tx, row, [consent]);
      await this.changed(tx, row);
    });
  }

  /** Withdraws a consent; what was done before stays lawful, what comes after isn't any more. */
  async withdraw(residentId: string, purpose: ConsentPurpose): Promise<void> {
    await this.db.write(async (tx) => {
      const row = await this.records.forChange(tx, residentId);
      const { affected } = await tx.manager.update(
        ConsentEntity,
        { residentId, purpose, withdrawnAt: IsNull() },
        { withdrawnAt: this.clock.now() },
      );
      if (!affected) {
        throw new DomainError('conflict', 'consent_not_given', `No consent to ${purpose} stands.`, {
          mend: 'GET /v1/residents/{id} lists the consents that stand.',
        });
      }
      await this.changed(tx, row);
    });
  }

  /** Checks who consents and writes it down; the caller tells the snapshot. */
  async insert(tx: Tx, resident: ResidentEntity, consents: readonly Consenting[]): Promise<void> {
    const now = this.clock.now();
    for (const consent of consents) {
      checkConsent(consent, resident, await this.guardian(tx, consent.grantedBy), this.records.today());
    }
    await tx.manager.insert(
      ConsentEntity,
      consents.map(({ purpose, grantedBy }) => ({
        id: newId(now.getTime()),
        operatorId: resident.operatorId,
        residentId: resident.id,
        purpose,
        grantedBy: grantedBy ?? 'self',
        grantedAt: now,
        withdrawnAt: null,
      })),
    );
  }

  /** The guardian named, as far as there is one on record. */
  async guardian(tx: Tx, grantedBy: string | undefined): Promise<Guardian | undefined> {
    if (grantedBy === undefined || grantedBy === 'guardian') return undefined;
    const row = await tx.manager.findOne(ResidentEntity, {
      where: { id: grantedBy },
      lock: { mode: 'pessimistic_read' },
    });
    return row
      ? { id: row.id, birthDate: row.birthDate, householdId: row.householdId, erased: row.erasedAt !== null }
      : undefined;
  }

  private async changed(tx: Tx, row: ResidentEntity): Promise<void> {
    const version = row.version + 1;
    await tx.manager.update(ResidentEntity, { id: row.id }, { version });
    await this.records.tell(tx, { ...row, version });
  }
}
