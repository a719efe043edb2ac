import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, type Page, pageOf, type Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { assertNotMerged } from '../residents/merged.queries';
import { ResidentEntity } from '../residents/resident.entity';
import { type OpenResident, ResidentRecords, showResident } from '../residents/resident-records.service';
import { tenant } from '../residents/tenant.context';
import { ALIKE, type AlikeRow, DISMISS, TAKE_BACK } from './duplicates.queries';
import type { DismissDto, DismissedDto, DuplicateDto, DuplicatesQuery } from './merges.dto';

/** Residents who may be registered twice, for people to look at. Nothing is merged by itself. */
@Injectable()
export class Duplicates {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly records: ResidentRecords,
  ) {}

  list({ limit, cursor, dismissed }: DuplicatesQuery): Promise<Page<DuplicateDto>> {
    const after = decodeCursor(cursor, 2) ?? [null, null];
    return this.db.read(async (tx) => {
      const rows = await tx.sql<AlikeRow>(ALIKE, [tenant(), ...after, limit + 1, dismissed]);
      const ids = [...new Set(rows.flatMap(({ oneId, otherId }) => [oneId, otherId]))];
      const opened = await this.records.open(tx, await tx.manager.findBy(ResidentEntity, { id: In(ids) }));
      const residents = new Map(opened.map((resident) => [resident.row.id, resident]));
      return pageOf(
        rows,
        limit,
        ({ oneId, otherId }) => [oneId, otherId],
        (row) => show(row, residents),
      );
    });
  }

  /** Remembered, and heeded: the two are no candidates any more, and are not merged unless it is taken back. */
  dismiss({ residentId, otherId }: DismissDto): Promise<DismissedDto> {
    return this.db.write(async (tx) => {
      await assertTwo(tx, residentId, otherId);
      await tx.sql(DISMISS, [residentId, otherId, tenant(), currentActor().id, this.clock.now()]);
      return { residentId, otherId, distinct: true };
    });
  }

  takeBack(residentId: string, otherId: string): Promise<DismissedDto> {
    return this.db.write(async (tx) => {
      await assertTwo(tx, residentId, otherId);
      await tx.sql(TAKE_BACK, [residentId, otherId]);
      return { residentId, otherId, distinct: false };
    });
  }
}

async function assertTwo(tx: Tx, residentId: string, otherId: string): Promise<void> {
  if (residentId === otherId) throw sameId('otherId');
  for (const id of [residentId, otherId]) {
    await assertNotMerged(tx, id);
    if (!(await tx.manager.existsBy(ResidentEntity, { id }))) throw notFound('resident', id);
  }
}

export function sameId(field: string): DomainError {
  return new DomainError('invalid', 'same_resident', 'Both ids are the same.', {
    field,
    mend: 'Name two residents.',
  });
}

function show(row: AlikeRow, residents: ReadonlyMap<string, OpenResident>): DuplicateDto {
  const { oneId, otherId, sameMobile, sameName, dismissedAt } = row;
  return {
    residents: [oneId, otherId].map((id) => showResident(residents.get(id) as OpenResident, 'masked')),
    reasons: [
      ...(sameMobile ? ['same_mobile_and_birth_date' as const] : []),
      ...(sameName ? ['same_name_and_birth_date' as const] : []),
    ],
    ...(dismissedAt && { dismissedAt: dismissedAt.toISOString() }),
  };
}
