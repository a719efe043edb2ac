import { formatYuan, sumFen, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';
import { alipayBill, type AlipayPayment } from '../alipay';
import { bookingOf, ZONE } from '../day';
import { inParallel, type FrontEnd } from '../front-end';
import { funderOf } from '../setup-parties';
import { bankChecks } from './bank-checks';
import { fourWays } from './four-way-checks';
import { bankStatement, type BankEntry } from './bank-papers';
import type { Chapter, Stage, Told } from './chapter';

export const ACCOUNT_NO = '1001200109';
const OPENING_FEN = 5_000_000;
const ALIPAY_PAYMENTS = 40;
const WIDTH = 8;
const INTEREST_FEN = 1_234;

/** What the checks compare. */
export interface BankStory {
  operatorId: string;
  contractId: string;
  period: string;
  entries: BankEntry[];
  /** Faults put into Alipay's bill, and what its reconciliation named. */
  sown: string[];
  found: string[];
  /** What chapters before took by Alipay: payments and refunds, by their numbers. */
  held: string[];
  /** Lines of the bank that nothing of ours is behind, and how many matched nothing. */
  strangers: number;
  unmatched: number;
  differenceFen: Fen;
  /** What funders paid, on the bank's paper. */
  payouts: Payout[];
  /** Sums of the four-way report, however the month is cut. */
  fourWays: Awaited<ReturnType<typeof fourWays>>;
}

interface Exception {
  id: string;
  type: string;
  merchantOrderNo: string | null;
  status: string;
}

interface Claim {
  id: string;
  number: string | null;
  funderId: string;
  amountFen: Fen;
}

interface Payout extends Pick<Claim, 'number' | 'funderId'> {
  fen: Fen;
}

/** The month's end: the bank's statement and Alipay's bill come in, everything is tied, worked off and closed. */
export const bank: Chapter = {
  title: 'bank',
  async play(stage: Stage): Promise<Told> {
    const { scene, day, clock } = stage;
    const finance = await openColleague(stage, 'finance@chain.example', '王会计');
    await scene.owner.post('/v1/reconciliation-terms', {
      ...{
        from: day.slice(0, 8).concat('01'),
        toleranceFen: 0,
        writeOffMaxFen: 1_000_000,
        fourEyesAboveFen: 2_000,
      },
      ...{ confirmationsNeeded: 5, overdueDays: 30 },
    });
    const alipay = await settleAlipay(stage);
    const { id: accountId } = await openBank(scene.owner);
    const payouts = await paidByFunders(scene.owner);
    const entries = entriesOf(
      day,
      // What the channels' bills say that they pay out, as they were written.
      { wechatFen: stage.settlement.netFen, alipayFen: alipay.netFen },
      payouts,
      funderOf(scene, 'health_commission', stage.area.cities[0].code),
    );
    const nextMonth = DateTime.fromISO(day, { zone: ZONE }).startOf('month').plus({ months: 1 });
    await clock.moveTo(nextMonth.plus({ days: 2, hours: 9 }).toJSDate());
    const matched = await matchStatement(scene.owner, accountId, day, entries);
    const worked = await workOff(scene.owner, finance, scene.contractId);
    const period = day.slice(0, 7);
    const { contractId, operatorId } = scene;
    const { differenceFen } = await scene.owner.get<{ differenceFen: Fen }>(
      `/v1/reports/ties?period=${period}&contractId=${contractId}`,
    );
    const closed = await finance.post<{ status: string }>('/v1/periods/close', { contractId, period });
    const story = {
      operatorId,
      contractId,
      period,
      entries,
      ...alipay,
      strangers: 1,
      unmatched: matched.unmatched,
      differenceFen,
      payouts,
      fourWays: await fourWays(scene.owner, { period, contractId }),
    };
    return {
      report: {
        fourWay: { ...story.fourWays.contract, differenceFen },
        period: { period, status: closed.status, exceptions: worked },
      },
      rows: [
        ['Bank', `${entries.length} lines · ${matched.byStep}`],
        [
          'Month end',
          `${worked.writtenOff} exceptions worked off, ${worked.approved} by four eyes · four ways differ by ${formatYuan(differenceFen)} · ${period} ${closed.status}`,
        ],
      ],
      checks: await bankChecks(stage.books, story),
    };
  },
};

/** Somebody else than the owner, for what needs two. */
export async function openColleague(
  { scene, gateway }: Stage,
  login: string,
  name: string,
): Promise<FrontEnd> {
  const person = { organisationId: scene.operatorId, login, name, roles: ['finance'] };
  const { oneTimePassword } = await scene.administrator.post<{ oneTimePassword: string }>(
    '/v1/people',
    person,
  );
  const first = await gateway.signIn(login, oneTimePassword);
  const password = `${oneTimePassword}-Changed1`;
  await first.post('/v1/people/me/password', { current: oneTimePassword, next: password });
  return gateway.signIn(login, password);
}

/** Some residents pay something ahead through Alipay; its bill lacks one of them and has one that nobody knows. */
async function settleAlipay({
  scene,
  wishes,
  day,
  random,
  alipay,
}: Stage): Promise<{ netFen: Fen; sown: string[]; found: string[]; held: string[] }> {
  const evening = DateTime.fromISO(`${day}T20:00:00`, { zone: ZONE });
  const payers = wishes.filter(({ fate }) => fate === 'attended').slice(0, ALIPAY_PAYMENTS);
  const payments = await inParallel(payers, WIDTH, async (wish, i): Promise<AlipayPayment> => {
    const payment = {
      merchantOrderNo: `AL${day.replaceAll('-', '')}${String(i).padStart(6, '0')}`,
      amountFen: 100 * random.int(5, 50),
      paidAt: evening.plus({ seconds: i }).toJSDate(),
      siteCode: wish.site.code,
    };
    const { merchantOrderNo, amountFen, paidAt } = payment;
    const body = {
      channel: 'alipay',
      merchantOrderNo,
      amountFen,
      paidAt: paidAt.toISOString(),
      bookingIds: [bookingOf(wish).id],
    };
    await scene.frontEnd.post('/v1/payments', body);
    return payment;
  });
  const [missing, ...others] = payments;
  const ghost = { ...others[0], merchantOrderNo: `GHOST${others[0].merchantOrderNo}` };
  const bill = alipayBill([...others, ghost, ...alipay.payments], day);
  const file = await scene.owner.upload<{ id: string }>('/v1/settlement-files?channel=alipay', bill.text);
  const { id } = await scene.owner.post<{ id: string }>('/v1/reconciliations', { settlementFileId: file.id });
  const exceptions = await scene.owner.all<Exception>(`/v1/exceptions?reconciliationId=${id}`);
  return {
    netFen: bill.netFen,
    sown: [`missing_in_bill ${missing.merchantOrderNo}`, `unknown_in_bill ${ghost.merchantOrderNo}`],
    found: exceptions.map(({ type, merchantOrderNo }) => `${type} ${merchantOrderNo}`),
    held: alipay.payments.flatMap(({ merchantOrderNo, refund }) => [
      merchantOrderNo,
      ...(refund ? [refund.merchantRefundNo] : []),
    ]),
  };
}

/** What funders pay: of each claim, by the number on its pack, what they have not cut. */
async function paidByFunders(owner: FrontEnd): Promise<Payout[]> {
  const claims = await owner.all<Claim>('/v1/claims');
  return inParallel(
    claims.filter(({ number }) => number !== null),
    WIDTH,
    async ({ id, number, funderId, amountFen }) => {
      const cuts = await Promise.all(
        ['cut', 'rejected'].map((answer) =>
          owner.all<{ amountFen: Fen; acceptedFen: Fen }>(`/v1/claims/${id}/lines?answer=${answer}`),
        ),
      );
      const cutFen = sumFen(cuts.flat().map((line) => line.amountFen - line.acceptedFen));
      return { number, funderId, fen: amountFen - cutFen };
    },
  );
}

function openBank(owner: FrontEnd): Promise<{ id: string }> {
  return owner.post('/v1/statement-accounts', {
    ...{ code: 'icbc-0109', name: '工商银行 基本户', kind: 'bank', accountNo: ACCOUNT_NO, layout: 'camt053' },
    payerNames: [
      { channel: 'wechat', name: '财付通' },
      { channel: 'alipay', name: '支付宝' },
    ],
  });
}

/** WeChat Pay in one line, Alipay in two, one funder with its claim's number and one without, and interest of nobody's. */
function entriesOf(
  day: string,
  { wechatFen, alipayFen }: { wechatFen: Fen; alipayFen: Fen },
  payouts: Payout[],
  nameless: string,
): BankEntry[] {
  const after = (days: number): string => {
    const last = DateTime.fromISO(day).endOf('month');
    return DateTime.min(DateTime.fromISO(day).plus({ days }), last).toISODate() as string;
  };
  const half = Math.floor(alipayFen / 2);
  return [
    { day: after(1), fen: wechatFen, name: '财付通支付科技有限公司', text: '结算款' },
    { day: after(1), fen: half, name: '支付宝（中国）网络技术有限公司', text: '结算款 1/2' },
    { day: after(1), fen: alipayFen - half, name: '支付宝（中国）网络技术有限公司', text: '结算款 2/2' },
    ...payouts.map(({ number, funderId, fen }) => ({
      ...{ day: after(2), fen, name: funderId === nameless ? '市卫生健康委' : '市民政局' },
      text: funderId === nameless ? '补贴拨付' : `补贴 ${number}`,
    })),
    { day: after(3), fen: INTEREST_FEN, name: '工商银行', text: '结息' },
  ].filter(({ fen }) => fen !== 0);
}

async function matchStatement(owner: FrontEnd, accountId: string, day: string, entries: BankEntry[]) {
  const month = DateTime.fromISO(day);
  const span = {
    from: month.startOf('month').toISODate() as string,
    to: month.endOf('month').toISODate() as string,
  };
  const xml = bankStatement(ACCOUNT_NO, { ...span, openingFen: OPENING_FEN }, entries);
  await owner.upload(`/v1/statement-files?accountId=${accountId}`, xml);
  const { matched } = await owner.post<{ matched: Record<string, number> }>('/v1/statement-matches', {
    accountId,
  });
  const suggestions = await owner.all<{ id: string; score: number }>('/v1/match-suggestions?status=open');
  for (const { id } of suggestions) await owner.post(`/v1/match-suggestions/${id}/accept`, {});
  const open = await owner.all<Exception>('/v1/exceptions?status=open&type=unknown_in_statement');
  const steps = Object.entries(matched).filter(([, lines]) => lines > 0);
  const byStep = [
    ...steps.map(([step, lines]) => `${lines} by ${step}`),
    `${suggestions.length} suggested and accepted`,
  ].join(', ');
  return { byStep, unmatched: open.length };
}

/** Everything that is open is written off; what is above the limit, by a second person. */
async function workOff(
  owner: FrontEnd,
  finance: FrontEnd,
  contractId: string,
): Promise<{ writtenOff: number; approved: number }> {
  const open = await owner.all<Exception>('/v1/exceptions?status=open');
  let approved = 0;
  for (const { id } of open) {
    const { status } = await owner.post<Exception>(`/v1/exceptions/${id}/write-off`, {
      comment: '月末核销',
      contractId,
    });
    if (status !== 'proposed') continue;
    await finance.post(`/v1/exceptions/${id}/approve`, { comment: '已核对' });
    approved++;
  }
  return { writtenOff: open.length, approved };
}
