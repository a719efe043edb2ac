import { Injectable } from '@nestjs/common';
import { event, OrganisationSnapshot } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
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
import { ILike, MoreThan } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import { insertOnce } from '../shared/insert.queries';
import { changeOrganisation, type Organisation, registerOrganisation } from './organisation';
import { OrganisationEntity } from './organisation.entity';
import type {
  ChangeOrganisationDto,
  OrganisationDto,
  OrganisationsQuery,
  RegisterOrganisationDto,
} from './organisations.dto';

@Injectable()
export class OrganisationsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  register(command: RegisterOrganisationDto): Promise<OrganisationDto> {
    return this.db.write(async (tx) => {
      const parent = command.parentId ? await loadOrganisation(tx, command.parentId) : null;
      const organisation = registerOrganisation(currentActor(), command, parent, newId());
      const row = { ...organisation, createdAt: this.clock.now() };
      if (!(await insertOnce(tx, OrganisationEntity, row))) throw codeTaken(row.creditCode);
      await this.audit.record(tx, {
        action: 'organisations:create',
        entityId: row.id,
        operatorId: row.operatorId,
        facts: { kind: row.kind, creditCodeOverridden: row.creditCodeOverrideReason !== null },
      });
      this.tell(tx, row);
      return show(row);
    });
  }

  change(id: string, command: ChangeOrganisationDto): Promise<OrganisationDto> {
    return this.db.write(async (tx) => {
      const former = await this.loadForChange(tx, id);
      checkOwnFields(command);
      const next = changeOrganisation(former, command);
      if (next.creditCode !== former.creditCode) await checkCodeIsFree(tx, next.creditCode);
      const { name, creditCode, creditCodeOverrideReason, regionCode, version } = next;
      const changes = { name, creditCode, creditCodeOverrideReason, regionCode, version };
      await tx.manager.update(OrganisationEntity, { id }, changes);
      await this.audit.record(tx, {
        action: 'organisations:update',
        entityId: id,
        operatorId: former.operatorId,
        facts: { fields: Object.keys(command) },
      });
      const row = { ...former, ...changes };
      this.tell(tx, row);
      return show(row);
    }, isTwin);
  }

  find(id: string): Promise<OrganisationDto> {
    return this.db.read(async (tx) => show(await loadOrganisation(tx, id)));
  }

  list(query: OrganisationsQuery): Promise<Page<OrganisationDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(OrganisationEntity, {
        where: {
          ...(query.kind && { kind: query.kind }),
          ...(query.parentId && { parentId: query.parentId }),
          ...(query.name && { name: ILike(`%${query.name.replace(/[\\%_]/g, '\\$&')}%`) }),
          ...(query.creditCode && { creditCode: query.creditCode.trim().toUpperCase() }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  /** A tenant may change itself alone; what it may only see (authorities, funders) looks forbidden, not absent. */
  private async loadForChange(tx: Tx, id: string): Promise<OrganisationEntity> {
    const actor = currentActor();
    if (!actor.roles.includes('administrator') && actor.organisationId !== id) {
      await loadOrganisation(tx, id);
      throw new DomainError('forbidden', 'not_own_organisation', "You can't change another organisation.", {
        mend: 'Change your own; ask an administrator for others.',
      });
    }
    return loadOrganisation(tx, id, { lock: true });
  }

  private tell(tx: Tx, row: Organisation): void {
    tx.tell(
      event(OrganisationSnapshot, {
        ...(row.operatorId && { operatorId: row.operatorId }),
        organisationId: row.id,
        kind: row.kind,
        name: row.name,
        ...(row.regionCode && { regionCode: row.regionCode }),
        version: row.version,
        at: this.clock.now().toISOString(),
      }),
    );
  }
}

/** The organisation, if the current actor may see it; locked, if they may change it. */
export async function loadOrganisation(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<OrganisationEntity> {
  const organisation = await tx.manager.findOne(OrganisationEntity, {
    where: { id },
    ...(options.lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!organisation) throw notFound('organisation', id);
  return organisation;
}

async function checkCodeIsFree(tx: Tx, creditCode: string): Promise<void> {
  if (await tx.manager.existsBy(OrganisationEntity, { creditCode })) throw codeTaken(creditCode);
}

function codeTaken(creditCode: string): DomainError {
  return new DomainError('conflict', 'organisation_exists', `${creditCode} is registered already.`, {
    field: 'creditCode',
    mend: 'Find it with GET /v1/organisations?creditCode=… and use that one.',
  });
}

/** What stands in public registers is corrected by administrators alone. */
function checkOwnFields(command: ChangeOrganisationDto): void {
  if (currentActor().roles.includes('administrator')) return;
  for (const field of ['creditCode', 'creditCodeOverrideReason', 'regionCode'] as const) {
    if (command[field] === undefined) continue;
    throw new DomainError('forbidden', 'field_not_yours', `Only an administrator may change ${field}.`, {
      field,
      mend: 'Ask an administrator, with the new licence at hand.',
    });
  }
}

function show(row: OrganisationEntity | (Organisation & { createdAt: Date })): OrganisationDto {
  const { operatorId: _tenant, ...shown } = row;
  return shown;
}
