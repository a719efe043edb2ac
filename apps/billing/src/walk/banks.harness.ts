import { formatYuan } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { aBill, line, refundLine } from '../settlement-files/wechat-bill.examples';
import { aBankCsv } from '../statements/statements.examples';
import { rejectVoids } from './voids.harness';
import type { Step, Walk } from './walk.harness';

/* What channels and banks say, with faults sown in, and what people make of the differences. */

interface BillDay {
  channel: 'wechat' | 'cash';
  day: string;
}
interface Moved {
  no: string;
  refundNo: string | null;
  fen: number;
}

/** Days on which a channel moved something, and whose bill has not come. */
const UNBILLED = `SELECT DISTINCT channel, day::text FROM (
    SELECT channel, paid_day AS day FROM payment UNION ALL SELECT channel, refunded_day FROM refund) AS moved
  WHERE channel IN ('wechat', 'cash') AND NOT EXISTS (
    SELECT FROM settlement_file AS f WHERE f.channel = moved.channel AND f.bill_day = moved.day) ORDER BY 1, 2`;
const MOVED = `SELECT merchant_order_no AS no, NULL AS "refundNo", amount_fen::int AS fen FROM payment
    WHERE channel = $1 AND paid_day = $2 AND voided_at IS NULL
  UNION ALL SELECT p.merchant_order_no, r.merchant_refund_no, r.amount_fen::int FROM refund AS r JOIN payment AS p ON p.id = r.payment_id
    WHERE r.channel = $1 AND r.refunded_day = $2 AND r.voided_at IS NULL ORDER BY 1, 2`;

async function bill(walk: Walk): Promise<void> {
  const day = await walk.pick<BillDay>(UNBILLED);
  if (day) await billOf(walk, day);
}

async function billOf(walk: Walk, { channel, day }: BillDay, faulty = true): Promise<void> {
  const { dice } = walk;
  const lines: Moved[] = [];
  for (const moved of await walk.rows<Moved>(MOVED, channel, day)) {
    const fault = faulty ? dice.below(9) : 8;
    if (fault === 0) continue;
    const wrong = [
      { fen: moved.fen + 7 },
      moved.refundNo ? { refundNo: walk.fresh('OTHER') } : { no: walk.fresh('OTHER') },
    ][fault - 1];
    lines.push({ ...moved, ...wrong });
    if (fault === 3) lines.push(moved);
  }
  if (faulty && dice.chance(0.4))
    lines.push({ no: walk.fresh('GHOST'), refundNo: null, fen: 100 + dice.below(2_000) });
  if (faulty && dice.chance(0.15))
    lines.push({ no: walk.fresh('WHOSE'), refundNo: walk.fresh('NOBODY'), fen: 50 });
  const text = channel === 'wechat' ? wechatBill(lines, day) : cashSheet(lines, day);
  const { status, body } = await walk.upload(`settlement-files?channel=${channel}&billDay=${day}`, text);
  if (status === 201) await walk.post('reconciliations', { settlementFileId: body.id });
}

function wechatBill(lines: Moved[], day: string): string {
  const at = `${day} 12:00:00`;
  const fee = (fen: number) => `${formatYuan(Math.round(fen * 0.006))}000`;
  return aBill({
    lines: lines.map(({ no, refundNo, fen }) =>
      refundNo
        ? refundLine({
            at,
            order: no,
            refundNo,
            refunded: formatYuan(fen),
            fee: fee(-fen),
            channelOrder: `42${no}`,
          })
        : line({ at, order: no, channelOrder: `42${no}`, amount: formatYuan(fen), fee: fee(fen) }),
    ),
  });
}

function cashSheet(lines: Moved[], day: string): string {
  const sum = (refunds: boolean) =>
    formatYuan(
      lines.filter(({ refundNo }) => (refundNo !== null) === refunds).reduce((all, { fen }) => all + fen, 0),
    );
  const rows = lines.map(
    ({ no, refundNo, fen }) =>
      `${no},11:15:00,${refundNo ? '退款' : '收款'},${formatYuan(fen)},${refundNo ?? ''},`,
  );
  const head = ['收银台,S-1', `日期,${day}`, '单号,时间,类型,金额,退款单号,备注'];
  return [...head, ...rows, `合计,${lines.length},${sum(false)},${sum(true)}`, ''].join('\n');
}

const lateOnes = ({ billing }: Walk) =>
  billing.running.app.get(PeriodicRunner).runNow('name what was recorded after its bill');

interface Expected {
  id: string;
  left: number;
  kind: string;
  reference: string | null;
}
const EXPECTED = `SELECT id, (amount_fen - matched_fen - written_off_fen - cut_fen)::int AS left, kind, reference FROM expected_movement
  WHERE amount_fen - matched_fen - written_off_fen - cut_fen <> 0 AND NOT withdrawn ORDER BY id`;
const OPEN_LINE = `SELECT id::int, (amount_fen - matched_fen)::int AS open FROM statement_line WHERE amount_fen <> matched_fen ORDER BY id`;

/** A bank states each day once. */
const UNSTATED = `SELECT each::date::text AS day FROM generate_series('2026-10-10'::date, $1::date, interval '1 day') AS each
  WHERE NOT EXISTS (SELECT FROM statement AS s WHERE s.from_day <= each AND s.to_day >= each) ORDER BY 1`;

/** A statement of the bank's: what is expected, exactly, in part, together, with something more, and what nobody knows. */
async function statement(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const rows: Parameters<typeof aBankCsv>[0] = [];
  const day = await walk.pick<{ day: string }>(UNSTATED, walk.today);
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const one = await walk.pick<Expected>(EXPECTED);
    const other = dice.chance(0.2) ? await walk.pick<Expected>(EXPECTED) : undefined;
    const left = (one?.left ?? 0) + (other && other.id !== one?.id ? other.left : 0);
    const fen = dice.of([left, left, left, left + 150, Math.trunc(left / 2), 333]);
    if (fen === 0) continue;
    const name = one?.kind.startsWith('channel') ? '财付通' : '市民政局';
    const text = dice.chance(0.5) ? (one?.reference ?? '') : '不明';
    rows.push([day?.day ?? walk.today, Math.max(fen, 0), Math.max(-fen, 0), text, name]);
  }
  if (rows.length === 0 || !day) return;
  await walk.upload(`statement-files?accountId=${stage.accountId}`, aBankCsv(rows, ++stage.count));
  await matchAll(walk);
}

const matchAll = (walk: Walk) => walk.post('statement-matches', { accountId: walk.stage.accountId });

/** By hand: what fits; and with a rest left when the line is more. */
async function matchByHand(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<{ id: number; open: number }>(OPEN_LINE);
  if (!found) return statement(walk);
  const within = (await walk.rows<Expected>(EXPECTED)).filter(
    ({ left }) => Math.sign(left) === Math.sign(found.open) && Math.abs(left) <= Math.abs(found.open),
  );
  if (within.length === 0) return;
  const first = dice.of(within);
  const more = within.find(
    ({ id, left }) => id !== first.id && Math.abs(first.left + left) <= Math.abs(found.open),
  );
  const expectedIds = [first.id, ...(more && dice.chance(0.4) ? [more.id] : [])];
  await walk.post(`statement-lines/${found.id}/match`, {
    expectedIds,
    leaveRest: dice.chance(0.8),
    comment: 'x',
  });
}

async function undoMatch(walk: Walk): Promise<void> {
  const found = await walk.pick<{ id: number; matchId: string }>(
    `SELECT line_id::int AS id, match_id AS "matchId" FROM statement_allocation WHERE undone_at IS NULL ORDER BY id`,
  );
  if (!found) return;
  const one = walk.dice.chance(0.5) ? { matchId: found.matchId } : {};
  await walk.post(`statement-lines/${found.id}/undo`, { comment: 'x', ...one });
}

async function suggestion(walk: Walk): Promise<void> {
  const found = await walk.pick<{ id: string }>(
    `SELECT id FROM match_suggestion WHERE status = 'open' ORDER BY id`,
  );
  if (found)
    await walk.post(`match-suggestions/${found.id}/${walk.dice.of(['accept', 'accept', 'decline'])}`);
}

interface Exception {
  id: string;
  type: string;
  status: string;
  theirs: number;
  difference: number;
  resolution: string | null;
}
const EXCEPTION = `SELECT id, type, status, theirs_fen::int AS theirs, difference_fen::int AS difference, proposal->>'resolution' AS resolution
  FROM reconciliation_exception`;

async function actOnException(walk: Walk): Promise<void> {
  const { dice } = walk;
  const which = dice.of([
    '',
    `WHERE status = 'proposed'`,
    `WHERE status = 'open'`,
    `WHERE type LIKE 'unknown%'`,
  ]);
  const found = await walk.pick<Exception>(`${EXCEPTION} ${which} ORDER BY id`);
  if (!found) return bill(walk);
  const [pair] = await walk.rows<Exception>(
    `${EXCEPTION} WHERE type IN ('refund_mismatch', 'missing_in_bill') AND status IN ('open', 'disputed') AND ours_fen = $1
     ORDER BY id LIMIT 1`,
    found.theirs,
  );
  const fitting =
    pair && found.type.startsWith('unknown') ? ['match'] : dice.of([FITTING[found.status], ALL]);
  await actOn(walk, found, dice.of(fitting), pair?.id ?? found.id);
}

const FITTING: Record<string, string[]> = {
  open: ['resolve', 'resolve', 'write-off', 'write-off', 'split', 'dispute'],
  disputed: ['resolve', 'reopen', 'write-off'],
  proposed: ['approve', 'approve', 'approve', 'reject'],
  resolved: ['reopen', 'unmatch'],
  split: ['reopen'],
};
const ALL = ['resolve', 'write-off', 'dispute', 'reopen', 'split', 'match', 'unmatch', 'assign', 'approve'];

function actOn(walk: Walk, { id, difference, resolution }: Exception, what: string, pairId: string) {
  const { dice } = walk;
  const actor = walk.someone();
  const half = Math.trunc(difference / 2);
  const bodies: Record<string, object> = {
    resolve: { resolution: dice.of(['explained', 'corrected', 'channel_corrects', 'written_off']) },
    'write-off': { contractId: dice.of(walk.stage.contracts) },
    approve: resolution && dice.chance(0.9) ? { resolution } : {},
    split: { parts: [{ amountFen: half }, { amountFen: difference - half }] },
    match: { exceptionId: pairId },
    assign: { ownerId: actor.id },
  };
  return walk.post(`exceptions/${id}/${what}`, { comment: 'x', ...bodies[what] }, actor);
}

/** A line that nobody knew and what the bill lacked are put together, or taken apart. */
async function pairUp(walk: Walk): Promise<void> {
  const pair = await walk.pick<{ id: string; exceptionId: string }>(
    `SELECT line.id, ours.id AS "exceptionId" FROM reconciliation_exception AS line JOIN reconciliation_exception AS ours
       ON ours.ours_fen = line.theirs_fen AND ours.line_id IS NULL AND ours.status IN ('open', 'disputed')
       AND ours.type = CASE line.type WHEN 'unknown_refund' THEN 'refund_mismatch' ELSE 'missing_in_bill' END
     WHERE line.type IN ('unknown_in_bill', 'unknown_refund') AND line.status IN ('open', 'disputed') ORDER BY 1, 2`,
  );
  if (pair)
    return void (await walk.post(`exceptions/${pair.id}/match`, {
      exceptionId: pair.exceptionId,
      comment: 'x',
    }));
  const matched = await walk.pick<{ id: string }>(
    `SELECT id FROM reconciliation_exception WHERE resolution = 'matched' AND type LIKE 'unknown%' ORDER BY id`,
  );
  if (matched) await walk.post(`exceptions/${matched.id}/unmatch`, { comment: 'x' });
}

async function bulk(walk: Walk): Promise<void> {
  const { dice } = walk;
  const type = dice.of([
    'fee_mismatch',
    'amount_mismatch',
    'unknown_in_bill',
    'unknown_in_statement',
    'missing_in_bill',
  ]);
  const action = dice.of([
    { action: 'resolve', resolution: 'explained' },
    { action: 'write_off', contractId: walk.stage.contracts[0] },
    { action: 'dispute' },
  ]);
  await walk.post('exceptions/bulk', {
    where: { type, differenceFenMax: dice.of([10, 500]) },
    ...action,
    comment: 'x',
  });
}

/** All bills as they are, all lines matched, no void that waits, and nothing open that nobody disputes: as a month wants it to be closed. */
export async function tidyUp(walk: Walk): Promise<void> {
  for (const day of await walk.rows<BillDay>(UNBILLED)) await billOf(walk, day, false);
  await lateOnes(walk);
  await matchAll(walk);
  for (const { id, status, resolution } of await walk.rows<Exception>(
    `${EXCEPTION} WHERE status IN ('open', 'proposed') ORDER BY id`,
  )) {
    const on = (what: string, body: object = {}, actor = walk.stage.owners[0]) =>
      walk.post(`exceptions/${id}/${what}`, { comment: 'x', ...body }, actor);
    if (status === 'proposed') await on('approve', { resolution }, walk.stage.owners[1]);
    else await on('dispute');
  }
  await rejectVoids(walk);
}

export const bankSteps: Step[] = [
  { name: 'bill', weight: 5, play: bill },
  { name: 'late ones', weight: 3, play: lateOnes },
  { name: 'statement', weight: 6, play: statement },
  { name: 'match', weight: 2, play: matchAll },
  { name: 'match by hand', weight: 5, play: matchByHand },
  { name: 'undo', weight: 3, play: undoMatch },
  { name: 'suggestion', weight: 2, play: suggestion },
  { name: 'exception', weight: 12, play: actOnException },
  { name: 'pair up', weight: 5, play: pairUp },
  { name: 'bulk', weight: 1, play: bulk },
];
