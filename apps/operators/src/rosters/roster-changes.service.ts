import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { checkOwnSite, mayReach } from '../sites/own-sites.service';
import { StaffEntity } from '../staff/staff.entity';
import { StaffNews } from './staff-news.service';

/** What every change of a roster has in common. */
@Injectable()
export class RosterChanges {
  constructor(
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly news: StaffNews,
  ) {}

  /** The member of staff, locked: everything about one person happens one after the other. */
  async locked(tx: Tx, staffId: string, siteId?: string): Promise<StaffEntity> {
    const lock = { mode: 'pessimistic_write' as const };
    const staff = await tx.manager.findOne(StaffEntity, { where: { id: staffId }, lock });
    if (!staff || !staff.siteIds.some(mayReach)) throw notFound('staff member', staffId);
    if (siteId === undefined) return staff;
    checkOwnSite(siteId);
    if (!staff.active || !staff.siteIds.includes(siteId)) {
      throw new DomainError('invalid', 'works_elsewhere', 'They do not work at the site.', {
        field: 'siteId',
        mend: 'Name one of their sites, or enter the site with PATCH /v1/staff/{id}.',
      });
    }
    return staff;
  }

  /** From the first word of when somebody works on, they are asked for within their shifts alone. */
  async done(
    tx: Tx,
    action: string,
    entityId: string,
    staff: StaffEntity,
    facts: Record<string, unknown> = {},
  ): Promise<void> {
    if (!staff.rostered) await tx.manager.update(StaffEntity, { id: staff.id }, { rostered: true });
    const { id: staffId, operatorId } = staff;
    await this.audit.record(tx, { action, entityId, operatorId, facts: { ...facts, staffId } });
    await this.news.refresh(tx, [staffId]);
  }

  spanOf(command: { start: string; end: string }, lengthMs: number): { start: Date; end: Date } {
    const [start, end] = [new Date(command.start), new Date(command.end)];
    assertSpan(start, end, lengthMs);
    if (end > this.clock.now()) return { start, end };
    throw new DomainError('invalid', 'span_past', 'It is over already.', {
      field: 'end',
      mend: 'Give a later end.',
    });
  }
}

export function assertSpan(start: Date, end: Date, lengthMs: number): void {
  const length = end.getTime() - start.getTime();
  if (length > 0 && length <= lengthMs) return;
  throw new DomainError(
    'invalid',
    'span_out_of_range',
    'The end must lie after the start, and not too far.',
    {
      field: 'end',
      mend: `Give an end at most ${lengthMs / 3_600_000} hours after the start.`,
    },
  );
}

export async function owned<Row extends { staff_id: string }>(
  tx: Tx,
  table: 'shift_pattern' | 'staff_shift' | 'staff_absence',
  noun: string,
  id: string,
): Promise<Row> {
  const [row] = await tx.sql<Row>(`SELECT * FROM ${table} WHERE id = $1`, [id]);
  if (!row) throw notFound(noun, id);
  return row;
}

export function over(noun: string): DomainError {
  return new DomainError('conflict', `${noun}_over`, `The ${noun} is cancelled or over.`, {
    mend: 'Nothing needs to be done.',
  });
}
