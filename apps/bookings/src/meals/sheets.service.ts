import { Injectable } from '@nestjs/common';
import { type Day, DomainError, notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import { In } from 'typeorm';
import { maySee } from '../bookings/holds.service';
import { ResidentEntity } from '../residents/resident.entity';
import { ResidentKeys } from '../residents/resident-keys.service';
import { ResidentRecords } from '../residents/resident-records.service';
import { unsealAny } from '../residents/sealing';
import { addDays } from '../sessions/calendar';
import { Diets } from '../residents/diets.service';
import { one } from './kitchens.service';
import { addressOf } from './meals.service';
import {
  ADDRESSES_OF,
  CHOICES_OF,
  type ChoiceRow,
  DELIVERIES_OF_SITE,
  type OrderRow,
  ORDERS_OF_KITCHEN,
} from './meals.queries';
import { NO_DIET } from './menu';
import { type MenuRow, MENUS } from './menus.queries';
import { roundsOf, type Stop } from './rounds';
import { kitchenSheet, type MealOrder, type Service } from './sheet';
import type { RoundDto, RoundsDto, SheetDto, StopDto } from './sheets.dto';

/** One sheet has at most so many orders; beyond that a kitchen is a factory. */
const ORDERS_MAX = 5_000;

interface Site {
  id: string;
  lng: number;
  lat: number;
  timeZone: string;
}

/** What to cook, and whom to bring it to. */
@Injectable()
export class Sheets {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly diets: Diets,
    private readonly keys: ResidentKeys,
    private readonly records: ResidentRecords,
  ) {}

  /** Portions of a kitchen and day; of pseudonyms alone. */
  sheet(kitchenId: string, day: Day): Promise<SheetDto> {
    return this.db.read(async (tx) => {
      await one(tx, kitchenId);
      const { orders, menus, zones } = await this.orders(tx, ORDERS_OF_KITCHEN, kitchenId, day);
      const names = new Map(menus.map(({ id, nameZh, nameEn }) => [id, { nameZh, nameEn }]));
      const lines = kitchenSheet(orders, (siteId) => menus.filter((dish) => dish.siteId === siteId));
      return {
        kitchenId,
        day,
        portions: lines.reduce((sum, { portions }) => sum + portions, 0),
        lines: lines.map(({ start, dishId, ...line }) => ({
          ...line,
          start: start.toISOString(),
          timeZone: zones.get(line.siteId) as string,
          ...(dishId !== null && { dishId, ...(names.get(dishId) as { nameZh: string }) }),
        })),
      };
    });
  }

  /** Rounds with names and addresses: a full view of each resident, and so written down. */
  rounds(siteId: string, day: Day, stopsMax: number): Promise<RoundsDto> {
    return this.db.write(async (tx) => {
      const [site] = await tx.sql<Site>(
        `SELECT id, lng, lat, time_zone AS "timeZone" FROM site WHERE id = $1`,
        [siteId],
      );
      if (!site || !maySee(siteId)) throw notFound('site', siteId);
      const rows = await this.rows(tx, DELIVERIES_OF_SITE, siteId, day);
      const stops = rows.map((row): Stop => ({ ...row, near: nearOf(row) }));
      const contacts = await this.contacts(tx, rows);
      const rounds = roundsOf(site, stops, stopsMax).map(({ start, stops: ordered, ...round }): RoundDto => ({
        ...round,
        start: start.toISOString(),
        stops: ordered.map(({ bookingId, residentId, portions }) => ({
          bookingId,
          residentId,
          portions,
          ...contacts.get(bookingId),
        })),
      }));
      return { siteId, day, timeZone: site.timeZone, rounds };
    });
  }

  private async orders(
    tx: Tx,
    statement: string,
    owner: string,
    day: Day,
  ): Promise<{ orders: MealOrder[]; menus: MenuRow[]; zones: Map<string, string> }> {
    const rows = await this.rows(tx, statement, owner, day);
    const choices = await tx.sql<ChoiceRow>(CHOICES_OF, [rows.map(({ bookingId }) => bookingId)]);
    const diets = await this.diets.of(tx, [...new Set(rows.map(({ residentId }) => residentId))]);
    const sites = [...new Set(rows.map(({ siteId }) => siteId))];
    const menus = await tx.sql<MenuRow>(MENUS, [sites, day, addDays(day, 1)]);
    const chosen = new Map<string, ChoiceRow[]>();
    for (const choice of choices) {
      chosen.set(choice.bookingId, [...(chosen.get(choice.bookingId) ?? []), choice]);
    }
    const orders = rows.map((row): MealOrder => ({
      ...row,
      service: serviceOf(row),
      choices: chosen.get(row.bookingId) ?? [],
      diet: diets.get(row.residentId) ?? NO_DIET,
    }));
    return { orders, menus, zones: new Map(rows.map(({ siteId, timeZone }) => [siteId, timeZone])) };
  }

  private async rows(tx: Tx, statement: string, owner: string, day: Day): Promise<OrderRow[]> {
    const rows = await tx.sql<OrderRow>(statement, [owner, day, this.clock.now(), ORDERS_MAX + 1]);
    if (rows.length <= ORDERS_MAX) return rows;
    throw new DomainError(
      'too_large',
      'too_many_orders',
      `There are more than ${ORDERS_MAX} orders on ${day}.`,
      {
        mend: 'Split the kitchen or the site.',
      },
    );
  }

  private async contacts(tx: Tx, rows: readonly OrderRow[]): Promise<Map<string, Partial<StopDto>>> {
    const ids = [...new Set(rows.map(({ residentId }) => residentId))];
    if (ids.length === 0) return new Map();
    const residents = await this.records.open(tx, await tx.manager.findBy(ResidentEntity, { id: In(ids) }));
    const dataOf = new Map(residents.map(({ row, data }) => [row.id, data]));
    const keys = await this.keys.opening(tx, ids);
    const sealed = await tx.sql<{ bookingId: string; sealed: Buffer }>(ADDRESSES_OF, [
      rows.map(({ bookingId }) => bookingId),
    ]);
    const boxes = new Map(sealed.map((row) => [row.bookingId, row.sealed]));
    await this.diets.log(tx, ids);
    return new Map(
      rows.map(({ bookingId, residentId }) => {
        const [data, own, box] = [dataOf.get(residentId), keys.get(residentId), boxes.get(bookingId)];
        const told = own && box ? unsealAny(own, box, addressOf(bookingId)).toString('utf8') : undefined;
        const { name, mobile } = data ?? {};
        const address = told ?? data?.address;
        return [bookingId, { ...(name && { name }), ...(mobile && { mobile }), ...(address && { address }) }];
      }),
    );
  }
}

function serviceOf({ mode, delivery }: OrderRow): Service {
  if (mode !== 'order') return 'sitting';
  return delivery === 'home' ? 'delivery' : 'take_away';
}

function nearOf({ lng, lat }: OrderRow): Stop['near'] {
  return lng === null || lat === null ? null : { lng, lat };
}
