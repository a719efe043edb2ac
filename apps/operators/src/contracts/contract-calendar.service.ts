import { Injectable } from '@nestjs/common';
import { type Day, DomainError } from '@doorstep/kernel';
import { AppLogger, Database, Periodic } from '@doorstep/platform';
import { Calendar } from '../shared/calendar.service';
import { ContractLifecycle } from './contract-lifecycle.service';

export const CONTRACT_CALENDAR = 'contract-calendar';
export const CONTRACTS_PER_PAGE = 200;

/** Contracts that a day begins or ends, and the day since which each waits. */
const DUE = `
  SELECT id, CASE WHEN coalesce(ends_on, to_day) <= $1 THEN coalesce(ends_on, to_day) ELSE from_day END AS day
  FROM contract
  WHERE (status = 'signed' AND from_day <= $1)
     OR (status IN ('signed', 'active', 'suspended') AND coalesce(ends_on, to_day) <= $1)`;

/**
 * Contracts whose terms of the day have not been told, and the day since which they hold; and those that have to be told
 * again, whatever became of them.
 */
const WITH_NEW_TERMS = `
  SELECT c.id, v.from_day AS day
  FROM contract c JOIN contract_revision v ON v.contract_id = c.id
  WHERE c.status IN ('signed', 'active', 'suspended') AND NOT v.superseded
    AND daterange(v.from_day, v.to_day) @> $1::date AND v.revision <> c.told_revision AND c.told_revision > 0
  UNION ALL SELECT id, from_day FROM contract WHERE told_revision = 0`;

interface Waiting {
  id: string;
  day: Day;
}

/** Puts contracts into force on their first day, ends them on their last, and tells the terms of the day. */
@Injectable()
export class ContractCalendar {
  constructor(
    private readonly db: Database,
    private readonly calendar: Calendar,
    private readonly lifecycle: ContractLifecycle,
    private readonly logger: AppLogger,
  ) {}

  @Periodic({ name: CONTRACT_CALENDAR, everyMs: 60_000 })
  async turn(): Promise<void> {
    const failed = [
      ...(await this.each(DUE, (id) => this.follow(id))),
      ...(await this.each(WITH_NEW_TERMS, (id) => this.lifecycle.tellTerms(id))),
    ];
    if (failed.length > 0) throw new Error(`${failed.length} contracts could not follow the calendar`);
  }

  /**
   * Who has waited longest comes first, and each comes once in a round: one transaction a contract, so that one that can't
   * be put into force, or fails, holds up no other.
   *
   * @returns those that failed
   */
  private async each(waiting: string, step: (id: string) => Promise<void>): Promise<string[]> {
    const failed: string[] = [];
    let last: Waiting | undefined;
    do {
      const page = await this.page(waiting, last);
      for (const { id } of page) {
        try {
          await step(id);
        } catch (error) {
          this.logger.failure('a contract could not follow the calendar', error, { contractId: id });
          failed.push(id);
        }
      }
      last = page.length === CONTRACTS_PER_PAGE ? page.at(-1) : undefined;
    } while (last);
    return failed;
  }

  private page(waiting: string, after?: Waiting): Promise<Waiting[]> {
    return this.db.read((tx) =>
      tx.sql<Waiting>(
        `SELECT id, day FROM (${waiting}) AS w WHERE $2::date IS NULL OR (day, id) > ($2, $3::uuid)
         ORDER BY day, id LIMIT $4`,
        [this.calendar.today(), after?.day ?? null, after?.id ?? null, CONTRACTS_PER_PAGE],
      ),
    );
  }

  private async follow(id: string): Promise<void> {
    try {
      await this.lifecycle.followCalendar(id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await this.noteRefusal(id, error);
    }
  }

  /** The parties read it at the contract; it is no change of the contract, so nothing is told. */
  private async noteRefusal(id: string, { code, message, details }: DomainError): Promise<void> {
    await this.db.write((tx) =>
      tx.sql(`UPDATE contract SET activation_refusal = $2 WHERE id = $1 AND status = 'signed'`, [
        id,
        JSON.stringify({ code, reason: message, siteIds: details.siteIds }),
      ]),
    );
  }
}
