import { Injectable } from '@nestjs/common';
import { event, ResidentMerged } from '@doorstep/contracts';
import { notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { Holds } from '../bookings/holds.service';
import { Diets } from '../residents/diets.service';
import { Homes } from '../residents/homes.service';
import {
  birthDateAfterErasure,
  checkPersonalData,
  checkRegistration,
  type ConsentPurpose,
  residentErased,
  residentMerged,
} from '../residents/resident';
import { ResidentEntity } from '../residents/resident.entity';
import { ResidentKeys } from '../residents/resident-keys.service';
import { type OpenResident, ResidentRecords, showResident } from '../residents/resident-records.service';
import { assertVersion } from '../residents/residents.service';
import { CONFLICTS_BETWEEN } from './conflicts.queries';
import { sameId } from './duplicates.service';
import {
  assertNoConflicts,
  combine,
  combineDiets,
  type Conflict,
  differencesOf,
  type Half,
  reasonOf,
  type Takeable,
} from './merge';
import type { MergeDto, MergePreviewDto, MovedDto } from './merges.dto';
import { COUNTS, MOVE_STEPS } from './moves.queries';

/** Groups are locked before all else by who gives a place, and so here. `$1` residents. */
const LOCK_GROUPS = `
  SELECT FROM care_group WHERE id IN (SELECT group_id FROM placement WHERE resident_id = ANY ($1::uuid[]))
  ORDER BY id FOR NO KEY UPDATE`;

/** Purposes that were withdrawn on one of the two and stand on the other. `$1`, `$2` the two. */
const CONSENTS_ENDING = `
  SELECT DISTINCT c.purpose FROM consent c
  WHERE c.resident_id IN ($1, $2) AND c.withdrawn_at IS NULL AND c.purpose IN (
    SELECT purpose FROM consent WHERE resident_id IN ($1, $2)
    GROUP BY resident_id, purpose HAVING bool_and(withdrawn_at IS NOT NULL))
  ORDER BY 1`;

type Pair = [survivor: OpenResident, merged: OpenResident];

/**
 * Makes two records of one person one, in one transaction: all that hangs on the one moves to the other, the empty row that
 * is left says where it went, and the other services hear of it.
 */
@Injectable()
export class Merges {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly keys: ResidentKeys,
    private readonly records: ResidentRecords,
    private readonly homes: Homes,
    private readonly diets: Diets,
  ) {}

  /** What would move, what the two say otherwise, and what stands against it. */
  preview(survivorId: string, mergedId: string): Promise<MergePreviewDto> {
    if (survivorId === mergedId) throw sameId('mergedId');
    return this.db.read(async (tx) => {
      const rows = [await rowOf(tx, survivorId), await rowOf(tx, mergedId)];
      rows.forEach(assertStands);
      const [survivor, merged] = (await this.records.open(tx, rows)) as Pair;
      const ending = await tx.sql<{ purpose: ConsentPurpose }>(CONSENTS_ENDING, [mergedId, survivorId]);
      const conflicts = await this.conflicts(tx, survivor, merged);
      return {
        survivor: showResident(survivor, 'masked'),
        merged: showResident(merged, 'masked'),
        moves: (await tx.sql<MovedDto>(COUNTS, [mergedId])).filter(({ count }) => count > 0),
        differences: differencesOf(halfOf(survivor), halfOf(merged)),
        consentsEnding: ending.map(({ purpose }) => purpose),
        conflicts: conflicts.map((conflict) => ({ ...conflict, ...reasonOf(conflict.code) })),
      };
    });
  }

  /** Done before is done: whoever asks again for the same gets the same. */
  async merge(survivorId: string, command: MergeDto): Promise<void> {
    const { mergedId, take, version, mergedVersion } = command;
    if (survivorId === mergedId) throw sameId('mergedId');
    await this.db.write(async (tx) => {
      const ids = [survivorId, mergedId];
      await tx.sql(LOCK_GROUPS, [ids]);
      // Before the two are locked: sessions come before residents, as when somebody books.
      for (const id of ids) await this.holds.expireOf(tx, id);
      const [survivorRow, mergedRow] = await lockBoth(tx, survivorId, mergedId);
      if (mergedRow.mergedInto === survivorId) return;
      [survivorRow, mergedRow].forEach(assertStands);
      assertVersion(survivorRow, version);
      assertVersion(mergedRow, mergedVersion);
      const [survivor, merged] = (await this.records.open(tx, [survivorRow, mergedRow])) as Pair;
      assertNoConflicts(await this.conflicts(tx, survivor, merged));
      await this.makeOne(tx, survivor, merged, take);
    });
  }

  private async makeOne(
    tx: Tx,
    survivor: OpenResident,
    merged: OpenResident,
    take: readonly Takeable[],
  ): Promise<void> {
    const now = this.clock.now();
    const [{ id, operatorId }, { id: mergedId }] = [survivor.row, merged.row];
    const one = combine(halfOf(survivor), halfOf(merged), take);
    const data = checkPersonalData(one.data, one.birthDate, one.sex);
    const registered = checkRegistration(one, null, one.regionCode);
    const home = await this.homeOf(tx, id, mergedId, take);
    const diets = await this.diets.of(tx, [id, mergedId]);
    const diet = combineDiets(diets.get(id), diets.get(mergedId));
    const key = (await this.keys.of(tx, [id])).get(id) as Buffer;
    const { data: _opened, ...attributes } = one;
    const changes = {
      ...attributes,
      ...registered,
      ...this.records.sealedColumns(operatorId, id, key, data),
      version: survivor.row.version + 1,
    };
    await this.empty(tx, merged.row, id, now);
    for (const step of MOVE_STEPS) await tx.sql(step, [mergedId, id, now]);
    await tx.manager.update(ResidentEntity, { id }, changes);
    if (home) await this.homes.keep(tx, id, home);
    if (diet && diets.has(mergedId)) await this.diets.keep(tx, id, diet);
    await tx.sql(`DELETE FROM resident_diet WHERE resident_id = $1`, [mergedId]);
    await this.records.log(tx, merged.row, 'merge');
    await this.records.log(tx, survivor.row, 'merge');
    await this.records.tell(tx, { ...survivor.row, ...changes });
    tx.tell(
      event(ResidentMerged, {
        ...{ operatorId, residentId: mergedId, survivorId: id },
        ...{ version: merged.row.version + 1, at: now.toISOString() },
      }),
    );
  }

  /** What is left of the record that goes: an id, and where it leads. */
  private async empty(tx: Tx, row: ResidentEntity, survivorId: string, now: Date): Promise<void> {
    const changes = {
      ...{ birthDate: birthDateAfterErasure(row.birthDate), sex: null, householdId: null },
      ...{ careLevel: null, careLevelAssessedOn: null, hardship: false, disability: false, birthOrder: null },
      ...{ registration: null, registeredIn: null, sealed: null },
      ...{ nameIndex: null, mobileIndex: null, idNumberIndex: null },
      ...{ erasedAt: now, mergedInto: survivorId, mergedAt: now, version: row.version + 1 },
    };
    await tx.sql(`UPDATE resident SET home_sealed = NULL, home_lng = NULL, home_lat = NULL WHERE id = $1`, [
      row.id,
    ]);
    await tx.manager.update(ResidentEntity, { id: row.id }, changes);
  }

  private async homeOf(tx: Tx, id: string, mergedId: string, take: readonly Takeable[]) {
    const [own, other] = [await this.homes.pointOf(tx, id), await this.homes.pointOf(tx, mergedId)];
    return own && !take.includes('home') ? undefined : other;
  }

  private async conflicts(tx: Tx, survivor: OpenResident, merged: OpenResident): Promise<Conflict[]> {
    const params = [merged.row.id, survivor.row.id, this.clock.now()];
    const numbers = [survivor.data?.idNumber, merged.data?.idNumber];
    const differ = numbers.every(Boolean) && numbers[0] !== numbers[1];
    const twoNumbers: Conflict = { code: 'different_citizen_numbers', count: 1, ids: [] };
    const found = await tx.sql<Conflict>(CONFLICTS_BETWEEN, params);
    return [...(differ ? [twoNumbers] : []), ...found];
  }
}

function halfOf({ row, data }: OpenResident): Half {
  const { birthDate, sex, regionCode, householdId, careLevel, careLevelAssessedOn } = row;
  const { hardship, disability, birthOrder, registration, registeredIn } = row;
  return {
    data: data ?? { name: '' },
    ...{ birthDate, sex, regionCode, householdId, careLevel, careLevelAssessedOn },
    ...{ hardship, disability, birthOrder, registration, registeredIn },
  };
}

async function rowOf(tx: Tx, id: string): Promise<ResidentEntity> {
  const row = await tx.manager.findOneBy(ResidentEntity, { id });
  if (!row) throw notFound('resident', id);
  return row;
}

/** Always in the order of their ids, whichever of the two is to go; with the records that lead to them. */
async function lockBoth(
  tx: Tx,
  survivorId: string,
  mergedId: string,
): Promise<[ResidentEntity, ResidentEntity]> {
  await tx.sql(
    `SELECT FROM resident WHERE id IN ($1, $2) OR merged_into IN ($1, $2) ORDER BY id FOR UPDATE`,
    [survivorId, mergedId],
  );
  return [await rowOf(tx, survivorId), await rowOf(tx, mergedId)];
}

function assertStands({ id, mergedInto, erasedAt }: ResidentEntity): void {
  if (mergedInto) throw residentMerged(id, mergedInto);
  if (erasedAt) throw residentErased();
}
