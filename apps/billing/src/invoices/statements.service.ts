import { Injectable } from '@nestjs/common';
import { sumFen, type Fen } from '@doorstep/kernel';
import { currentActor, Database, type Tx } from '@doorstep/platform';
import { depositsOf } from '../deposits/deposits.queries';
import { currentResident } from '../residents/current-residents';
import { siteScopeOf } from '../shared/actor.scope';
import { creditOfResident } from './invoice-payments.queries';
import type { HeldDto, StatementDto, StatementMonthQuery } from './statements.dto';

/** Lines of one statement; a resident has a few a day. */
const LINES_MAX = 2_000;

export interface Movement {
  bookedOn: string;
  reason: string;
  chargeId: string;
  kind: string;
  serviceDay: string;
  amountFen: Fen;
}

/** A resident's account of one month, from the ledger's own lines: what was due, paid and corrected. */
@Injectable()
export class StatementsService {
  constructor(private readonly db: Database) {}

  statement({ residentId, contractId, period }: StatementMonthQuery): Promise<StatementDto> {
    return this.db.read(async (tx) => {
      const person = await currentResident(tx, residentId);
      const whose = { residentId: person, contractId, siteIds: siteScopeOf(currentActor()) };
      const openingFen = await balanceBefore(tx, whose, `${period}-01`);
      const lines = await movements(tx, whose, period);
      return {
        ...{ residentId, contractId, period, openingFen, lines: lines.slice(0, LINES_MAX) },
        more: lines.length > LINES_MAX,
        closingFen: openingFen + sumFen(lines.slice(0, LINES_MAX).map(({ amountFen }) => amountFen)),
        creditFen: await creditOfResident(tx, person, contractId),
        held: await heldForResident(tx, person, contractId),
      };
    });
  }
}

/** By the payments: brought, less given back and used up. A deposit stays under the id that it was taken under. */
async function heldForResident(tx: Tx, residentId: string, contractId: string): Promise<HeldDto> {
  const [held] = await tx.sql<HeldDto>(
    `WITH holder AS (
       SELECT id FROM prepaid_card WHERE resident_id = $1 AND contract_id = $2
       UNION ALL SELECT id FROM package WHERE resident_id = $1 AND contract_id = $2
       UNION ALL SELECT id FROM unnest($3::uuid[]) AS id),
     held AS (
       SELECT p.purpose, p.amount_fen - p.refunded_fen - coalesce((
                SELECT sum(a.amount_fen) FROM payment_allocation AS a
                WHERE a.payment_id = p.id AND a.applied AND a.ended_at IS NULL), 0) AS fen
       FROM payment AS p JOIN holder ON holder.id = p.holder_id)
     SELECT coalesce(sum(fen) FILTER (WHERE purpose = 'prepaid'), 0)::bigint AS "prepaidFen",
            coalesce(sum(fen) FILTER (WHERE purpose = 'package'), 0)::bigint AS "packageFen",
            coalesce(sum(fen) FILTER (WHERE purpose = 'deposit'), 0)::bigint AS "depositFen" FROM held`,
    [residentId, contractId, await depositsOf(tx, residentId, contractId)],
  );
  return held;
}

interface Whose {
  residentId: string;
  contractId: string;
  /** Sites that the actor is bound to; null: all. */
  siteIds: string[] | null;
}

const OWED = `
  FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id AND a.kind = 'resident_receivable'
  JOIN charge c ON c.id = l.charge_id
  WHERE c.resident_id = $1 AND c.contract_id = $2 AND c.status = 'captured' AND ($3::uuid[] IS NULL OR c.site_id = ANY ($3))`;

async function balanceBefore(tx: Tx, { residentId, contractId, siteIds }: Whose, day: string): Promise<Fen> {
  const [{ fen }] = await tx.sql<{ fen: Fen }>(
    `SELECT coalesce(sum(l.amount_fen), 0)::bigint AS fen ${OWED} AND l.booked_on < $4`,
    [residentId, contractId, siteIds, day],
  );
  return fen;
}

function movements(tx: Tx, { residentId, contractId, siteIds }: Whose, period: string): Promise<Movement[]> {
  return tx.sql<Movement>(
    `SELECT l.booked_on AS "bookedOn", e.reason, c.id AS "chargeId", c.kind, c.service_day AS "serviceDay",
            l.amount_fen AS "amountFen"
     ${OWED.replace('WHERE', 'JOIN ledger_entry e ON e.id = l.entry_id WHERE')}
       AND l.booked_on >= $4::date AND l.booked_on < $4::date + interval '1 month'
     ORDER BY l.booked_on, e.number, l.line LIMIT $5`,
    [residentId, contractId, siteIds, `${period}-01`, LINES_MAX + 1],
  );
}
