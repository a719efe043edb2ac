import type { Tx } from '@doorstep/platform';
import { heldBy } from '../payments/held-money.queries';
import type { PrepaidCardDto, PrepaidCardsQuery, PrepaidRuleDto } from './prepaid.dto';

export const RULE = `
  id, from_day AS "from", to_day AS "to", balance_max_fen AS "balanceMaxFen", validity_months AS "validityMonths", source`;

export async function ruleOn(tx: Tx, operatorId: string, day: string): Promise<PrepaidRuleDto | undefined> {
  const [rule] = await tx.sql<PrepaidRuleDto>(
    `SELECT ${RULE} FROM prepaid_rule
     WHERE operator_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day > $2)`,
    [operatorId, day],
  );
  return rule;
}

const CARD = `
  SELECT card.id, card.operator_id AS "operatorId", card.contract_id AS "contractId", card.resident_id AS "residentId",
         card.number, card.status, card.expires_on AS "expiresOn", held.free AS "balanceFen",
         held.reserved AS "reservedFen", card.issued_at AS "issuedAt", card.closed_at AS "closedAt", card.version
  FROM prepaid_card AS card CROSS JOIN LATERAL ${heldBy('card.id')} AS held`;

export async function findCard(tx: Tx, id: string): Promise<PrepaidCardDto | undefined> {
  const [card] = await tx.sql<PrepaidCardDto>(`${CARD} WHERE card.id = $1`, [id]);
  return card;
}

/**
 * Locks a card before its payments: alone when what it holds may grow or it may close, shared when it is used. What it holds
 * is read after the lock.
 */
export async function lockCard(
  tx: Tx,
  id: string,
  lock: 'alone' | 'shared',
): Promise<PrepaidCardDto | undefined> {
  await tx.sql(`SELECT FROM prepaid_card WHERE id = $1 FOR ${lock === 'alone' ? 'UPDATE' : 'SHARE'}`, [id]);
  return findCard(tx, id);
}

export interface CardsSought extends Omit<PrepaidCardsQuery, 'limit' | 'cursor'> {
  after?: string;
}

export function listCards(
  tx: Tx,
  { contractId, residentId, status, after }: CardsSought,
  limit: number,
): Promise<PrepaidCardDto[]> {
  return tx.sql<PrepaidCardDto>(
    `${CARD}
     WHERE ($2::uuid IS NULL OR card.id > $2) AND ($3::uuid IS NULL OR card.contract_id = $3)
       AND ($4::uuid IS NULL OR card.resident_id = current_resident($4)) AND ($5::text IS NULL OR card.status = $5)
     ORDER BY card.id LIMIT $1`,
    [limit + 1, after ?? null, contractId ?? null, residentId ?? null, status ?? null],
  );
}

export interface NewCard {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  number: string;
  expiresOn: string | null;
  by: string;
  at: Date;
}

/** A new card, or a closed one again. @returns its id; nothing when the resident has an active one */
export async function issueCard(tx: Tx, card: NewCard): Promise<string | undefined> {
  const [row] = await tx.sql<{ id: string }>(
    `INSERT INTO prepaid_card AS card (id, operator_id, contract_id, resident_id, number, status, expires_on, issued_by, issued_at)
     VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8)
     ON CONFLICT (operator_id, contract_id, resident_id) WHERE merged_from IS NULL DO UPDATE
       SET status = 'active', number = excluded.number, expires_on = excluded.expires_on, issued_by = excluded.issued_by,
           issued_at = excluded.issued_at, closed_at = NULL, version = card.version + 1
       WHERE card.status = 'closed'
     RETURNING id`,
    [
      card.id,
      card.operatorId,
      card.contractId,
      card.residentId,
      card.number,
      card.expiresOn,
      card.by,
      card.at,
    ],
  );
  return row?.id;
}

/** `$1` id · `$2` first day on which it can't be used, or null */
export const EXTEND_CARD = `UPDATE prepaid_card SET expires_on = $2, version = version + 1 WHERE id = $1`;

/** `$1` id · `$2` now */
export const CLOSE_CARD = `
  UPDATE prepaid_card SET status = 'closed', closed_at = $2, version = version + 1 WHERE id = $1`;
