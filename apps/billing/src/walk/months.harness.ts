import { PeriodicRunner } from '@doorstep/platform';
import { addDays } from '../shared/days';
import { tidyUp } from './banks.harness';
import type { Step, Walk } from './walk.harness';

/* Time that passes, months that close and open, contracts that are settled, and corrections of the past. */

const LAST_DAY = '2027-02-10';

async function later({ billing, dice, today }: Walk): Promise<void> {
  const day = addDays(today, 1 + dice.below(9));
  if (day <= LAST_DAY) billing.clock.set(`${day}T00:00:00Z`);
}

/** The earliest month of a contract that is over and open. */
async function close(walk: Walk): Promise<void> {
  const { dice, stage, today } = walk;
  const contractId = dice.of(stage.contracts);
  const closed = await walk.rows<{ month: string }>(
    `SELECT to_char(month, 'YYYY-MM') AS month FROM ledger_period WHERE contract_id = $1 AND status = 'closed'`,
    contractId,
  );
  const months = ['2026-10', '2026-11', '2026-12', '2027-01'].filter((one) => one < today.slice(0, 7));
  const period = months.find((one) => !closed.some(({ month }) => month === one));
  if (!period) return;
  if (dice.chance(0.5)) await tidyUp(walk);
  await walk.post('periods/close', { contractId, period });
}

async function reopen(walk: Walk): Promise<void> {
  const { dice } = walk;
  const asked = await walk.pick<{ id: string }>(
    'SELECT id FROM period_reopening WHERE decided_by IS NULL ORDER BY id',
  );
  if (asked) {
    const decision = dice.of(['approve', 'approve', 'reject']);
    await walk.post(
      `periods/reopenings/${asked.id}/${decision}`,
      { comment: 'x' },
      dice.of(walk.stage.owners),
    );
    return;
  }
  const of = {
    contractId: dice.of(walk.stage.contracts),
    period: dice.of(['2026-09', '2026-10', '2026-11', '2026-12']),
  };
  await walk.post('periods/reopenings', { ...of, reason: 'x' }, dice.of(walk.stage.owners));
}

async function settleContract(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const drawn = await walk.pick<{ id: string }>('SELECT id FROM contract_settlement ORDER BY id');
  if (drawn && dice.chance(0.6)) {
    const on = (what: string, body: object) =>
      walk.post(`contract-settlements/${drawn.id}/${what}`, body, walk.someone());
    await (dice.chance(0.8)
      ? on('agree', { reference: '民函〔2026〕118号' })
      : on('withdraw', { reason: 'x' }));
    return;
  }
  const period = dice.of(['2026-10', '2026-11', '2026-12']);
  await walk.post('contract-settlements', { contractId: dice.of(stage.contracts), period });
}

const PRICES = [
  { kind: 'meals', unit: 'use', most: 2_000 },
  { kind: 'childcare', mode: 'timed', unit: 'hour', most: 4_000 },
  { kind: 'childcare', mode: 'full_day', unit: 'month', most: 300_000 },
];

/** The price was wrong from its first day, or another holds from a day on. */
async function reprice(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const { most, ...what } = dice.of(PRICES);
  const contractId = dice.of(stage.contracts);
  const [price] = await walk.rows<{ id: string; from: string }>(
    `SELECT id, from_day::text AS from FROM price WHERE contract_id = $1 AND kind = $2 AND mode IS NOT DISTINCT FROM $3 AND withdrawn_at IS NULL
     ORDER BY from_day DESC LIMIT 1`,
    ...[contractId, what.kind, what.mode ?? null],
  );
  const [owner] = stage.owners;
  if (price) await walk.post(`prices/${price.id}/withdraw`, {}, owner);
  const from = price?.from ?? '2026-01-01';
  await walk.post(
    'prices',
    { ...what, contractId, from, amountFen: Math.floor(most / (1 + dice.below(4))) },
    owner,
  );
}

async function changeProgramme(walk: Walk): Promise<void> {
  const { dice, stage, billing } = walk;
  const id = dice.of(stage.programmes);
  const [first] = await walk.rows<{ kinds: string[]; next: string }>(
    `SELECT kinds, (greatest(max(from_day), '2026-10-25') + 7)::text AS next FROM programme_terms WHERE programme_id = $1 GROUP BY kinds`,
    id,
  );
  const terms = dice.of([{ fixedFen: 50 + dice.below(500) }, { rateBp: 500 + dice.below(5_000) }]);
  const caps = { perMonthFen: 300 + dice.below(2_000) };
  const body = { kinds: first.kinds, base: 'gross', order: 10, from: first.next, caps, ...terms };
  await walk.post(`programmes/${id}/terms`, body, billing.administrator);
}

async function reRate(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const reason = dice.of(['price_changed', 'programme_changed', 'eligibility_changed', 'attendance_changed']);
  const charge = await walk.pick<{ bookingId: string; contractId: string }>(
    `SELECT booking_id AS "bookingId", contract_id AS "contractId" FROM charge WHERE status = 'captured' AND month IS NULL ORDER BY id`,
  );
  const minutes = dice.of([null, 0, 30, 60, 200]);
  const told =
    reason === 'attendance_changed' && charge
      ? { attendance: [{ bookingId: charge.bookingId, minutes }] }
      : {};
  const contractId = charge?.contractId ?? dice.of(stage.contracts);
  const answer = await walk.post('re-ratings', {
    contractId,
    reason,
    from: '2026-10-01',
    to: '2027-02-01',
    ...told,
  });
  if (answer.status === 201) await finish(walk, answer.body.id, dice.chance(0.85) ? 'apply' : 'discard');
}

/** Rounds of the runner draw up its preview and apply it. */
async function finish(walk: Walk, id: string, what: 'apply' | 'discard'): Promise<void> {
  const round = () => walk.billing.running.app.get(PeriodicRunner).runNow('re-rate charges');
  await round();
  await walk.post(`re-ratings/${id}/${what}`);
  await round();
}

async function unfinished(walk: Walk): Promise<void> {
  const found = await walk.pick<{ id: string }>('SELECT id FROM re_rating ORDER BY id');
  if (found) await finish(walk, found.id, walk.dice.chance(0.8) ? 'apply' : 'discard');
}

const PERIODIC = [
  'settle paid invoices',
  'charge waiting months',
  'decide pending charges',
  'chain the journal',
];

export const monthSteps: Step[] = [
  { name: 'later', weight: 5, play: later },
  { name: 'close', weight: 2, play: close },
  { name: 'reopen', weight: 4, play: reopen },
  { name: 'settle contract', weight: 3, play: settleContract },
  { name: 'reprice', weight: 2, play: reprice },
  { name: 'change programme', weight: 1, play: changeProgramme },
  { name: 're-rate', weight: 6, play: reRate },
  { name: 'unfinished re-rating', weight: 1, play: unfinished },
  {
    name: 'periodic',
    weight: 4,
    play: ({ billing, dice }) => billing.running.app.get(PeriodicRunner).runNow(dice.of(PERIODIC)),
  },
];
