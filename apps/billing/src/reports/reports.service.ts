import { Injectable } from '@nestjs/common';
import { Database } from '@doorstep/platform';
import type { TiesDto, TiesQuery } from './reports.dto';
import { tiesOf, type Figures } from './ties';
import { FIGURES } from './ties.queries';

/** Reads the books against each other. All figures come from one snapshot, so a payment in between can't untie them. */
@Injectable()
export class ReportsService {
  constructor(private readonly db: Database) {}

  ties({ period, contractId }: TiesQuery): Promise<TiesDto> {
    return this.db.read(async (tx) => {
      const [row] = await tx.sql<Figures>(FIGURES, [`${period}-01`, contractId ?? null]);
      const ties = tiesOf(row);
      const differenceFen = ties
        .filter(({ unit }) => unit === 'fen')
        .reduce((sum, { difference }) => sum + Math.abs(difference), 0);
      return { period, ties, differenceFen };
    });
  }
}
