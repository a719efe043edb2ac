import { Injectable } from '@nestjs/common';
import { DomainError, maskName, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  isTwin,
  type Page,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { And, ArrayContains, ArrayOverlap, MoreThan } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { PersonEntity } from '../people/person.entity';
import { StaffNews } from '../rosters/staff-news.service';
import { insertOnce } from '../shared/insert.queries';
import { KnownSites } from '../sites/known-sites.service';
import { changeStaff, enterStaff, type Staff } from './staff';
import type { ChangeStaffDto, EnterStaffDto, StaffDto, StaffQuery } from './staff.dto';
import { StaffEntity } from './staff.entity';

@Injectable()
export class StaffService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly knownSites: KnownSites,
    private readonly news: StaffNews,
  ) {}

  async enter(command: EnterStaffDto): Promise<StaffDto> {
    await this.knownSites.settle(command.siteIds);
    return this.db.write(async (tx) => {
      const staff = enterStaff(currentActor(), command, newId());
      await this.checkReferences(tx, staff);
      const row = { ...staff, createdAt: this.clock.now() };
      if (!(await insertOnce(tx, StaffEntity, row))) throw accountTaken();
      await this.record(tx, 'staff:enter', row);
      await this.news.refresh(tx, [row.id], { changed: true });
      return show(row);
    });
  }

  async change(id: string, command: ChangeStaffDto): Promise<StaffDto> {
    await this.knownSites.settle(command.siteIds ?? []);
    return this.db.write(async (tx) => {
      const former = await load(tx, id, { lock: true });
      const next = changeStaff(currentActor(), former, command);
      await this.checkReferences(tx, next);
      if (next.personId && (await this.accountInUse(tx, next))) throw accountTaken();
      const { name, jobTitle, skills, siteIds, personId, active, rostered, version } = next;
      const changes = { name, jobTitle, skills, siteIds, personId, active, rostered, version };
      await tx.manager.update(StaffEntity, { id }, changes);
      await this.record(tx, 'staff:change', next, { fields: Object.keys(command) });
      await this.news.refresh(tx, [id], { changed: true });
      return show({ ...former, ...changes });
    }, isTwin);
  }

  find(id: string): Promise<StaffDto> {
    return this.db.read(async (tx) => {
      const staff = await load(tx, id);
      const { siteIds } = currentActor();
      if (siteIds && !staff.siteIds.some((siteId) => siteIds.includes(siteId)))
        throw notFound('staff member', id);
      return show(staff);
    });
  }

  list(query: StaffQuery): Promise<Page<StaffDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(StaffEntity, {
        where: {
          ...atSites(query.siteId),
          ...(query.skill && { skills: ArrayContains([query.skill]) }),
          ...(query.active !== undefined && { active: query.active }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  private async checkReferences(tx: Tx, staff: Staff): Promise<void> {
    await this.knownSites.check(staff.operatorId, staff.siteIds, 'siteIds');
    if (!staff.personId) return;
    const { personId, operatorId } = staff;
    if (await tx.manager.existsBy(PersonEntity, { id: personId, operatorId })) return;
    throw new DomainError('invalid', 'person_not_known', `There is no account ${personId} at the operator.`, {
      field: 'personId',
      mend: 'List the accounts with GET /v1/people and take an id from there.',
    });
  }

  private async accountInUse(tx: Tx, { id, personId }: Staff): Promise<boolean> {
    const rows = await tx.sql(`SELECT FROM staff WHERE person_id = $1 AND id <> $2`, [personId, id]);
    return rows.length > 0;
  }

  private record(tx: Tx, action: string, staff: Staff, facts?: Record<string, unknown>): Promise<void> {
    return this.audit.record(tx, { action, entityId: staff.id, operatorId: staff.operatorId, facts });
  }
}

async function load(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<StaffEntity> {
  const staff = await tx.manager.findOne(StaffEntity, {
    where: { id },
    ...(options.lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!staff) throw notFound('staff member', id);
  return staff;
}

/** Who works at a site; for an actor bound to sites, at one of those. */
function atSites(siteId: string | undefined): { siteIds?: ReturnType<typeof ArrayContains> } {
  const { siteIds: bound } = currentActor();
  const conditions = [...(siteId ? [ArrayContains([siteId])] : []), ...(bound ? [ArrayOverlap(bound)] : [])];
  return conditions.length === 0 ? {} : { siteIds: And(...conditions) };
}

/** Names are for the employer; an authority sees that there is somebody, and what they can do. */
function show(row: StaffEntity): StaffDto {
  const { id, operatorId, personId, jobTitle, skills, siteIds, active, rostered, version, createdAt } = row;
  const name = currentActor().operatorId === operatorId ? row.name : maskName(row.name);
  return { id, operatorId, personId, name, jobTitle, skills, siteIds, active, rostered, version, createdAt };
}

function accountTaken(): DomainError {
  return new DomainError('conflict', 'account_taken', 'The account belongs to another member of staff.', {
    field: 'personId',
    mend: 'Give the account of this person, or none.',
  });
}
