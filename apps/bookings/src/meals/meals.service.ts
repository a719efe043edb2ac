import { Injectable } from '@nestjs/common';
import { type Day, DomainError, notFound } from '@doorstep/kernel';
import { Clock, Database, type Tx } from '@doorstep/platform';
import type { BookingRow } from '../bookings/bookings.queries';
import { Bookings } from '../bookings/bookings.service';
import { ResidentKeys } from '../residents/resident-keys.service';
import { seal } from '../residents/sealing';
import { checkSpan } from '../sessions/day-span';
import { Diets } from '../residents/diets.service';
import type { ChooseMealDto, ChosenMealDto } from './meals.dto';
import {
  CHOICES_OF,
  type ChoiceRow,
  CUTOFF_OF,
  FORGET_ADDRESS,
  FORGET_CHOICES,
  KEEP_ADDRESS,
  KEEP_CHOICES,
  type MealCountRow,
  MEALS_BY_DAY,
} from './meals.queries';
import { checkChoice, NO_DIET } from './menu';
import { Menus } from './menus.service';

const DAY_MS = 86_400_000;

/** Which dishes a booking of a meal is for, and where it is brought. */
@Injectable()
export class Meals {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly bookings: Bookings,
    private readonly menus: Menus,
    private readonly diets: Diets,
    private readonly keys: ResidentKeys,
  ) {}

  /** Says the whole of it again each time; until orders end. */
  choose(bookingId: string, command: ChooseMealDto): Promise<ChosenMealDto> {
    const { dishes, allergensConfirmed, address } = command;
    return this.db.write(async (tx) => {
      const row = await this.bookings.lock(tx, bookingId);
      await this.assertOpen(tx, row);
      const { operatorId, siteId, serviceDay, residentId, partySize } = row;
      const menu = await this.menus.of(tx, siteId, serviceDay);
      const diet = (await this.diets.of(tx, [residentId])).get(residentId) ?? NO_DIET;
      checkChoice(dishes, menu, { size: partySize, diet, allergensConfirmed });
      await tx.sql(FORGET_CHOICES, [bookingId]);
      const what = [allergensConfirmed, JSON.stringify(dishes)];
      await tx.sql(KEEP_CHOICES, [bookingId, operatorId, siteId, serviceDay, ...what]);
      await this.keepAddress(tx, row, address);
      return { bookingId, dishes, hasAddress: address !== undefined };
    });
  }

  find(bookingId: string): Promise<ChosenMealDto> {
    return this.db.read(async (tx) => {
      const row = await this.bookings.one(bookingId);
      const choices = await tx.sql<ChoiceRow>(CHOICES_OF, [[row.id]]);
      const [address] = await tx.sql(`SELECT FROM meal_delivery WHERE booking_id = $1`, [bookingId]);
      return {
        bookingId,
        dishes: choices.map(({ dishId, portions }) => ({ dishId, portions })),
        hasAddress: address !== undefined,
      };
    });
  }

  /** How many meals a resident has on each day; days without one are left out. */
  count(residentId: string, from: Day, to: Day): Promise<MealCountRow[]> {
    checkSpan(from, to);
    return this.db.read(async (tx) => {
      const [known] = await tx.sql(`SELECT FROM resident WHERE id = $1`, [residentId]);
      if (!known) throw notFound('resident', residentId);
      const near = [new Date(Date.parse(from) - 2 * DAY_MS), new Date(Date.parse(to) + 2 * DAY_MS)];
      return tx.sql<MealCountRow>(MEALS_BY_DAY, [residentId, from, to, this.clock.now(), ...near]);
    });
  }

  private async assertOpen(tx: Tx, row: BookingRow): Promise<void> {
    if (row.kind !== 'meals') {
      throw new DomainError('conflict', 'not_a_meal', 'This booking is not for a meal.', {
        mend: 'Dishes are chosen for bookings of meals alone.',
      });
    }
    if (row.status !== 'held' && row.status !== 'confirmed') {
      throw new DomainError('conflict', `booking_${row.status}`, `The booking is ${row.status}.`, {
        mend: 'Dishes are chosen while a booking stands.',
        state: row.status,
      });
    }
    const [offering] = await tx.sql<{ cutoffMinutes: number }>(CUTOFF_OF, [row.offeringId]);
    const endsAt = row.start.getTime() - (offering?.cutoffMinutes ?? 0) * 60_000;
    if (this.clock.now().getTime() <= endsAt) return;
    throw new DomainError('conflict', 'cutoff_passed', 'Orders for this meal have ended.', {
      mend: `Choices are taken until ${new Date(endsAt).toISOString()}.`,
    });
  }

  /** Without one it is brought to the address that is registered. */
  private async keepAddress(tx: Tx, row: BookingRow, address: string | undefined): Promise<void> {
    if (address === undefined) {
      await tx.sql(FORGET_ADDRESS, [row.id]);
      return;
    }
    if (row.mode !== 'order' || row.delivery !== 'home') {
      throw new DomainError('invalid', 'not_delivered', 'This meal is not brought anywhere.', {
        field: 'address',
        mend: 'Leave the address out, or book an offering that is delivered home.',
      });
    }
    const key = (await this.keys.of(tx, [row.residentId])).get(row.residentId);
    if (!key) throw notFound('resident', row.residentId);
    await tx.sql(KEEP_ADDRESS, [row.id, row.operatorId, seal(key, address, addressOf(row.id))]);
  }
}

/** What a sealed address belongs to. */
export function addressOf(bookingId: string): string {
  return `address of ${bookingId}`;
}
