import type { Step, Walk } from './walk.harness';

/* What residents pay, and what is taken back of it: payments, invoices, fapiao. */

export interface Owed {
  bookingId: string;
  contractId: string;
  residentId: string;
  open: number;
}

/** Charges by what is still owed for them; what is only held may be paid, too. */
export const OWED = `SELECT booking_id AS "bookingId", contract_id AS "contractId", resident_id AS "residentId",
  (resident_fen + resident_correction_fen - paid_fen)::int AS open
  FROM charge WHERE status IN ('authorised', 'captured') ORDER BY id`;
const UNKNOWN = `SELECT merchant_order_no AS no, theirs_fen::int AS fen, day::text FROM reconciliation_exception
  WHERE type = 'unknown_in_bill' AND status = 'open' AND theirs_fen > 0 ORDER BY id`;
const PAYMENT = `SELECT id, channel, purpose, holder_id AS "holderId", (amount_fen - refunded_fen)::int AS left, amount_fen::int AS fen
  FROM payment WHERE purpose = 'services' ORDER BY id`;

/** A day that has been, by the clock of the walk. */
export function pastDay({ dice, today }: Walk): string {
  const days = [
    '2026-10-12',
    '2026-10-30',
    '2026-11-02',
    '2026-11-15',
    '2026-11-19',
    '2026-12-02',
    '2026-12-20',
    '2027-01-05',
  ];
  return dice.of(days.filter((day) => day <= today));
}

function amountNear({ dice }: Walk, fen: number): number {
  return Math.max(1, dice.of([fen, fen, fen, fen + 100, fen - 1, fen * 10, Math.floor(fen / 2)]));
}

export const order = (walk: Walk) => ({
  ...{
    channel: walk.dice.of(['wechat', 'wechat', 'wechat', 'cash', 'bank']),
    merchantOrderNo: walk.fresh('W'),
  },
  paidAt: `${pastDay(walk)}T02:00:00Z`,
});
export const goingBack = (walk: Walk) => ({
  ...{ merchantRefundNo: walk.fresh('R'), refundedAt: `${pastDay(walk)}T05:00:00Z`, reason: 'x' },
});

async function pay(walk: Walk): Promise<void> {
  const first = await walk.pick<Owed>(OWED);
  if (!first) return;
  const others = (await walk.rows<Owed>(OWED)).filter(
    ({ contractId, bookingId }) => contractId === first.contractId && bookingId !== first.bookingId,
  );
  const also = others.length > 0 && walk.dice.chance(0.3) ? [walk.dice.of(others)] : [];
  const owed = [first, ...also];
  const amountFen = amountNear(
    walk,
    owed.reduce((sum, { open }) => sum + open, 0),
  );
  const unknown = walk.dice.chance(0.2)
    ? await walk.pick<{ no: string; fen: number; day: string }>(UNKNOWN)
    : undefined;
  const named = unknown && {
    ...{ channel: 'wechat', merchantOrderNo: unknown.no, paidAt: `${unknown.day}T02:00:00Z` },
    amountFen: unknown.fen,
  };
  await walk.post('payments', {
    ...order(walk),
    amountFen,
    bookingIds: owed.map(({ bookingId }) => bookingId),
    ...named,
  });
}

interface Paid {
  id: string;
  left: number;
  fen: number;
}

async function refund(walk: Walk): Promise<void> {
  const paid = await walk.pick<Paid>(PAYMENT);
  if (!paid) return;
  await walk.post(`payments/${paid.id}/refunds`, {
    ...goingBack(walk),
    amountFen: amountNear(walk, paid.left),
  });
}

async function voidPayment(walk: Walk): Promise<void> {
  const paid = await walk.pick<Paid>(PAYMENT);
  if (paid) await walk.post(`payments/${paid.id}/void`, { reason: 'x' });
}

async function correctPayment(walk: Walk): Promise<void> {
  const said = await walk.pick<{ id: string; fen: number }>(
    `SELECT payment_id AS id, theirs_fen::int AS fen FROM reconciliation_exception
     WHERE type = 'amount_mismatch' AND status = 'open' AND payment_id IS NOT NULL ORDER BY id`,
  );
  const paid = await walk.pick<Paid>(PAYMENT);
  const { dice } = walk;
  if (said && dice.chance(0.6)) {
    await walk.post(`payments/${said.id}/corrections`, { reason: 'x', amountFen: said.fen });
  } else if (paid) {
    const unknown = await walk.pick<{ no: string; fen: number; day: string }>(UNKNOWN);
    const changes = [
      { amountFen: amountNear(walk, paid.fen) },
      { ...order(walk) },
      { channel: dice.of(['wechat', 'cash', 'bank', 'alipay']) },
      { paidAt: `${pastDay(walk)}T03:00:00Z` },
      unknown ? { merchantOrderNo: unknown.no, amountFen: unknown.fen, channel: 'wechat' } : {},
    ];
    await walk.post(`payments/${paid.id}/corrections`, { reason: 'x', ...dice.of(changes) });
  }
}

async function voidRefund(walk: Walk): Promise<void> {
  const refunded = await walk.pick<{ id: string; paymentId: string }>(
    'SELECT id, payment_id AS "paymentId" FROM refund ORDER BY id',
  );
  if (refunded)
    await walk.post(`payments/${refunded.paymentId}/refunds/${refunded.id}/void`, { reason: 'x' });
}

async function receipt(walk: Walk): Promise<void> {
  const paid = await walk.pick<Paid>(PAYMENT);
  if (paid) await walk.post('receipts', { paymentId: paid.id });
}

async function invoice(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const of = { contractId: dice.of(stage.contracts), period: dice.of(['2026-10', '2026-11', '2026-12']) };
  const one = dice.chance(0.3) ? { residentId: dice.of(stage.residents) } : {};
  await walk.post(dice.chance(0.7) ? 'invoices/issue' : 'invoices', { ...of, ...one });
}

interface Invoiced {
  id: string;
  fen: number;
}

async function actOnInvoice(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<Invoiced>(
    'SELECT id, (amount_fen - credited_fen)::int AS fen FROM invoice ORDER BY id',
  );
  if (!found) return invoice(walk);
  const on = (what: string, body: object = {}) => walk.post(`invoices/${found.id}/${what}`, body);
  const acts = [
    () => on('payments', { ...order(walk), amountFen: amountNear(walk, found.fen) }),
    () => on('payments', { ...order(walk), amountFen: amountNear(walk, found.fen) }),
    () => on('credit-notes', { amountFen: 1 + dice.below(600), comment: 'x' }),
    () => on('apply-credit'),
    () => on('issue'),
    () => dice.chance(0.3) && on('void', { reason: 'x' }),
    () => walk.post('fapiao', { invoiceId: found.id }),
    () => walk.post('fapiao', { invoiceId: found.id }),
  ];
  await dice.of(acts)();
}

async function actOnFapiao(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<{ id: string }>('SELECT id FROM fapiao ORDER BY id');
  if (!found) return;
  const issued = {
    fapiaoNumber: String(26312000000000000000n + BigInt(++walk.stage.count)),
    issuedOn: walk.today,
  };
  const acts = [
    () => walk.post(`fapiao/${found.id}/issued`, issued),
    () => walk.post(`fapiao/${found.id}/issued`, issued),
    () => walk.post(`fapiao/${found.id}/rejected`, { reason: 'x' }),
    () =>
      walk.post(`fapiao/${found.id}/reverse`, {
        reason: 'x',
        ...(dice.chance(0.6) && { amountFen: 1 + dice.below(500) }),
      }),
  ];
  await dice.of(acts)();
}

export const moneySteps: Step[] = [
  { name: 'pay', weight: 14, play: pay },
  { name: 'refund', weight: 4, play: refund },
  { name: 'void payment', weight: 4, play: voidPayment },
  { name: 'correct payment', weight: 5, play: correctPayment },
  { name: 'void refund', weight: 2, play: voidRefund },
  { name: 'receipt', weight: 1, play: receipt },
  { name: 'invoice', weight: 3, play: invoice },
  { name: 'act on invoice', weight: 5, play: actOnInvoice },
  { name: 'act on fapiao', weight: 3, play: actOnFapiao },
];
