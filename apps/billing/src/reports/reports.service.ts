import { Injectable } from '@nestjs/common';
import { Database } from '@doorstep/platform';
import type { TiesDto, TiesQuery } from './reports.dto';
import { differenceOf } from './ties';
import { readTies } from './ties.reader';

/** Reads the books against each other. All figures come from one snapshot, so a payment in between can't untie them. */
@Injectable()
export class ReportsService {
  constructor(private readonly db: Database) {}

  ties({ period, contractId }: TiesQuery): Promise<TiesDto> {
    return this.db.read(async (tx) => {
      const ties = await readTies(tx, period, contractId ?? null);
      return { period, ties, differenceFen: differenceOf(ties) };
    });
  }
}
