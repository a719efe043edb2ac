import { Injectable } from '@nestjs/common';
import { newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import { MoreThan } from 'typeorm';
import { tenant } from '../residents/tenant.context';
import { HouseholdEntity } from './household.entity';
import type { HouseholdDto } from './households.dto';

@Injectable()
export class Households {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  create(regionCode: string): Promise<HouseholdDto> {
    return this.db.write(async (tx) => {
      const now = this.clock.now();
      const row = { id: newId(now.getTime()), operatorId: tenant(), regionCode, version: 1, createdAt: now };
      await tx.manager.insert(HouseholdEntity, row);
      return show(row, []);
    });
  }

  find(id: string): Promise<HouseholdDto> {
    return this.db.read(async (tx) => {
      const row = await tx.manager.findOneBy(HouseholdEntity, { id });
      if (!row) throw notFound('household', id);
      return show(row, (await membersOf(tx, [id])).get(id));
    });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<HouseholdDto>> {
    const after = decodeCursor(cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(HouseholdEntity, {
        where: { ...(after && { id: MoreThan(String(after[0])) }) },
        order: { id: 'ASC' },
        take: limit + 1,
      });
      const members = await membersOf(
        tx,
        rows.map(({ id }) => id),
      );
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => show(row, members.get(row.id)),
      );
    });
  }
}

async function membersOf(tx: Tx, householdIds: string[]): Promise<Map<string, string[]>> {
  const rows = await tx.sql<{ householdId: string; residentIds: string[] }>(
    `SELECT household_id AS "householdId", array_agg(id ORDER BY id) AS "residentIds"
     FROM resident WHERE household_id = ANY ($1::uuid[]) GROUP BY household_id`,
    [householdIds],
  );
  return new Map(rows.map(({ householdId, residentIds }) => [householdId, residentIds]));
}

function show(row: HouseholdEntity, residentIds: string[] = []): HouseholdDto {
  const { id, regionCode, version, createdAt } = row;
  return { id, regionCode, residentIds, version, createdAt: createdAt.toISOString() };
}
