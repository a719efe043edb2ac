import type { Fen } from '@doorstep/kernel';
import type { Tx } from '@doorstep/platform';
import type { SettledOfContract, Sums } from './reconciliation';

/*
 * Matching a file against our payments and refunds: a few statements over all lines at once. The statements that look at
 * payments see them at one moment each; a payment that is recorded between two of them is unknown in the bill by the one
 * and missing in it by the other, so the sums tie all the same.
 */

/** What is matched: the file, and who does it when. */
export interface Matching {
  reconciliationId: string;
  fileId: string;
  operatorId: string;
  channel: string;
  billDay: string;
  /** The file is of this site's own merchant account; null: of the whole operator's. */
  siteId: string | null;
  part: string;
  at: Date;
  by: string;
}

/** A large file takes longer than statements usually may, and more memory to join. */
const STATEMENT_MS_MAX = 600_000;
const WORK_MEM = '128MB';

/** One reconciler per operator and channel at a time, so that a payment is not looked at by two. */
export async function beginMatching(
  tx: Tx,
  { operatorId, channel }: Pick<Matching, 'operatorId' | 'channel'>,
): Promise<void> {
  await Promise.all([
    tx.sql(`SELECT pg_advisory_xact_lock(hashtextextended('reconcile ' || $1 || ' ' || $2, 0))`, [
      operatorId,
      channel,
    ]),
    tx.sql(`SELECT set_config('statement_timeout', $1, true), set_config('work_mem', $2, true)`, [
      String(STATEMENT_MS_MAX),
      WORK_MEM,
    ]),
  ]);
}

const EXCEPTION = `id, operator_id, reconciliation_id, type, line_id, payment_id, refund_id, merchant_order_no,
  merchant_refund_no, ours_fen, theirs_fen, fee_difference_fen, status, created_at, changed_at, changed_by`;

/**
 * Settles what matches and names what doesn't, of one kind of line. What is judged is narrow, so that a million lines are
 * sorted and kept in memory: the few that are named are looked up again. `$1` reconciliation · `$2` file · `$3` operator ·
 * `$4` channel · `$5` now · `$6` person
 */
const settleLines = (of: LineKind): string => `
  WITH judged AS MATERIALIZED (
    SELECT line.id, line.amount_fen, line.fee_fen, ours.id AS ours_id, ours.amount_fen AS ours_fen,
           ${of.contract} AS contract_id, (${of.same}) IS TRUE AS same,
           before.line_id IS NOT NULL OR given_up.id IS NOT NULL AS gone,
           -- One of ours has one number; numbers are only compared where they are nobody's.
           row_number() OVER (PARTITION BY ours.id, CASE WHEN ours.id IS NULL THEN line.${of.number} END
                              ORDER BY (${of.same}) DESC NULLS LAST, line.line_no) AS nth
    FROM settlement_line AS line
    LEFT JOIN ${of.ours}
    LEFT JOIN settlement_allocation AS before ON before.${of.id} = ours.id
    -- A line of another amount settled it when what differs was given up.
    LEFT JOIN (SELECT DISTINCT ${of.id} AS id FROM reconciliation_exception
               WHERE operator_id = $3 AND status = 'resolved' AND type = '${of.differs}' AND line_id IS NOT NULL
                 AND resolution = 'written_off') AS given_up ON given_up.id = ours.id
    WHERE line.file_id = $2 AND line.kind = '${of.kind}'),
  settled AS (
    INSERT INTO settlement_allocation (line_id, operator_id, reconciliation_id, ${of.id}, amount_fen, fee_fen)
    SELECT id, $3, $1, ours_id, ${of.sign} * amount_fen, fee_fen FROM judged WHERE ${SETTLES}),
  left_over AS (
    SELECT *, CASE WHEN gone OR nth > 1 THEN 'duplicate_in_bill' WHEN ours_id IS NULL THEN '${of.unknown}'
              ELSE '${of.differs}' END AS type
    FROM judged WHERE NOT ${SETTLES}),
  named AS (
    INSERT INTO reconciliation_exception (${EXCEPTION})
    SELECT uuidv7(), $3, $1, type, id, ${of.kind === 'payment' ? 'ours_id, NULL' : 'NULL, ours_id'},
           line.merchant_order_no, line.merchant_refund_no,
           CASE WHEN type = '${of.differs}' THEN ${of.sign} * ours_fen ELSE 0 END,
           ${of.sign} * line.amount_fen, 0, 'open', $5, $5, $6
    FROM left_over JOIN settlement_line AS line USING (id) WHERE line.file_id = $2 ORDER BY line.line_no)
  SELECT contract_id AS "contractId", sum(${of.sign} * amount_fen)::bigint AS "amountFen", sum(fee_fen)::bigint AS "feeFen"
  FROM judged WHERE ${SETTLES} GROUP BY contract_id`;

/** Of what is judged: the first line with the right amount settles what no earlier file has settled. */
const SETTLES = '(same AND NOT gone AND nth = 1)';

interface LineKind {
  kind: 'payment' | 'refund';
  sign: '1' | '-1';
  /** Column of the number by which we know it. */
  number: string;
  /** Column of what it settles. */
  id: string;
  ours: string;
  contract: string;
  same: string;
  unknown: string;
  differs: string;
}

const PAYMENTS: LineKind = {
  kind: 'payment',
  sign: '1',
  number: 'merchant_order_no',
  id: 'payment_id',
  ours: `payment AS ours ON ours.operator_id = $3 AND ours.channel = $4 AND ours.merchant_order_no = line.merchant_order_no
    AND ours.voided_at IS NULL`,
  contract: 'ours.contract_id',
  same: 'line.amount_fen = ours.amount_fen',
  unknown: 'unknown_in_bill',
  differs: 'amount_mismatch',
};

const REFUNDS: LineKind = {
  kind: 'refund',
  sign: '-1',
  number: 'merchant_refund_no',
  id: 'refund_id',
  ours: `(refund AS ours JOIN payment AS paid ON paid.id = ours.payment_id)
    ON ours.operator_id = $3 AND ours.channel = $4 AND ours.merchant_refund_no = line.merchant_refund_no
    AND ours.voided_at IS NULL`,
  contract: 'paid.contract_id',
  same: '(line.amount_fen = ours.amount_fen AND line.merchant_order_no = paid.merchant_order_no)',
  unknown: 'unknown_refund',
  differs: 'refund_mismatch',
};

/** @returns what was settled, by contract: what the ledger books */
export async function settle(tx: Tx, m: Matching): Promise<SettledOfContract[]> {
  const params = [m.reconciliationId, m.fileId, m.operatorId, m.channel, m.at, m.by];
  const found = await Promise.all(
    [PAYMENTS, REFUNDS].map((of) => tx.sql<SettledOfContract>(settleLines(of), params)),
  );
  const byContract = new Map<string, SettledOfContract>();
  for (const { contractId, amountFen, feeFen } of found.flat()) {
    const sum = byContract.get(contractId) ?? { contractId, amountFen: 0, feeFen: 0 };
    byContract.set(contractId, {
      contractId,
      amountFen: sum.amountFen + amountFen,
      feeFen: sum.feeFen + feeFen,
    });
  }
  return [...byContract.values()].sort((a, b) => (a.contractId < b.contractId ? -1 : 1));
}

/** Which of our payments a file speaks for: a site with a merchant account of its own is left to its own files. */
const OF_FILE = `(CASE WHEN $6::uuid IS NOT NULL THEN payment.site_id = $6
  ELSE payment.site_id IS NULL OR NOT EXISTS (
    SELECT FROM settlement_file AS own WHERE own.operator_id = $3 AND own.channel = $4 AND own.site_id = payment.site_id) END)`;

/** Looks for what we recorded for the day and the file does not have. `$2` day · `$5` part · `$7` now · `$8` person */
const nameMissing = (of: { kind: 'payment' | 'refund' }): string => {
  const isPayment = of.kind === 'payment';
  const [id, sign, differs] = isPayment
    ? ['payment_id', '1', 'amount_mismatch']
    : ['refund_id', '-1', 'refund_mismatch'];
  const ours = isPayment ? 'payment' : 'refund';
  return `
  WITH recorded AS MATERIALIZED (
    SELECT ${ours}.id, ${ours}.amount_fen, payment.merchant_order_no,
           ${isPayment ? 'NULL::text AS' : 'refund.'} merchant_refund_no,
           coalesce(settled.amount_fen, ${sign} * ${ours}.amount_fen) AS spoken_fen,
           coalesce(settled.reconciliation_id, (
             SELECT e.reconciliation_id FROM reconciliation_exception AS e
             WHERE settled.line_id IS NULL AND e.${id} = ${ours}.id AND e.type = '${differs}' AND e.line_id IS NOT NULL
             ORDER BY (e.reconciliation_id = $1) DESC LIMIT 1)) AS spoken_of_by
    FROM payment ${isPayment ? '' : 'JOIN refund ON refund.payment_id = payment.id'}
    LEFT JOIN settlement_allocation AS settled ON settled.${id} = ${ours}.id
    WHERE ${ours}.operator_id = $3 AND ${ours}.channel = $4 AND ${isPayment ? 'paid_day' : 'refunded_day'} = $2
      AND ${ours}.voided_at IS NULL
      AND $5 IN ('all', '${of.kind}s') AND ${OF_FILE}),
  missing AS (
    INSERT INTO reconciliation_exception (${EXCEPTION})
    SELECT uuidv7(), $3, $1, '${isPayment ? 'missing_in_bill' : 'refund_mismatch'}', NULL,
           ${isPayment ? 'id, NULL' : 'NULL, id'}, merchant_order_no, merchant_refund_no, ${sign} * amount_fen, 0, 0,
           'open', $7, $7, $8
    FROM recorded WHERE spoken_of_by IS NULL ORDER BY id)
  SELECT coalesce(sum(${sign} * amount_fen) FILTER (WHERE coalesce(spoken_of_by, $1) = $1), 0)::bigint AS "oursFen",
         coalesce(sum(spoken_fen) FILTER (WHERE spoken_of_by = $1), 0)::bigint AS "spokenFen"
  FROM recorded`;
};

/** What we recorded for the day of a file. */
export interface OfDay {
  /** As far as no other file speaks of it. */
  oursFen: Fen;
  /** What this file settles of it, and what it names with another amount. */
  spokenFen: Fen;
}

export async function nameWhatIsMissing(tx: Tx, m: Matching): Promise<OfDay> {
  const params = [m.reconciliationId, m.billDay, m.operatorId, m.channel, m.part, m.siteId, m.at, m.by];
  const [[payments], [refunds]] = await Promise.all([
    tx.sql<OfDay>(nameMissing({ kind: 'payment' }), params),
    tx.sql<OfDay>(nameMissing({ kind: 'refund' }), params),
  ]);
  return {
    oursFen: payments.oursFen + refunds.oursFen,
    spokenFen: payments.spokenFen + refunds.spokenFen,
  };
}

/** A fee that its rate does not make is named, unless the whole line is a duplicate and named as that. */
export async function nameWrongFees(tx: Tx, m: Matching): Promise<void> {
  await tx.sql(
    `INSERT INTO reconciliation_exception (${EXCEPTION})
     SELECT uuidv7(), $3, $1, 'fee_mismatch', line.id, NULL, NULL, line.merchant_order_no, line.merchant_refund_no,
            due.sign * line.amount_fen, due.sign * line.amount_fen, line.fee_fen - due.fen, 'open', $4, $4, $5
     FROM settlement_line AS line
     CROSS JOIN LATERAL (
       SELECT CASE line.kind WHEN 'payment' THEN 1 ELSE -1 END AS sign,
              CASE line.kind WHEN 'payment' THEN 1 ELSE -1 END * ((line.amount_fen * line.rate_ppm + 500000) / 1000000) AS fen) AS due
     WHERE line.file_id = $2 AND line.rate_ppm IS NOT NULL AND line.fee_fen <> due.fen
       AND NOT (line.kind = 'refund' AND line.fee_fen = 0)
       AND NOT EXISTS (SELECT FROM reconciliation_exception AS e
                       WHERE e.reconciliation_id = $1 AND e.line_id = line.id AND e.type = 'duplicate_in_bill')
     ORDER BY line.line_no`,
    [m.reconciliationId, m.fileId, m.operatorId, m.at, m.by],
  );
}

/** What an earlier file lacked and this one brings is settled after all. */
export async function settleEarlier(tx: Tx, m: Matching): Promise<void> {
  const settled = (id: string): string => `
    UPDATE reconciliation_exception AS e
    SET status = 'resolved', resolution = 'explained', comment = $4, proposal = NULL, changed_at = $2, changed_by = $3,
        owner_id = coalesce(e.owner_id, $3), version = e.version + 1
    FROM settlement_allocation AS a
    WHERE e.operator_id = $5 AND e.status IN ('open', 'disputed', 'proposed') AND e.line_id IS NULL AND e.reconciliation_id <> $1
      AND a.reconciliation_id = $1 AND a.${id} = e.${id}`;
  const comment = `Settled by the channel's file of ${m.billDay}.`;
  const params = [m.reconciliationId, m.at, m.by, comment, m.operatorId];
  await Promise.all(['payment_id', 'refund_id'].map((id) => tx.sql(settled(id), params)));
}

/** What had been given up as missing and has come after all, with what was booked for it. */
export interface ComeAfterAll {
  exceptionId: string;
  version: number;
  contractId: string;
  day: string;
  oursFen: number;
}

/** Its exceptions say so; the caller books the write-offs back. */
export async function takeBackWriteOffs(tx: Tx, m: Matching): Promise<ComeAfterAll[]> {
  const come = (id: string): string => `
    UPDATE reconciliation_exception AS e
    SET resolution = 'explained', comment = $4, changed_at = $2, changed_by = $3, version = e.version + 1
    FROM settlement_allocation AS a
    WHERE e.operator_id = $5 AND e.resolution = 'written_off' AND e.line_id IS NULL AND e.reconciliation_id <> $1
      AND a.reconciliation_id = $1 AND a.${id} = e.${id}
    RETURNING e.id AS "exceptionId", e.version, e.contract_id AS "contractId", e.day, e.ours_fen AS "oursFen"`;
  const comment = `It came with the channel's file of ${m.billDay}; the write-off is taken back.`;
  const params = [m.reconciliationId, m.at, m.by, comment, m.operatorId];
  const rows = await Promise.all(
    ['payment_id', 'refund_id'].map((id) => tx.sql<ComeAfterAll>(come(id), params)),
  );
  return rows.flat();
}

/** `$1` reconciliation · `$2` file */
const SUMS = `
  SELECT file.payments_fen - file.refunds_fen AS "theirsFen", file.fees_fen AS "theirFeesFen", file.lines,
         settled.*, named.*,
         (SELECT coalesce(sum(line.fee_fen), 0)::bigint FROM settlement_line AS line
          JOIN (SELECT DISTINCT line_id FROM reconciliation_exception
                WHERE reconciliation_id = $1 AND type <> 'fee_mismatch' AND line_id IS NOT NULL) AS open ON open.line_id = line.id
          WHERE line.file_id = $2) AS "openFeesFen"
  FROM settlement_file AS file,
  LATERAL (SELECT count(*)::int AS matched, coalesce(sum(amount_fen), 0)::bigint AS "settledFen",
                  coalesce(sum(fee_fen), 0)::bigint AS "settledFeesFen"
           FROM settlement_allocation WHERE reconciliation_id = $1) AS settled,
  LATERAL (SELECT count(*)::int AS exceptions, coalesce(sum(difference_fen), 0)::bigint AS "explainedFen",
                  coalesce(sum(ours_fen) FILTER (WHERE type IN ('amount_mismatch', 'refund_mismatch') AND line_id IS NOT NULL), 0)
                    ::bigint AS "misnamedFen"
           FROM reconciliation_exception WHERE reconciliation_id = $1) AS named
  WHERE file.id = $2`;

/** What the file speaks of and is not of its day, by our books, is of other days. */
export async function sumsOf(tx: Tx, m: Matching, ofDay: OfDay): Promise<Sums> {
  const [{ misnamedFen, ...sums }] = await tx.sql<
    Omit<Sums, 'oursOfDayFen' | 'oursOfOtherDaysFen'> & { misnamedFen: Fen }
  >(SUMS, [m.reconciliationId, m.fileId]);
  const oursOfOtherDaysFen = sums.settledFen + misnamedFen - ofDay.spokenFen;
  return { ...sums, oursOfDayFen: ofDay.oursFen, oursOfOtherDaysFen };
}
