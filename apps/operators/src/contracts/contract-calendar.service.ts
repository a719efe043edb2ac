import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Database, Periodic } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { ContractLifecycle } from './contract-lifecycle.service';

export const CONTRACT_CALENDAR = 'contract-calendar';

/** Puts contracts into force on their first day, ends them on their last, and tells the terms of the day. */
@Injectable()
export class ContractCalendar {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
    private readonly lifecycle: ContractLifecycle,
  ) {}

  /** One transaction a contract: one that can't be put into force holds up no other. */
  @Periodic({ name: CONTRACT_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    for (const id of await this.due()) {
      try {
        await this.lifecycle.followCalendar(id);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await this.noteRefusal(id, error);
      }
    }
    for (const id of await this.withNewTerms()) await this.lifecycle.tellTerms(id);
  }

  private async due(): Promise<string[]> {
    const rows = await this.db.read((tx) =>
      tx.sql<{ id: string }>(
        `SELECT id FROM contract
         WHERE (status = 'signed' AND from_day <= $1)
            OR (status IN ('signed', 'active', 'suspended') AND coalesce(ends_on, to_day) <= $1)
         ORDER BY coalesce(ends_on, to_day), id`,
        [this.calendar.today()],
      ),
    );
    return rows.map(({ id }) => id);
  }

  private async withNewTerms(): Promise<string[]> {
    const rows = await this.db.read((tx) =>
      tx.sql<{ id: string }>(
        `SELECT c.id FROM contract c JOIN contract_revision v ON v.contract_id = c.id
         WHERE c.status IN ('signed', 'active', 'suspended') AND NOT v.superseded
           AND daterange(v.from_day, v.to_day) @> $1::date AND v.revision <> c.told_revision
         ORDER BY c.id`,
        [this.calendar.today()],
      ),
    );
    return rows.map(({ id }) => id);
  }

  /** The parties read it at the contract; it is no change of the contract, so nothing is told. */
  private async noteRefusal(id: string, { code, message }: DomainError): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`UPDATE contract SET activation_refusal = $2 WHERE id = $1 AND status = 'signed'`, [
        id,
        JSON.stringify({ code, reason: message }),
      ]),
    );
  }
}
