import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
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
import { Raw } from 'typeorm';
import { fieldsOf, recordChange } from '../changes';
import { showName } from '../name.dto';
import { knownRegions } from '../regions/regions.queries';
import type { KindDto, KindsQuery, SetKindDto } from './kinds.dto';
import { checkMaySetKind } from './service-kind';
import { ServiceKindEntity } from './service-kind.entity';

const PLACE_DEFAULT = 100;

@Injectable()
export class KindsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Adds a kind, or changes the one of that code. */
  set(command: SetKindDto): Promise<KindDto> {
    return this.db.write(async (tx) => {
      const regionCode = command.regionCode ?? null;
      checkMaySetKind(currentActor(), regionCode);
      await checkNamesAndRegion(tx, command);
      const former = await tx.manager.findOne(ServiceKindEntity, {
        where: { code: command.code },
        lock: { mode: 'pessimistic_write' },
      });
      if (former) checkMaySetKind(currentActor(), former.regionCode);
      const kind: ServiceKindEntity = {
        code: command.code,
        nameZh: command.name.zh,
        nameEn: command.name.en as string,
        urgentAndScarce: command.urgentAndScarce,
        regionCode,
        modes: command.modes ?? [],
        place: command.place ?? former?.place ?? PLACE_DEFAULT,
        active: command.active ?? true,
        version: (former?.version ?? 0) + 1,
      };
      if (former) await tx.manager.update(ServiceKindEntity, { code: kind.code }, kind);
      else await tx.manager.insert(ServiceKindEntity, kind);
      const facts = { fields: fieldsOf(command), active: kind.active };
      recordChange(tx, this.clock.now(), {
        action: 'kinds:write',
        entity: kind.code,
        operatorId: null,
        facts,
      });
      return show(kind);
    }, isTwin);
  }

  list(query: KindsQuery): Promise<Page<KindDto>> {
    const after = decodeCursor(query.cursor, 2);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(ServiceKindEntity, {
        where: {
          ...(query.regionCode && {
            regionCode: Raw((column) => `(${column} IS NULL OR starts_with(:within, ${column}))`, {
              within: query.regionCode,
            }),
          }),
          ...(after && {
            code: Raw((column) => `(place, ${column}) > (:place::int, :code)`, {
              place: after[0],
              code: after[1],
            }),
          }),
        },
        order: { place: 'ASC', code: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.place, row.code], show);
    });
  }
}

async function checkNamesAndRegion(tx: Tx, { name, regionCode }: SetKindDto): Promise<void> {
  if (!name.en) {
    throw new DomainError(
      'invalid',
      'kind_without_english_name',
      'A kind of service has a name in both languages.',
      {
        field: 'name.en',
        mend: 'Give name.en as well.',
      },
    );
  }
  if (regionCode === undefined || (await knownRegions(tx, [regionCode])).has(regionCode)) return;
  throw new DomainError('invalid', 'region_unknown', `There is no region ${regionCode}.`, {
    field: 'regionCode',
    mend: 'GET /v1/regions lists them.',
  });
}

function show(kind: ServiceKindEntity): KindDto {
  const { code, urgentAndScarce, regionCode, modes, active } = kind;
  return { code, name: showName(kind), urgentAndScarce, regionCode, modes, active };
}
