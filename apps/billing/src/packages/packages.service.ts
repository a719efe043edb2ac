import { Injectable } from '@nestjs/common';
import { newId, notFound, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { HeldMoneyService, type Holder } from '../payments/held-money.service';
import { paymentExists, refundExists } from '../payments/payments.service';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { assertOnSale, partsOf, validTo } from './package';
import { packageRefunded, packageSold } from './packages.events';
import { PackageOffersService } from './package-offers.service';
import type {
  PackageDetailDto,
  PackageDto,
  PackagesQuery,
  PackageStatementDto,
  RefundPackageDto,
  SellPackageDto,
} from './packages.dto';
import {
  CHOOSE_USE,
  END_PACKAGE,
  findPackage,
  insertPackage,
  listPackages,
  lockPackage,
  REFUND_USES,
  usesOf,
} from './packages.queries';

/** Packages that residents bought: uses that bookings take, and what goes back of the rest. */
@Injectable()
export class PackagesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly offers: PackageOffersService,
    private readonly held: HeldMoneyService,
  ) {}

  async sell({ offerId, residentId, ...command }: SellPackageDto): Promise<PackageDetailDto> {
    await this.known.arrival({ resident: residentId });
    const { channel, merchantOrderNo, paidAt } = command;
    const sold = this.db.write(async (tx) => {
      const offer = await this.offers.load(tx, offerId, 'FOR SHARE');
      await this.known.assertResident(tx, residentId);
      const now = this.clock.now();
      const today = chinaDay(now);
      assertOnSale(offer, today);
      const { from: validFrom } = period(command.validFrom ?? today);
      const id = newId();
      await insertPackage(tx, {
        ...{ id, offer, residentId, validFrom, validTo: validTo(validFrom, offer.validDays) },
        ...{ parts: partsOf(offer.amountFen, offer.uses), by: currentActor().id, at: now },
      });
      const { operatorId, contractId, amountFen } = offer;
      const holder = holderOf({ id, operatorId, contractId, residentId });
      await this.held.receive(tx, holder, { channel, merchantOrderNo, paidAt, amountFen });
      const one = await this.load(tx, id);
      tx.tell(packageSold(one, now));
      return one;
    });
    return refusing(() => sold, {
      payment_operator_id_channel_merchant_order_no_key: () => paymentExists(merchantOrderNo),
    });
  }

  choose(id: string, autoUse: boolean): Promise<PackageDetailDto> {
    return this.db.write(async (tx) => {
      const { autoUse: before } = await this.locked(tx, id);
      if (before !== autoUse) await tx.sql(CHOOSE_USE, [id, autoUse]);
      return this.load(tx, id);
    });
  }

  /** All that no booking has taken. What comes back later, when a booking falls, can be given back the same way. */
  refund(id: string, { merchantRefundNo, refundedAt, reason }: RefundPackageDto): Promise<PackageDetailDto> {
    const refunded = this.db.write(async (tx) => {
      const one = await this.locked(tx, id);
      const { paymentId, status } = one;
      if (status === 'active') await tx.sql(END_PACKAGE, [id]);
      await tx.sql(REFUND_USES, [id]);
      await this.held.giveBackRest(tx, holderOf(one), { paymentId, merchantRefundNo, refundedAt, reason });
      const after = await this.load(tx, id);
      const amountFen = after.refundedFen - one.refundedFen;
      tx.tell(packageRefunded(after, { paymentId, amountFen }, this.clock.now()));
      return after;
    });
    return refusing(() => refunded, {
      refund_operator_id_channel_merchant_refund_no_key: () => refundExists(merchantRefundNo),
    });
  }

  find(id: string): Promise<PackageDetailDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: PackagesQuery): Promise<Page<PackageDto>> {
    const after = (decodeCursor(cursor, 1)?.[0] as string | undefined) ?? null;
    return this.db.read(async (tx) =>
      page(await listPackages(tx, sought, after, limit), limit, (one) => [one.id]),
    );
  }

  statement(id: string, month: string): Promise<PackageStatementDto> {
    return this.db.read(async (tx) => {
      const one = await findPackage(tx, id);
      if (!one) throw notFound('package', id);
      return { packageId: id, period: month, ...(await this.held.statement(tx, [id], 'package', month)) };
    });
  }

  private async load(tx: Tx, id: string): Promise<PackageDetailDto> {
    const one = await findPackage(tx, id);
    if (!one) throw notFound('package', id);
    return { ...one, useList: await usesOf(tx, id) };
  }

  private async locked(tx: Tx, id: string): Promise<PackageDto> {
    const one = await lockPackage(tx, id);
    if (!one) throw notFound('package', id);
    return one;
  }
}

function holderOf({ id, operatorId, contractId, residentId }: Omit<Holder, 'purpose'>): Holder {
  return { id, operatorId, contractId, residentId, purpose: 'package' };
}
