import { Injectable } from '@nestjs/common';
import { DomainError, newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import { CAUTIOUS, type ReconciliationTerms } from './terms';
import type { SetTermsDto, TermsRowDto } from './terms.dto';

const TERMS = `id, from_day AS "from", tolerance_fen AS "toleranceFen", write_off_max_fen AS "writeOffMaxFen",
  four_eyes_above_fen AS "fourEyesAboveFen", confirmations_needed AS "confirmationsNeeded", overdue_days AS "overdueDays",
  created_at AS "createdAt"`;

/** Those in force on the day; cautious ones until the operator has set its own. */
export async function termsOn(tx: Tx, operatorId: string, at: Date): Promise<ReconciliationTerms> {
  const [row] = await tx.sql<TermsRowDto>(
    `SELECT ${TERMS} FROM reconciliation_terms
     WHERE operator_id = $1 AND from_day <= ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date ORDER BY from_day DESC LIMIT 1`,
    [operatorId, at],
  );
  return row ?? CAUTIOUS;
}

@Injectable()
export class TermsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  set({ from, ...terms }: SetTermsDto): Promise<TermsRowDto> {
    const operatorId = currentOperatorId();
    if (terms.fourEyesAboveFen > terms.writeOffMaxFen)
      throw new DomainError(
        'invalid',
        'terms_contradict',
        'Nothing between the two limits could be written off.',
        {
          field: 'fourEyesAboveFen',
          mend: 'Let four eyes begin below what may be written off at most.',
        },
      );
    const set = this.db.write(async (tx) => {
      const [row] = await tx.sql<TermsRowDto>(
        `INSERT INTO reconciliation_terms (id, operator_id, from_day, tolerance_fen, write_off_max_fen, four_eyes_above_fen,
           confirmations_needed, overdue_days, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${TERMS}`,
        [
          ...[newId(), operatorId, from, terms.toleranceFen, terms.writeOffMaxFen, terms.fourEyesAboveFen],
          ...[terms.confirmationsNeeded, terms.overdueDays, currentActor().id, this.clock.now()],
        ],
      );
      return row;
    });
    return refusing(() => set, {
      reconciliation_terms_once: () =>
        new DomainError('conflict', 'terms_of_day_known', `There are terms from ${from} on already.`, {
          field: 'from',
          mend: 'Let the new ones begin on another day.',
        }),
    });
  }

  list({ limit, cursor }: PageQuery): Promise<Page<TermsRowDto>> {
    const before = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<TermsRowDto>(
        `SELECT ${TERMS} FROM reconciliation_terms WHERE ($2::date IS NULL OR from_day < $2) ORDER BY from_day DESC LIMIT $1`,
        [limit + 1, before],
      );
      return page(rows, limit, (row) => [row.from]);
    });
  }
}
