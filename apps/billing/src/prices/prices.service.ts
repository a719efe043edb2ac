import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, pageOf, type Page, type Tx } from '@doorstep/platform';
import { And, IsNull, LessThanOrEqual, MoreThan, Or, type FindOptionsWhere } from 'typeorm';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import { assertBandsSound } from './bands';
import { assertWithinContract, servicesOn } from './ceiling';
import { PriceEntity } from './price.entity';
import type { EndPriceDto, PriceDto, PricesQuery, SetPriceDto } from './prices.dto';

@Injectable()
export class PricesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  async set(command: SetPriceDto): Promise<PriceDto> {
    const {
      contractId,
      siteId,
      kind,
      mode = null,
      ageClass = null,
      unit,
      amountFen,
      stepMinutes = 1,
    } = command;
    const { from, to } = period(command.from, command.to);
    const bands = command.bands ?? [];
    assertBandsSound(bands, unit);
    const operatorId = currentOperatorId();
    await this.known.arrival({ contract: contractId, site: siteId });
    const set = this.db.write(async (tx) => {
      const contract = await this.known.contract(tx, contractId);
      const place = siteId ? await this.known.regionOfSite(tx, siteId) : null;
      assertWithinContract({ kind, mode, amountFen, bands }, servicesOn(contract, from), place);
      const row = tx.manager.create(PriceEntity, {
        withdrawnAt: null,
        ...{ id: newId(), operatorId, contractId, siteId: siteId ?? null, kind, mode, unit, amountFen },
        ...{
          ageClass,
          bands,
          stepMinutes,
          from,
          to,
          createdBy: currentActor().id,
          createdAt: this.clock.now(),
          version: 1,
        },
      });
      await tx.manager.insert(PriceEntity, row);
      return show(row);
    });
    return refusing(() => set, { price_one_at_a_time: overlap });
  }

  /** As if it had never held; the same again is no harm. */
  withdraw(id: string): Promise<PriceDto> {
    return this.db.write(async (tx) => {
      const price = await locked(tx, id);
      if (price.withdrawnAt !== null) return show(price);
      const changes = { withdrawnAt: this.clock.now(), version: price.version + 1 };
      await tx.manager.update(PriceEntity, { id }, changes);
      return show({ ...price, ...changes });
    });
  }

  async end(id: string, { to }: EndPriceDto): Promise<PriceDto> {
    const ended = this.db.write(async (tx) => {
      const price = await locked(tx, id);
      if (price.withdrawnAt !== null) throw withdrawn();
      period(price.from, to);
      if (price.to !== null && price.to < to) throw prolonged(price.to);
      const changes = { to, version: price.version + 1 };
      await tx.manager.update(PriceEntity, { id }, changes);
      return show({ ...price, ...changes });
    });
    return refusing(() => ended, { price_one_at_a_time: overlap });
  }

  find(id: string): Promise<PriceDto> {
    return this.db.read(async (tx) => {
      const price = await tx.manager.findOneBy(PriceEntity, { id });
      if (!price) throw notFound('price', id);
      return show(price);
    });
  }

  list({ contractId, siteId, kind, on, limit, cursor }: PricesQuery): Promise<Page<PriceDto>> {
    const after = decodeCursor(cursor, 1);
    const where: FindOptionsWhere<PriceEntity> = {
      ...(contractId && { contractId }),
      ...(siteId && { siteId }),
      ...(kind && { kind }),
      ...(on && { withdrawnAt: IsNull(), from: And(LessThanOrEqual(on)), to: Or(IsNull(), MoreThan(on)) }),
      ...(after && { id: MoreThan(String(after[0])) }),
    };
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(PriceEntity, { where, order: { id: 'ASC' }, take: limit + 1 });
      return pageOf(rows, limit, (row) => [row.id], show);
    });
  }
}

async function locked(tx: Tx, id: string): Promise<PriceEntity> {
  const price = await tx.manager.findOne(PriceEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!price) throw notFound('price', id);
  return price;
}

function show({ createdBy: _createdBy, ...price }: PriceEntity): PriceDto {
  return price;
}

function overlap(): DomainError {
  return new DomainError(
    'conflict',
    'price_overlaps',
    'Another price holds for the same on some of these days.',
    {
      field: 'from',
      mend: 'End the other one first: POST /v1/prices/{id}/end. GET /v1/prices lists them.',
    },
  );
}

function withdrawn(): DomainError {
  return new DomainError('conflict', 'price_withdrawn', 'The price was withdrawn: it holds on no day.', {
    mend: 'Set the right one: POST /v1/prices.',
  });
}

function prolonged(to: string): DomainError {
  return new DomainError('invalid', 'price_ended', `The price ends on ${to} already.`, {
    field: 'to',
    mend: 'An end can be moved forward in time only; set a new price from that day on.',
  });
}
