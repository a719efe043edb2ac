import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';

/** What a channel's file leads to be expected on the bank account, per contract. */
export interface ExpectedOfFile {
  operator_id: string;
  contract_id: string;
  kind: 'channel_settlement' | 'channel_remainder';
  channel: string;
  source_id: string;
  party: string;
  day: string;
  amount_fen: Fen;
}

export async function expectOfFile(tx: Tx, rows: readonly ExpectedOfFile[]): Promise<void> {
  const moving = rows.filter(({ amount_fen }) => amount_fen !== 0);
  if (moving.length === 0) return;
  const columns = 'operator_id, contract_id, kind, channel, source_id, party, day, amount_fen';
  await tx.sql(
    `INSERT INTO expected_movement (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(null::expected_movement, $1)`,
    [asJson(moving)],
  );
}

/** The contract that carries what of a file belongs to none: the one most of it is of, else the operator's first. */
export async function contractOfRemainder(
  tx: Tx,
  operatorId: string,
  settled: readonly { contractId: string; amountFen: Fen }[],
): Promise<string | undefined> {
  const [most] = [...settled].sort((a, b) => Math.abs(b.amountFen) - Math.abs(a.amountFen));
  if (most) return most.contractId;
  const [first] = await tx.sql<{ id: string }>(
    `SELECT id FROM known_contract WHERE operator_id = $1 ORDER BY status = 'active' DESC, from_day, id LIMIT 1`,
    [operatorId],
  );
  return first?.id;
}

/**
 * Takes up what has come to be expected since the last time: claims submitted, residents' transfers and what was given
 * back by transfer. What is there already stays. `$1` operator
 */
export async function expectNews(tx: Tx, operatorId: string): Promise<void> {
  await tx.sql(
    `INSERT INTO expected_movement (operator_id, contract_id, kind, funder_id, source_id, reference, party, day, amount_fen)
     SELECT c.operator_id, c.contract_id, 'claim', c.funder_id, c.id, c.number,
            (SELECT name FROM known_organisation WHERE id = c.funder_id), (c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date,
            c.amount_fen
     FROM claim AS c WHERE c.operator_id = $1 AND c.status <> 'draft' AND c.submitted_at IS NOT NULL AND c.amount_fen <> 0
     ON CONFLICT ON CONSTRAINT expected_once DO NOTHING`,
    [operatorId],
  );
  await tx.sql(
    `INSERT INTO expected_movement (operator_id, contract_id, kind, channel, source_id, reference, day, amount_fen)
     SELECT operator_id, contract_id, 'payment', channel, id, merchant_order_no, paid_day, amount_fen
     FROM payment WHERE operator_id = $1 AND channel = 'bank' AND voided_at IS NULL
     ON CONFLICT ON CONSTRAINT expected_once DO NOTHING`,
    [operatorId],
  );
  await tx.sql(
    `INSERT INTO expected_movement (operator_id, contract_id, kind, channel, source_id, reference, day, amount_fen)
     SELECT r.operator_id, p.contract_id, 'refund', r.channel, r.id, r.merchant_refund_no, r.refunded_day, -r.amount_fen
     FROM refund AS r JOIN payment AS p ON p.id = r.payment_id WHERE r.operator_id = $1 AND r.channel = 'bank'
       AND r.voided_at IS NULL
     ON CONFLICT ON CONSTRAINT expected_once DO NOTHING`,
    [operatorId],
  );
  await noteCuts(tx, operatorId);
}

/** A transfer was recorded wrongly: it will not be seen, and nothing of it was. The caller has the lock of matching. */
export async function withdrawExpected(tx: Tx, kind: 'payment' | 'refund', sourceId: string): Promise<void> {
  await tx.sql(
    `UPDATE expected_movement SET written_off_fen = amount_fen, withdrawn = true WHERE kind = $1 AND source_id = $2`,
    [kind, sourceId],
  );
}

/**
 * What the funder has cut will not come; what is asked for again comes as a claim of its own. Where so much was given up that
 * less than the cut is left, that much of it is noted, and the rest once somebody takes the giving up back.
 */
export async function noteCuts(tx: Tx, operatorId: string): Promise<void> {
  await tx.sql(
    `UPDATE expected_movement AS e
     SET written_off_fen = e.written_off_fen - e.cut_fen + answered.cut_fen, cut_fen = answered.cut_fen
     FROM (SELECT open.id, greatest(0, least(sum(l.amount_fen - l.accepted_fen)::bigint, open.amount_fen - open.matched_fen
                    - open.written_off_fen + open.cut_fen)) AS cut_fen
           FROM claim_line AS l
           JOIN expected_movement AS open ON open.kind = 'claim' AND open.source_id = l.claim_id AND open.operator_id = $1
             AND open.matched_fen + open.written_off_fen <> open.amount_fen
           WHERE l.answer IS NOT NULL GROUP BY open.id) AS answered
     WHERE e.id = answered.id AND e.cut_fen <> answered.cut_fen
       AND e.matched_fen + e.written_off_fen - e.cut_fen + answered.cut_fen BETWEEN 0 AND e.amount_fen`,
    [operatorId],
  );
}
