import { Injectable } from '@nestjs/common';
import { type CareLevel, event, ResidentSnapshot } from '@doorstep/contracts';
import { newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, currentContext, type Tx } from '@doorstep/platform';
import { In, IsNull } from 'typeorm';
import { localDay } from '../sessions/calendar';
import { maskPersonalData, type PersonalData, residentErased, residentMerged } from './resident';
import { AccessLogEntity, ConsentEntity, ResidentEntity } from './resident.entity';
import { ResidentKeys } from './resident-keys.service';
import type { ConsentDto, ResidentDto } from './residents.view.dto';
import { seal, unseal } from './sealing';

/** Birthdays and ages are counted on the calendar of the country whose law sets them. */
const LEGAL_ZONE = 'Asia/Shanghai';

/** A resident with what their key opened; `data` is undefined after erasure. */
export interface OpenResident {
  row: ResidentEntity;
  data: PersonalData | undefined;
  consents: ConsentEntity[];
}

/** Reads and writes residents with their sealed part; tells the snapshot of each change. */
@Injectable()
export class ResidentRecords {
  constructor(
    private readonly keys: ResidentKeys,
    private readonly clock: Clock,
  ) {}

  today(): string {
    return localDay(this.clock.now(), LEGAL_ZONE);
  }

  /** Locks a resident for a change; one that was erased can't be changed any more. */
  async forChange(tx: Tx, id: string): Promise<ResidentEntity> {
    const row = await tx.manager.findOne(ResidentEntity, {
      where: { id },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) throw notFound('resident', id);
    if (!row.erasedAt) return row;
    if (row.mergedInto) throw residentMerged(id, row.mergedInto);
    throw residentErased();
  }

  /** Opens residents, in the order given. */
  async open(tx: Tx, rows: readonly ResidentEntity[]): Promise<OpenResident[]> {
    const ids = rows.map(({ id }) => id);
    const [keys, consents] = await Promise.all([
      this.keys.of(tx, ids),
      tx.manager.find(ConsentEntity, {
        where: { residentId: In(ids), withdrawnAt: IsNull() },
        order: { purpose: 'ASC' },
      }),
    ]);
    return rows.map((row) => {
      const key = keys.get(row.id);
      const data = key && row.sealed ? dataOf(key, row.id, row.sealed) : undefined;
      return { row, data, consents: consents.filter(({ residentId }) => residentId === row.id) };
    });
  }

  /** The columns that carry personal data, for a resident's key. */
  sealedColumns(operatorId: string, id: string, key: Buffer, data: PersonalData) {
    const index = (field: 'name' | 'mobile' | 'idNumber'): Buffer | null => {
      const value = data[field];
      return value ? this.keys.ring.blindIndex(operatorId, field, value.normalize('NFKC')) : null;
    };
    return {
      sealed: seal(key, JSON.stringify(data), id),
      nameIndex: index('name'),
      mobileIndex: index('mobile'),
      idNumberIndex: index('idNumber'),
    };
  }

  /** Tells the other services: attributes under the pseudonym, and contact data only for who consented to messages. */
  async tell(tx: Tx, row: ResidentEntity): Promise<void> {
    const [resident] = await this.open(tx, [row]);
    const { data, consents } = resident as OpenResident;
    const may = (purpose: string): boolean => consents.some((consent) => consent.purpose === purpose);
    const key = may('notifications') && data ? (await this.keys.of(tx, [row.id])).get(row.id) : undefined;
    const contact = key &&
      data && { name: data.name, mobile: data.mobile, email: data.email, language: data.language };
    const snapshot = event(ResidentSnapshot, {
      operatorId: row.operatorId,
      residentId: row.id,
      birthDate: row.birthDate,
      regionCode: row.regionCode,
      ...(row.careLevel !== null && { careLevel: row.careLevel as CareLevel }),
      ...(row.careLevelAssessedOn !== null && { careLevelAssessedOn: row.careLevelAssessedOn }),
      hardship: row.hardship,
      disability: row.disability,
      ...(row.birthOrder !== null && { birthOrder: row.birthOrder }),
      ...registrationOf(row),
      subsidyConsent: may('subsidy'),
      notificationConsent: may('notifications'),
      erased: row.erasedAt !== null,
      ...(key && contact && { contact: this.keys.ring.sealContact(key, contact) }),
      version: row.version,
      at: this.clock.now().toISOString(),
    });
    tx.tell(snapshot);
  }

  /** Who saw, took or destroyed personal data; append-only. */
  async log(tx: Tx, row: ResidentEntity, action: AccessLogEntity['action']): Promise<void> {
    const actor = currentActor();
    const now = this.clock.now();
    await tx.manager.insert(AccessLogEntity, {
      id: newId(now.getTime()),
      operatorId: row.operatorId,
      residentId: row.id,
      actorId: actor.id,
      actorKind: actor.kind,
      action,
      correlationId: currentContext().correlationId,
      at: now,
    });
  }
}

function dataOf(key: Buffer, id: string, sealed: Buffer): PersonalData {
  return JSON.parse(unseal(key, sealed, id).toString('utf8')) as PersonalData;
}

/** A resident as a role may see them. */
export function showResident({ row, data, consents }: OpenResident, view: 'masked' | 'full'): ResidentDto {
  const full = view === 'full';
  return {
    id: row.id,
    view,
    ...(data && (full ? data : maskPersonalData(data))),
    birthYear: Number(row.birthDate.slice(0, 4)),
    ...(full && row.erasedAt === null && { birthDate: row.birthDate }),
    ...(row.sex !== null && { sex: row.sex }),
    regionCode: row.regionCode,
    ...(row.householdId !== null && { householdId: row.householdId }),
    attributes: {
      ...(row.careLevel !== null && { careLevel: row.careLevel }),
      ...(row.careLevelAssessedOn !== null && { careLevelAssessedOn: row.careLevelAssessedOn }),
      hardship: row.hardship,
      disability: row.disability,
      ...(row.birthOrder !== null && { birthOrder: row.birthOrder }),
      ...registrationOf(row),
    },
    consents: consents.map(showConsent),
    erased: row.erasedAt !== null,
    ...(row.mergedInto !== null && { mergedInto: row.mergedInto }),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}

function registrationOf({ registration, registeredIn }: ResidentEntity) {
  return { ...(registration !== null && { registration }), ...(registeredIn !== null && { registeredIn }) };
}

export function showConsent({ purpose, grantedBy, grantedAt, withdrawnAt }: ConsentEntity): ConsentDto {
  return {
    purpose,
    grantedBy,
    grantedAt: grantedAt.toISOString(),
    ...(withdrawnAt !== null && { withdrawnAt: withdrawnAt.toISOString() }),
  };
}
