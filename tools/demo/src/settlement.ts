import type { Fen } from '@doorstep/kernel';
import { bookingOf, ZONE, type Wish } from './day';
import { inParallel, Refused } from './front-end';
import { eventually } from './patience';
import type { Progress } from './progress';
import type { Random } from './random';
import type { DayClock } from './rehearsal-clock';
import type { Scene } from './setup';
import { wechatBill, type ChannelPayment, type SeededFault } from './wechat-bill';

export interface Charge {
  id: string;
  bookingId: string;
  status: string;
  grossFen: Fen;
  residentFen: Fen;
  fundersFen: Fen;
  operatorFen: Fen;
  funders: { funderId: string; programmeId: string; amountFen: Fen }[];
}

export interface Settlement {
  payments: ChannelPayment[];
  faults: SeededFault[];
  lines: number;
  /** What the channel's bill, as it was written, will pay out. */
  netFen: Fen;
  reconciliation: { id: string; lines: number; matched: number; exceptions: number; differenceFen: Fen };
  found: { type: string; merchantOrderNo: string }[];
  claims: { funderId: string; lines: number; amountFen: Fen }[];
}

const WIDTH = 12;
const FAULTS_EACH = 2;

/** Takes money through WeChat Pay as a mini-program would, and remembers what the channel told it. */
export class Till {
  readonly payments: ChannelPayment[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly clock: DayClock,
    private readonly day: string,
  ) {}

  async pay(wish: Wish, amountFen: Fen): Promise<void> {
    if (amountFen === 0) return;
    const number = this.payments.length + 1;
    const payment: ChannelPayment = {
      merchantOrderNo: `DS${this.day.replaceAll('-', '')}${String(number).padStart(8, '0')}`,
      transactionId: `4200002${this.day.replaceAll('-', '')}${String(number).padStart(13, '0')}`,
      siteCode: wish.site.code,
      amountFen,
      // The channel knows whole seconds.
      paidAt: new Date(Math.floor(this.clock.now().getTime() / 1000) * 1000),
    };
    this.payments.push(payment);
    this.byBooking.set(bookingOf(wish).id, payment);
    const answer = await this.scene.frontEnd.post<{ id: string }>('/v1/payments', {
      channel: 'wechat',
      merchantOrderNo: payment.merchantOrderNo,
      amountFen,
      paidAt: payment.paidAt.toISOString(),
      bookingIds: [bookingOf(wish).id],
    });
    this.ids.set(payment, answer.id);
  }

  /** Gives back all that was paid for a booking. */
  async refund(wish: Wish): Promise<void> {
    const payment = this.byBooking.get(bookingOf(wish).id);
    if (!payment) return;
    const refundedAt = new Date(Math.floor(this.clock.now().getTime() / 1000) * 1000);
    payment.refund = {
      merchantRefundNo: `R${payment.merchantOrderNo}`,
      refundId: payment.transactionId.replace(/^42/, '50'),
      amountFen: payment.amountFen,
      refundedAt,
    };
    await this.scene.frontEnd.post(`/v1/payments/${this.ids.get(payment)}/refunds`, {
      merchantRefundNo: payment.refund.merchantRefundNo,
      amountFen: payment.refund.amountFen,
      refundedAt: refundedAt.toISOString(),
      reason: 'booking_cancelled',
    });
  }

  private readonly byBooking = new Map<string, ChannelPayment>();
  private readonly ids = new Map<ChannelPayment, string>();
}

/** Some pay when they book. */
export async function payAhead(till: Till, wishes: Wish[]): Promise<void> {
  const ahead = wishes.filter((wish) => wish.prepaid && wish.outcome === 'confirmed');
  await inParallel(ahead, WIDTH, (wish) => till.pay(wish, bookingOf(wish).price?.residentFen ?? 0));
}

/** Charges as the front-end reads them, once every delivered service has been posted. */
export async function capturedCharges(scene: Scene, delivered: number): Promise<Charge[]> {
  return eventually(`not all of ${delivered} delivered services have been captured`, async () => {
    const charges = await scene.owner.all<Charge>('/v1/charges?status=captured');
    return charges.length >= delivered ? charges : undefined;
  });
}

/** The others pay in the evening, by what they really used. */
export async function payAfterwards(
  till: Till,
  wishes: Wish[],
  charges: Charge[],
  progress: Progress,
): Promise<void> {
  const byBooking = new Map(charges.map((charge) => [charge.bookingId, charge]));
  const open = wishes.filter((wish) => wish.fate === 'attended' && !wish.prepaid);
  const bar = progress.bar('payments', open.length);
  await inParallel(open, WIDTH, async (wish) => {
    const charge = byBooking.get(bookingOf(wish).id);
    if (!charge) throw new Error(`booking ${bookingOf(wish).id} was attended and has no charge`);
    await till.pay(wish, charge.residentFen);
    bar.add(1);
  });
  bar.done();
}

/** The channel's bill comes in with faults sown, is matched, and each funder gets a claim. */
export async function settle(scene: Scene, till: Till, day: string, random: Random): Promise<Settlement> {
  const bill = wechatBill(till.payments, ZONE, FAULTS_EACH, random);
  const file = await scene.owner.upload<{ id: string; lines: number }>(
    '/v1/settlement-files?channel=wechat',
    bill.text,
  );
  const reconciliation = await scene.owner.post<Settlement['reconciliation']>('/v1/reconciliations', {
    settlementFileId: file.id,
  });
  const found = await scene.owner.all<{ type: string; merchantOrderNo: string }>(
    `/v1/exceptions?reconciliationId=${reconciliation.id}`,
  );
  const claims: Settlement['claims'] = [];
  for (const funderId of Object.values(scene.funders)) claims.push(await claimFrom(scene, funderId, day));
  const { faults, lines, netFen } = bill;
  return { payments: till.payments, faults, lines, netFen, reconciliation, found, claims };
}

/** Asks the funder for what is captured and not claimed yet, which may be nothing. */
export async function claimFrom(
  { owner, contractId }: Pick<Scene, 'owner' | 'contractId'>,
  funderId: string,
  day: string,
): Promise<Settlement['claims'][number]> {
  try {
    const asked = { funderId, contractId, period: day.slice(0, 7) };
    const { id, lines, amountFen } = await owner.post<{ id: string; lines: number; amountFen: Fen }>(
      '/v1/claims',
      asked,
    );
    await owner.post(`/v1/claims/${id}/submit`, {});
    return { funderId, lines, amountFen };
  } catch (error) {
    if (error instanceof Refused && error.code === 'nothing_to_claim')
      return { funderId, lines: 0, amountFen: 0 };
    throw error;
  }
}
