import type { Tx } from '@doorstep/platform';

/** How far back `$1` is looked: ids say when something was recorded. Asked once, so that an index serves it. */
const RECORDED_SINCE = `(SELECT uuidv7($1::interval))`;

export const ALL_THERE_IS = '-10 years';
export const LATELY = '-3 days';
export type Since = typeof ALL_THERE_IS | typeof LATELY;

interface Kind {
  /** What was recorded, of payment `p`. */
  ours: string;
  from: string;
  day: string;
  id: string;
  sign: string;
  refundNo: string;
  part: string;
  type: string;
  /** What a line of a bill is named that has its numbers, while it is nobody's. */
  unknown: string;
}

const KINDS: readonly Kind[] = [
  {
    ...{ ours: 'p', from: 'payment AS p', day: 'p.paid_day', id: 'payment_id', sign: '1', refundNo: 'NULL' },
    ...{ part: 'payments', type: 'missing_in_bill', unknown: 'unknown_in_bill' },
  },
  {
    ...{ ours: 'x', from: 'refund AS x JOIN payment AS p ON p.id = x.payment_id', day: 'x.refunded_day' },
    ...{
      id: 'refund_id',
      sign: '-1',
      refundNo: 'x.merchant_refund_no',
      part: 'refunds',
      type: 'refund_mismatch',
      unknown: 'unknown_refund',
    },
  },
];

/** Neither settled nor named. */
const loose = ({ ours, id }: Kind): string => `
  WHERE ${ours}.id > ${RECORDED_SINCE} AND ${ours}.voided_at IS NULL
    AND NOT EXISTS (SELECT FROM settlement_allocation AS a WHERE a.${id} = ${ours}.id)
    AND NOT EXISTS (SELECT FROM reconciliation_exception AS e WHERE e.${id} = ${ours}.id)`;

/** Though the file that speaks for its day is reconciled: a reconciliation leaves nothing so. */
const lateOfDay = (kind: Kind): string => {
  const { ours, from, day, part } = kind;
  return `
  FROM ${from}
  JOIN settlement_file AS f ON f.operator_id = ${ours}.operator_id AND f.channel = ${ours}.channel AND f.bill_day = ${day}
    AND f.status = 'reconciled' AND f.part IN ('all', '${part}')
    AND CASE WHEN f.site_id IS NOT NULL THEN f.site_id = p.site_id
             ELSE p.site_id IS NULL OR NOT EXISTS (
               SELECT FROM settlement_file AS own WHERE own.operator_id = f.operator_id AND own.channel = f.channel
                 AND own.site_id = p.site_id) END
  JOIN reconciliation AS r ON r.settlement_file_id = f.id ${loose(kind)}`;
};

/** Though the bill of whichever day has a line with its numbers and amount, which was nobody's. */
const lateByNumbers = (kind: Kind): string => {
  const { ours, from, refundNo, sign, unknown } = kind;
  return `
  FROM ${from}
  JOIN reconciliation_exception AS line ON line.operator_id = ${ours}.operator_id AND line.status = 'open'
    AND line.type = '${unknown}' AND line.parent_id IS NULL AND line.merchant_order_no = p.merchant_order_no
    AND line.merchant_refund_no IS NOT DISTINCT FROM ${refundNo} AND line.theirs_fen = ${sign} * ${ours}.amount_fen
  JOIN reconciliation AS r ON r.id = line.reconciliation_id AND r.channel = ${ours}.channel ${loose(kind)}`;
};

const lateEitherWay = (columns: string, kind: Kind, and = ''): string =>
  [lateOfDay, lateByNumbers].map((late) => `SELECT ${columns} ${late(kind)} ${and}`).join(' UNION ALL ');

export interface LateIn {
  operatorId: string;
  channel: string;
}

/** Whose channels have something that was recorded after its bill, a page of them. */
export function lateIn(tx: Tx, since: Since, limit: number, after?: LateIn): Promise<LateIn[]> {
  const each = KINDS.map((kind) =>
    lateEitherWay(`${kind.ours}.operator_id AS "operatorId", ${kind.ours}.channel`, kind),
  );
  return tx.sql<LateIn>(
    `SELECT DISTINCT * FROM (${each.join(' UNION ALL ')}) AS late
     WHERE $3::uuid IS NULL OR ("operatorId", channel) > ($3, $4::text) ORDER BY 1, 2 LIMIT $2`,
    [since, limit, after?.operatorId ?? null, after?.channel ?? null],
  );
}

/** Names it like what a bill lacks. `at`, `by`: who says so when */
export async function nameLate(
  tx: Tx,
  since: Since,
  { operatorId, channel }: LateIn,
  { at, by }: { at: Date; by: string },
): Promise<void> {
  for (const kind of KINDS) {
    const { ours, id, sign, refundNo, type } = kind;
    const columns = `${ours}.id, r.id AS "reconciliationId", p.merchant_order_no AS order_no, ${refundNo}::text AS refund_no,
      ${sign} * ${ours}.amount_fen AS fen`;
    const ofChannel = `AND ${ours}.operator_id = $2 AND ${ours}.channel = $3`;
    await tx.sql(
      `INSERT INTO reconciliation_exception (id, operator_id, reconciliation_id, type, ${id}, merchant_order_no,
         merchant_refund_no, ours_fen, theirs_fen, status, created_at, changed_at, changed_by)
       SELECT uuidv7(), $2, "reconciliationId", '${type}', id, order_no, refund_no, fen, 0, 'open', $4, $4, $5
       FROM (SELECT DISTINCT ON (id) * FROM (${lateEitherWay(columns, kind, ofChannel)}) AS either
             ORDER BY id, "reconciliationId") AS late`,
      [since, operatorId, channel, at, by],
    );
  }
}

/**
 * Lines that nobody knew, and what of ours has the same numbers and amount; not two that were matched before, which somebody
 * has taken apart. Of lines that say the same thing twice the first one meets it, and the other stays nobody's.
 * `$1` operator · `$2` limit
 */
export const SAME_NUMBERS = `
  SELECT DISTINCT ON ("oursId") * FROM (
    SELECT line.id AS "lineId", min(ours.id::text)::uuid AS "oursId"
    FROM reconciliation_exception AS line JOIN reconciliation AS theirs ON theirs.id = line.reconciliation_id
    JOIN reconciliation_exception AS ours ON ours.operator_id = line.operator_id AND ours.status = 'open'
      AND ours.line_id IS NULL AND ours.parent_id IS NULL AND ours.merchant_order_no = line.merchant_order_no
      AND ours.merchant_refund_no IS NOT DISTINCT FROM line.merchant_refund_no AND ours.ours_fen = line.theirs_fen
      AND (line.type, ours.type) IN (('unknown_in_bill', 'missing_in_bill'), ('unknown_refund', 'refund_mismatch'))
    JOIN reconciliation AS of ON of.id = ours.reconciliation_id AND of.channel = theirs.channel
    WHERE line.operator_id = $1 AND line.status = 'open' AND line.parent_id IS NULL
      AND NOT (EXISTS (SELECT FROM exception_event AS v WHERE v.exception_id = line.id AND v.resolution = 'matched')
        AND EXISTS (SELECT FROM exception_event AS v WHERE v.exception_id = ours.id AND v.resolution = 'matched'))
    GROUP BY line.id) AS pair ORDER BY "oursId", "lineId" LIMIT $2`;
