import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { IsNull, MoreThan } from 'typeorm';
import { HouseholdEntity } from '../households/household.entity';
import { Consents } from './consents.service';
import {
  type Attributes,
  checkAttributes,
  checkBirthDate,
  checkHomeRegion,
  checkPersonalData,
  checkRegistration,
  type PersonalData,
} from './resident';
import { ResidentEntity } from './resident.entity';
import { ResidentKeys } from './resident-keys.service';
import { type OpenResident, ResidentRecords, showResident } from './resident-records.service';
import type {
  AttributesDto,
  ChangeResidentDto,
  LookUpResidentDto,
  RegisterResidentDto,
  ResidentsQuery,
} from './residents.dto';
import type { ResidentDto } from './residents.view.dto';
import { tenant } from './tenant.context';

const NO_ATTRIBUTES: Attributes = {
  careLevel: null,
  careLevelAssessedOn: null,
  hardship: false,
  disability: false,
  birthOrder: null,
  registration: null,
  registeredIn: null,
};

@Injectable()
export class Residents {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: ResidentKeys,
    private readonly records: ResidentRecords,
    private readonly consents: Consents,
  ) {}

  /** Answers with the id alone: what a write answers is remembered for repeats, and personal data must not be. */
  register(command: RegisterResidentDto): Promise<string> {
    return this.db.write(async (tx) => {
      const { regionCode, householdId = null, sex = null } = command;
      const today = this.records.today();
      const birthDate = checkBirthDate(command.birthDate, today);
      const data = checkPersonalData(personalPart(command), birthDate, sex);
      const attributes = checkedAttributes(NO_ATTRIBUTES, command.attributes, { regionCode, today });
      const now = this.clock.now();
      const id = newId(now.getTime());
      const operatorId = tenant();
      await assertHousehold(tx, householdId);
      const row = {
        id,
        operatorId,
        householdId,
        regionCode: checkHomeRegion(regionCode),
        birthDate,
        sex,
        ...attributes,
        version: 1,
        createdAt: now,
        erasedAt: null,
        mergedInto: null,
        mergedAt: null,
      };
      const key = this.keys.newKey();
      const sealed = this.records.sealedColumns(operatorId, id, key, data);
      await assertNew(tx, id, sealed.idNumberIndex);
      const resident: ResidentEntity = { ...row, ...sealed };
      await once(() => tx.manager.insert(ResidentEntity, resident));
      await this.keys.store(tx, id, operatorId, key);
      await this.consents.insert(tx, resident, command.consents);
      await this.records.tell(tx, resident);
      return id;
    });
  }

  async change(id: string, command: ChangeResidentDto): Promise<void> {
    await this.db.write(async (tx) => {
      const row = await this.records.forChange(tx, id);
      assertVersion(row, command.version);
      const [former] = (await this.records.open(tx, [row])) as [OpenResident];
      const today = this.records.today();
      const birthDate = checkBirthDate(command.birthDate ?? row.birthDate, today);
      const sex = command.sex ?? row.sex;
      const regionCode = checkHomeRegion(command.regionCode ?? row.regionCode);
      const given = { ...former.data, ...definedOf(personalPart(command)) } as PersonalData;
      const data = checkPersonalData(given, birthDate, sex);
      const householdId = command.householdId ?? row.householdId;
      if (householdId !== row.householdId) await assertHousehold(tx, householdId);
      const key = (await this.keys.of(tx, [id])).get(id) as Buffer;
      const sealed = this.records.sealedColumns(row.operatorId, id, key, data);
      await assertNew(tx, id, sealed.idNumberIndex);
      const changes = {
        householdId,
        birthDate,
        sex,
        regionCode,
        ...checkedAttributes(row, command.attributes ?? {}, { regionCode, today }),
        ...sealed,
        version: row.version + 1,
      };
      await once(() => tx.manager.update(ResidentEntity, { id }, changes));
      await this.records.tell(tx, { ...row, ...changes });
    });
  }

  find(id: string): Promise<ResidentDto> {
    return this.db.read(async (tx) => {
      const row = await tx.manager.findOneBy(ResidentEntity, { id });
      if (!row) throw notFound('resident', id);
      const [resident] = await this.records.open(tx, [row]);
      return showResident(resident as OpenResident, 'masked');
    });
  }

  list({ limit, cursor, householdId }: ResidentsQuery): Promise<Page<ResidentDto>> {
    const after = decodeCursor(cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(ResidentEntity, {
        where: {
          mergedInto: IsNull(),
          ...(after && { id: MoreThan(String(after[0])) }),
          ...(householdId && { householdId }),
        },
        order: { id: 'ASC' },
        take: limit + 1,
      });
      const residents = await this.records.open(tx, rows);
      return pageOf(
        residents,
        limit,
        ({ row }) => [row.id],
        (resident) => showResident(resident, 'masked'),
      );
    });
  }

  /** Finds by the blind index; the number itself stands in no log and in no address. */
  lookUp({ mobile, idNumber }: LookUpResidentDto): Promise<ResidentDto[]> {
    const value = mobile ?? idNumber;
    if (!value || (mobile && idNumber)) {
      throw new DomainError('malformed', 'validation_failed', 'Look up by one number.', {
        field: 'mobile',
        mend: 'Give either mobile or idNumber.',
      });
    }
    const field = mobile ? 'mobile' : 'idNumber';
    const index = this.keys.ring.blindIndex(tenant(), field, value.trim().toUpperCase());
    const column = mobile ? 'mobileIndex' : 'idNumberIndex';
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(ResidentEntity, {
        where: { operatorId: tenant(), [column]: index },
        order: { id: 'ASC' },
        take: 50,
      });
      return (await this.records.open(tx, rows)).map((resident) => showResident(resident, 'masked'));
    });
  }
}

function personalPart(command: ChangeResidentDto): PersonalData {
  const { name = '', mobile, idNumber, email, address, language } = command;
  return { ...(name && { name }), mobile, idNumber, email, address, language } as PersonalData;
}

function checkedAttributes(
  former: Attributes,
  given: AttributesDto,
  { regionCode, today }: { regionCode: string; today: string },
): Attributes {
  const { careLevel, careLevelAssessedOn, hardship, disability, birthOrder, ...registered } = {
    ...former,
    ...definedOf(given),
  };
  return {
    ...checkAttributes({ careLevel, careLevelAssessedOn, hardship, disability, birthOrder }, today),
    ...checkRegistration(registered, given.registration, regionCode),
  };
}

function definedOf<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

async function assertHousehold(tx: Tx, id: string | null): Promise<void> {
  if (id !== null && !(await tx.manager.existsBy(HouseholdEntity, { id }))) throw notFound('household', id);
}

/** One person is registered once with an operator, as far as the citizen number tells. */
async function assertNew(tx: Tx, id: string, idNumberIndex: Buffer | null): Promise<void> {
  if (!idNumberIndex) return;
  const known = await tx.manager.findOneBy(ResidentEntity, { operatorId: tenant(), idNumberIndex });
  if (known && known.id !== id) throw exists(known.id);
}

/** The index has the last word when two register the same person at the same moment. */
async function once<T>(insert: () => Promise<T>): Promise<T> {
  try {
    return await insert();
  } catch (error) {
    const { constraint } = (error as { driverError?: { constraint?: string } }).driverError ?? {};
    throw constraint === 'resident_id_number' ? exists() : error;
  }
}

function exists(residentId?: string): DomainError {
  return new DomainError(
    'conflict',
    'resident_exists',
    'A resident with this citizen number is registered already.',
    {
      field: 'idNumber',
      mend: 'Find the resident with POST /v1/residents/look-up and use that one.',
      ...(residentId && { residentId }),
    },
  );
}

export function assertVersion(row: ResidentEntity, version: number | undefined): void {
  if (version === undefined || version === row.version) return;
  throw new DomainError('conflict', 'version_changed', 'Somebody else has changed this resident since.', {
    field: 'version',
    mend: 'Read the resident again and repeat the change on what it is now.',
    version: row.version,
  });
}
