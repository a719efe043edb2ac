import { Injectable } from '@nestjs/common';
import { notFound } from '@doorstep/kernel';
import { currentActor, Database, decodeCursor, page, type Page } from '@doorstep/platform';
import { siteScopeOf } from '../shared/actor.scope';
import type { ChargeDetailDto, ChargeDto, ChargesQuery } from './charges.dto';
import { findCharge, listCharges } from './charges.queries';

@Injectable()
export class ChargesService {
  constructor(private readonly db: Database) {}

  list({ limit, cursor, ...sought }: ChargesQuery): Promise<Page<ChargeDto>> {
    const after = decodeCursor(cursor, 1)?.[0] as string | undefined;
    const siteIds = siteScopeOf(currentActor());
    return this.db.read(async (tx) =>
      page(await listCharges(tx, { ...sought, after, siteIds }, limit), limit, (charge) => [charge.id]),
    );
  }

  find(id: string): Promise<ChargeDetailDto> {
    return this.db.read(async (tx) => {
      const found = await findCharge(tx, id, siteScopeOf(currentActor()));
      if (!found) throw notFound('charge', id);
      return found;
    });
  }
}
