import { Injectable } from '@nestjs/common';
import { type Day, DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  sqlStateOf,
  type Tx,
} from '@doorstep/platform';
import { maySee } from '../bookings/holds.service';
import { tenant } from '../residents/tenant.context';
import { addDays, localDay } from '../sessions/calendar';
import { checkSpan } from '../sessions/day-span';
import type {
  ChangeKitchenDto,
  CreateKitchenDto,
  KitchenDayDto,
  KitchenDto,
  KitchensQuery,
} from './kitchens.dto';
import {
  BIND_OFFERINGS,
  CHANGE_KITCHEN,
  DAYS,
  FOLLOW_FIGURE,
  INSERT_KITCHEN,
  KITCHEN_BY_ID,
  KITCHEN_FOR_UPDATE,
  type KitchenDayRow,
  type KitchenRow,
  LIST_KITCHENS,
  SET_DAY,
} from './kitchens.queries';

const CHECK_VIOLATION = '23514';

/** Kitchens: how many portions a day, and for which offerings, wherever these are eaten. */
@Injectable()
export class Kitchens {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  create(command: CreateKitchenDto): Promise<KitchenDto> {
    const { siteId, name, portionsPerDay, offeringIds } = command;
    return this.db.write(async (tx) => {
      const [site] = await tx.sql<{ id: string }>(`SELECT id FROM site WHERE id = $1`, [siteId]);
      if (!site || !maySee(siteId)) throw notFound('site', siteId);
      const now = this.clock.now();
      const id = newId(now.getTime());
      await tx.sql(INSERT_KITCHEN, [id, tenant(), siteId, name.zh, name.en ?? null, portionsPerDay, now]);
      await bind(tx, id, offeringIds);
      return one(tx, id);
    });
  }

  /** A smaller figure holds for days to come, down to what is ordered already. */
  change(id: string, command: ChangeKitchenDto): Promise<KitchenDto> {
    return this.db.write(async (tx) => {
      const former = await one(tx, id, KITCHEN_FOR_UPDATE);
      const { name, portionsPerDay = former.portionsPerDay, offeringIds } = command;
      const [zh, en] = name ? [name.zh, name.en ?? null] : [former.nameZh, former.nameEn];
      await tx.sql(CHANGE_KITCHEN, [id, zh, en, portionsPerDay]);
      await tx.sql(FOLLOW_FIGURE, [id, portionsPerDay, localDay(this.clock.now(), 'UTC')]);
      if (offeringIds) {
        await tx.sql(`DELETE FROM kitchen_offering WHERE kitchen_id = $1`, [id]);
        await bind(tx, id, offeringIds);
      }
      return one(tx, id);
    });
  }

  find(id: string): Promise<KitchenDto> {
    return this.db.read((tx) => one(tx, id));
  }

  list({ siteId, limit, cursor }: KitchensQuery): Promise<Page<KitchenDto>> {
    const [after] = decodeCursor(cursor, 1) ?? [null];
    const { siteIds = null } = currentActor();
    return this.db.read(async (tx) => {
      const rows = await tx.sql<KitchenRow>(LIST_KITCHENS, [siteId ?? null, after, limit + 1, siteIds]);
      return pageOf(
        rows,
        limit,
        (row) => [row.id],
        (row) => row,
      );
    });
  }

  days(id: string, from: Day, to: Day): Promise<KitchenDayDto[]> {
    checkSpan(from, to);
    return this.db.read(async (tx) => {
      await one(tx, id);
      const rows = await tx.sql<KitchenDayRow>(DAYS, [id, from, to]);
      return rows.map((row) => ({ ...row, left: row.portions - row.taken }));
    });
  }

  /** Says of one day how many portions there are; never fewer than are ordered. */
  setDay(id: string, day: Day, portions: number): Promise<KitchenDayDto> {
    return this.db.write(async (tx) => {
      await one(tx, id);
      await tx.sql(SET_DAY, [id, day, portions]).catch((error: unknown) => {
        throw sqlStateOf(error) === CHECK_VIOLATION ? fewerThanTaken(day) : error;
      });
      const [row] = await tx.sql<KitchenDayRow>(DAYS, [id, day, addDays(day, 1)]);
      const { taken } = row as KitchenDayRow;
      return { day, portions, taken, left: portions - taken };
    });
  }
}

/** A kitchen at a site of the actor. */
export async function one(tx: Tx, id: string, sql = KITCHEN_BY_ID): Promise<KitchenRow> {
  const [row] = await tx.sql<KitchenRow>(sql, [id]);
  if (!row || !maySee(row.siteId)) throw notFound('kitchen', id);
  return row;
}

async function bind(tx: Tx, id: string, offeringIds: readonly string[]): Promise<void> {
  if (offeringIds.length === 0) return;
  const bound = await tx
    .sql<{ id: string }>(BIND_OFFERINGS, [id, offeringIds])
    .catch((error: Error & { constraint?: string }) => {
      throw error.constraint === 'kitchen_offering_pkey' ? boundElsewhere() : error;
    });
  const missing = offeringIds.find((offeringId) => !bound.some((row) => row.id === offeringId));
  if (missing) throw notFound('offering of meals', missing);
}

function boundElsewhere(): DomainError {
  return new DomainError('conflict', 'offering_bound', 'Another kitchen cooks for one of these offerings.', {
    field: 'offeringIds',
    mend: 'Take it from that kitchen first.',
  });
}

function fewerThanTaken(day: Day): DomainError {
  return new DomainError('conflict', 'portions_taken', `More portions are ordered for ${day} already.`, {
    field: 'portions',
    mend: 'GET /v1/kitchens/{id}/days says how many; cancel orders first.',
  });
}
