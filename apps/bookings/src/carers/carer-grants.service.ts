import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { Consents } from '../residents/consents.service';
import { assertNotMerged } from '../residents/merged.queries';
import { checkConsent } from '../residents/resident';
import { ResidentEntity } from '../residents/resident.entity';
import { ResidentNames } from '../residents/resident-names.service';
import { ResidentRecords } from '../residents/resident-records.service';
import { assertScope, type CarerScope, checkCarer, checkTerm } from './carer-grant';
import {
  type CarerGrantRow,
  GRANT_OF,
  GRANTS_OF_RESIDENT,
  INSERT_GRANT,
  showGrant,
  STANDING_GRANT,
  STANDING_GRANT_FOR_USE,
  STANDING_GRANTS,
  WITHDRAW_GRANT,
} from './carer-grants.queries';
import type { CaredForDto, CarerGrantDto, GrantCarerDto } from './carers.dto';

/** Who may book for whom. Rows with a beginning and an end, as consents are, so that it can be shown who might what when. */
@Injectable()
export class CarerGrants {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResidentRecords,
    private readonly consents: Consents,
    private readonly names: ResidentNames,
  ) {}

  grant(residentId: string, command: GrantCarerDto): Promise<CarerGrantDto> {
    const { carerId, accountId, scopes, grantedBy } = command;
    return this.db.write(async (tx) => {
      const now = this.clock.now();
      const today = this.records.today();
      const startsAt = command.from ? new Date(command.from) : now;
      const endsAt = command.to ? new Date(command.to) : null;
      checkTerm({ startsAt, endsAt }, now);
      const clientId = clientOf(command);
      const resident = await this.records.forChange(tx, residentId);
      const guardian = await this.consents.guardian(tx, grantedBy);
      checkConsent({ grantedBy }, resident, guardian, today, 'grantedBy');
      if (carerId !== undefined) {
        const row = await tx.manager.findOne(ResidentEntity, {
          where: { id: carerId },
          lock: { mode: 'pessimistic_read' },
        });
        const carer = row ? { birthDate: row.birthDate, erased: row.erasedAt !== null } : undefined;
        checkCarer(carerId, residentId, carer, today);
      }
      const id = newId(now.getTime());
      const who = [carerId ?? null, accountId ?? null, clientId];
      const what = [scopes, grantedBy ?? 'self', startsAt, endsAt, currentActor().id, now];
      await tx
        .sql(INSERT_GRANT, [id, resident.operatorId, residentId, ...who, ...what])
        .catch((error: Error & { constraint?: string }) => {
          throw error.constraint === 'carer_grant_once' ? standsAlready() : error;
        });
      return showGrant(await one(tx, id, residentId));
    });
  }

  /** From here on the carer can do nothing more; what was booked stands. */
  withdraw(residentId: string, id: string): Promise<CarerGrantDto> {
    return this.db.write(async (tx) => {
      await tx.sql(WITHDRAW_GRANT, [id, residentId, this.clock.now(), currentActor().id]);
      return showGrant(await one(tx, id, residentId));
    });
  }

  ofResident(residentId: string, { limit, cursor }: PageQuery): Promise<Page<CarerGrantDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      if (!(await tx.manager.existsBy(ResidentEntity, { id: residentId })))
        throw notFound('resident', residentId);
      const rows = await tx.sql<CarerGrantRow>(GRANTS_OF_RESIDENT, [residentId, after, limit + 1]);
      return pageOf(rows, limit, (row) => [row.id], showGrant);
    });
  }

  /** Whom a carer may act for now; a carer whom nobody has entitled sees nobody. */
  caredForBy(carerId: string, { limit, cursor }: PageQuery): Promise<Page<CaredForDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    return this.db.read(async (tx) => {
      const asked = [carerId, this.clock.now(), currentActor().id];
      const rows = await tx.sql<CarerGrantRow>(STANDING_GRANTS, [...asked, after, limit + 1]);
      const names = await this.names.masked(
        tx,
        rows.map(({ residentId }) => residentId),
      );
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => {
          const name = names.get(row.residentId);
          return { grant: showGrant(row), ...(name && { name }) };
        },
      );
    });
  }

  /**
   * The entitlement that a carer acts by, kept from being withdrawn until the transaction ends. A resident who has not
   * entitled the carer is like one who does not exist.
   */
  async use(tx: Tx, carerId: string, residentId: string, scope: CarerScope): Promise<CarerGrantRow> {
    return this.standing(tx, STANDING_GRANT_FOR_USE, { carerId, residentId, scope });
  }

  /** The same for a look. */
  see(carerId: string, residentId: string): Promise<CarerGrantRow> {
    return this.db.read((tx) => this.standing(tx, STANDING_GRANT, { carerId, residentId, scope: 'view' }));
  }

  private async standing(
    tx: Tx,
    sql: string,
    { carerId, residentId, scope }: { carerId: string; residentId: string; scope: CarerScope },
  ): Promise<CarerGrantRow> {
    const [row] = await tx.sql<CarerGrantRow>(sql, [
      carerId,
      this.clock.now(),
      currentActor().id,
      residentId,
    ]);
    if (!row) {
      await assertNotMerged(tx, residentId);
      throw notFound('resident', residentId);
    }
    assertScope(row.scopes, scope);
    return row;
  }
}

/** An account is known to its front-end alone, so no one else can name it. */
function clientOf({ carerId, accountId }: GrantCarerDto): string | null {
  if ((carerId === undefined) === (accountId === undefined)) {
    throw new DomainError('malformed', 'validation_failed', 'A carer is a resident or an account.', {
      field: 'carerId',
      mend: 'Give either carerId or accountId.',
    });
  }
  if (accountId === undefined) return null;
  const { id, kind } = currentActor();
  if (kind === 'client') return id;
  throw new DomainError('invalid', 'account_of_front_end', 'Accounts are known to front-ends alone.', {
    field: 'accountId',
    mend: 'Register the carer as a resident and give carerId.',
  });
}

async function one(tx: Tx, id: string, residentId: string): Promise<CarerGrantRow> {
  const [row] = await tx.sql<CarerGrantRow>(GRANT_OF, [id, residentId]);
  if (!row) throw notFound('carer_grant', id);
  return row;
}

function standsAlready(): DomainError {
  return new DomainError(
    'conflict',
    'carer_granted_already',
    'This carer is entitled for that time already.',
    {
      mend: 'Withdraw the former entitlement first: DELETE /v1/residents/{id}/carers/{grantId}.',
    },
  );
}
