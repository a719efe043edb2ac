import type { ContractRevision } from '@doorstep/contracts';
import type { Day, Fen } from '@doorstep/kernel';
import type { SettlementLine, SettlementStatus } from './contract-settlement';
import type { Cycle } from './cycle';

/** A settlement as every statement here answers it. */
export interface SettlementRow {
  id: string;
  operatorId: string;
  contractId: string;
  authorityId: string;
  sequence: number;
  number: string | null;
  cycle: Cycle['kind'];
  from: Day;
  to: Day;
  last: boolean;
  status: SettlementStatus;
  netFen: Fen;
  paidFen: Fen;
  givenUpFen: Fen;
  drawnBy: string;
  drawnAt: Date;
  agreedBy: string | null;
  agreedAt: Date | null;
  reference: string | null;
  withdrawnBy: string | null;
  withdrawnAt: Date | null;
  version: number;
}

export type LineRow = SettlementLine;

const SETTLEMENT = `
  id, operator_id AS "operatorId", contract_id AS "contractId", authority_id AS "authorityId", sequence, number, kind AS cycle,
  from_day AS "from", to_day AS "to", last, status, net_fen AS "netFen", paid_fen AS "paidFen", given_up_fen AS "givenUpFen",
  drawn_by AS "drawnBy", drawn_at AS "drawnAt", agreed_by AS "agreedBy", agreed_at AS "agreedAt", reference,
  withdrawn_by AS "withdrawnBy", withdrawn_at AS "withdrawnAt", version`;

export const SETTLEMENT_BY_ID = `SELECT ${SETTLEMENT} FROM contract_settlement WHERE id = $1`;
export const SETTLEMENT_FOR_UPDATE = `${SETTLEMENT_BY_ID} FOR NO KEY UPDATE`;

export const LINES_OF = `
  SELECT kind, payer, due_fen AS "dueFen", earlier_fen AS "earlierFen", own_fen AS "ownFen", change_fen AS "changeFen",
         amount_fen AS "amountFen", elsewhere_fen AS "elsewhereFen", concession_fen AS "concessionFen", parts
  FROM contract_settlement_line WHERE settlement_id = $1 ORDER BY place`;

/** `$1` contract · `$2` status · `$3` go on after · `$4` limit */
export const LIST_SETTLEMENTS = `
  SELECT ${SETTLEMENT} FROM contract_settlement
  WHERE ($1::uuid IS NULL OR contract_id = $1) AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id > $3)
  ORDER BY id LIMIT $4`;

/** One settlement of a contract is drawn or agreed at a time. `$1` contract */
export const LOCK_CONTRACT = `SELECT pg_advisory_xact_lock(hashtextextended('contract settlement ' || $1, 0))`;

/** A contract as its snapshots tell it; what was not told is null. */
export interface ToldContract {
  operatorId: string;
  authorityId: string;
  from: Day;
  to: Day;
  begun: boolean | null;
  revisions: ContractRevision[] | null;
}

export const CONTRACT_MONEY = `
  SELECT operator_id AS "operatorId", authority_id AS "authorityId", from_day AS "from", to_day AS "to", begun, revisions
  FROM known_contract WHERE id = $1`;

export interface SettledBefore {
  sequence: number;
  to: Day;
}

/** The last settlement that was agreed. `$1` contract */
export const LAST_AGREED = `
  SELECT sequence, to_day AS "to" FROM contract_settlement WHERE contract_id = $1 AND status IN ('agreed', 'settled')
  ORDER BY sequence DESC LIMIT 1`;

export const DRAFT_OF = `SELECT id FROM contract_settlement WHERE contract_id = $1 AND status = 'draft'`;

/** `$1` contract */
export const SETTLED_BY_KIND = `
  SELECT l.kind, sum(l.amount_fen + l.elsewhere_fen)::bigint AS fen FROM contract_settlement_line AS l
  JOIN contract_settlement AS s ON s.id = l.settlement_id
  WHERE s.contract_id = $1 AND s.status IN ('agreed', 'settled') GROUP BY l.kind`;

/**
 * Months that are not closed, from the contract's first day up to a day, the first of them. `$1` operator · `$2` contract ·
 * `$3` from · `$4` to
 */
export const OPEN_MONTHS = `
  SELECT to_char(m, 'YYYY-MM') AS month
  FROM generate_series(date_trunc('month', $3::timestamp), ($4::date - 1)::timestamp, interval '1 month') AS m
  WHERE NOT ledger_month_closed($1, $2, m::date) ORDER BY m LIMIT 12`;

/**
 * The end of the closed months that follow each other from the last month before a day; at least that day. `$1` operator ·
 * `$2` contract · `$3` day
 */
export const CLOSED_UP_TO = `
  WITH first AS (SELECT date_trunc('month', ($3::date - 1)::timestamp) AS month),
  last AS (SELECT max(month) + interval '1 month' AS month FROM ledger_period WHERE contract_id = $2 AND status = 'closed')
  SELECT greatest($3::date, min(m)::date) AS day
  FROM first, last, generate_series(first.month, greatest(first.month, last.month), interval '1 month') AS m
  WHERE NOT ledger_month_closed($1, $2, m::date)`;

/**
 * Revenue less concessions as the ledger has it, under each revision, before a day and up to another one. What lies before
 * the first revision or after the last goes with it. `$1` contract · `$2` [{revision, from?, to?}] · `$3` before · `$4` up to
 */
export const REVENUE = `
  WITH daily AS MATERIALIZED (
    SELECT l.booked_on, -sum(l.amount_fen) AS fen FROM ledger_account AS a JOIN ledger_line AS l ON l.account_id = a.id
    WHERE a.contract_id = $1 AND a.kind IN ('service_revenue', 'concession_expense') AND l.booked_on < $4::date
    GROUP BY l.booked_on)
  SELECT r.revision, coalesce(sum(d.fen) FILTER (WHERE d.booked_on < $3::date), 0)::bigint AS "beforeFen",
         coalesce(sum(d.fen), 0)::bigint AS "throughFen"
  FROM jsonb_to_recordset($2) AS r (revision int, "from" date, "to" date)
  LEFT JOIN daily AS d ON (r."from" IS NULL OR d.booked_on >= r."from") AND (r."to" IS NULL OR d.booked_on < r."to")
  GROUP BY r.revision ORDER BY min(r."from") NULLS FIRST`;

export const DRAW = `
  INSERT INTO contract_settlement (id, operator_id, contract_id, authority_id, sequence, kind, from_day, to_day, last, status,
                                   net_fen, drawn_by, drawn_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'draft', $10, $11, $12)`;

/** `$1` settlement · `$2` lines */
export const DRAW_LINES = `
  INSERT INTO contract_settlement_line (settlement_id, operator_id, authority_id, kind, payer, place, due_fen, earlier_fen,
                                        own_fen, change_fen, amount_fen, elsewhere_fen, concession_fen, parts)
  SELECT s.id, s.operator_id, s.authority_id, l.kind, l.payer, l.place, l."dueFen", l."earlierFen", l."ownFen", l."changeFen",
         l."amountFen", l."elsewhereFen", l."concessionFen", l.parts
  FROM contract_settlement AS s, jsonb_to_recordset($2) AS l (kind text, payer text, place int, "dueFen" bigint,
    "earlierFen" bigint, "ownFen" bigint, "changeFen" bigint, "amountFen" bigint, "elsewhereFen" bigint, "concessionFen" bigint,
    parts jsonb)
  WHERE s.id = $1`;

/** Nothing has to be paid: it is settled with that. `$1` settlement · `$2` status · `$3` person · `$4` now · `$5` day · `$6` word · `$7` year */
export const AGREE = `
  UPDATE contract_settlement SET status = $2, agreed_by = $3, agreed_at = $4, agreed_on = $5, reference = $6, year = $7,
         place = next_document_numbers(operator_id, 'contract_settlement', $7, 1), version = version + 1
  WHERE id = $1 AND status = 'draft' RETURNING ${SETTLEMENT}`;

/** `$1` settlement · `$2` person · `$3` now */
export const WITHDRAW = `
  UPDATE contract_settlement SET status = 'withdrawn', withdrawn_by = $2, withdrawn_at = $3, version = version + 1
  WHERE id = $1 RETURNING ${SETTLEMENT}`;

/** What should be seen on the bank account, in or out. `$1` settlement */
export const EXPECT = `
  INSERT INTO expected_movement (operator_id, contract_id, kind, source_id, reference, party, day, amount_fen)
  SELECT operator_id, contract_id, 'contract_settlement', id, number,
         (SELECT name FROM known_organisation WHERE id = authority_id), agreed_on, net_fen
  FROM contract_settlement WHERE id = $1 AND net_fen <> 0`;
