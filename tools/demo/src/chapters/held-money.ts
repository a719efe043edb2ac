import type { Fen } from '@doorstep/kernel';
import { inParallel } from '../front-end';
import { PRICES } from '../plan';
import { type Check, yuan } from '../report';
import type { OpenSite } from '../setup';
import type { Chapter, Stage, Told } from './chapter';
import { heldMoneyChecks } from './held-money-checks';
import { book, type Booked, EVERY_DAY, every, register, type Session, sessionsOf } from './own-site';

/** So many residents with a card, with a package, with a deposit. */
const EACH = 3;
const WIDTH = 4;
const SUPPER_FEN = PRICES.find(({ kind }) => kind === 'meals')?.amountFen as Fen;
/** A court's key is given against it. */
const DEPOSIT_FEN = 30_000;
const OFFER = { name: '晚餐五次卡', uses: 5, amountFen: 8_003 };
/** The first uses bear the fen that are left over: 1,601 · 1,601 · 1,601 · 1,600 · 1,600. */
const PARTS_FEN = [1_601, 1_601, 1_601, 1_600, 1_600];
const CARD_LIMIT = { balanceMaxFen: 500_000, source: '商务部令2012年第9号 第十八条、第十九条' };

/** What the front-end remembers of one resident's held money, and what it must have left by its own arithmetic. */
export interface Kept {
  sort: 'card' | 'package' | 'deposit';
  id: string;
  merchantOrderNo: string;
  paidFen: Fen;
  usedFen: Fen;
  backFen: Fen;
  /** Uses of a package that are free. */
  usesLeft?: number;
  supper: Booked;
  /** What the supper must have cost the resident. */
  supperFen: Fen;
  residentId: string;
  /** What the resident must have been written of it. */
  letters: string[];
}

export const leftOf = ({ paidFen, usedFen, backFen }: Kept): Fen => paidFen - usedFen - backFen;

interface Evening {
  stage: Stage;
  site: OpenSite;
  offeringId: string;
  /** Two suppers, one after the other. */
  sessions: [Session, Session];
}

/** Late in the evening: cards are topped up, packages bought, deposits left; suppers are paid from them. */
export const heldMoney: Chapter = {
  title: 'cards, packages, deposits',
  async play(stage: Stage): Promise<Told> {
    const evening = await openLate(stage);
    await stage.scene.owner.post('/v1/prepaid-rules', { from: stage.day, ...CARD_LIMIT });
    const packageOfferId = await offerPackage(stage);
    const people = Array.from({ length: EACH }, () => stage.random.int(1, 9));
    const cards = await inParallel(people, WIDTH, (n) => topUp(evening, 10_000 * n));
    const packages = await inParallel(people, WIDTH, () => buyPackage(evening, packageOfferId));
    const deposits = await inParallel(people, WIDTH, () => leaveDeposit(evening));
    const kept = [...cards, ...packages, ...deposits];
    await eat(evening, kept);
    for (const card of cards) await payByCard(stage, card);
    // The last one keeps the key, and the deposit goes on.
    for (const [i, deposit] of deposits.entries()) await settleDeposit(evening, deposit, i < EACH - 1);
    await stage.everythingHeard();
    return tell(kept, await heldMoneyChecks(stage, kept));
  },
};

/** A site stays open until midnight and gives suppers; they are under the same contract and price as its lunches. */
async function openLate(stage: Stage): Promise<Evening> {
  const { scene, area, day, clock } = stage;
  const near = scene.sites.filter(({ plan }) => plan.community.code.startsWith(area.cities[0].code));
  const site = near[near.length - 1];
  const openingHours = EVERY_DAY.map((weekday) => ({ weekday, opens: '07:00', closes: '24:00' }));
  await scene.owner.patch(`/v1/sites/${site.id}`, { openingHours });
  const { id: offeringId } = await scene.owner.post<{ id: string }>(`/v1/sites/${site.id}/offerings`, {
    ...{ code: 'SUPPER', name: { zh: '社区晚餐', en: 'Community supper' }, kind: 'meals', mode: 'session' },
    ...{ delivery: 'on_site', capacityModel: 'seats', capacity: 3 * EACH, skills: [] },
    ...{ leadMinutes: 0, cutoffMinutes: 0, bufferMinutes: 0, schedule: every('20:00', '24:00', 20) },
  });
  const soon = clock.now().getTime() + 120_000;
  const suppers = await sessionsOf(scene.frontEnd, offeringId, day);
  const [first, second] = suppers.filter(({ start }) => Date.parse(start) > soon);
  if (!second) throw new Error(`there are no two suppers left on ${day}`);
  return { stage, site, offeringId, sessions: [first, second] };
}

async function offerPackage({ scene, day }: Stage): Promise<string> {
  const terms = { contractId: scene.contractId, kind: 'meals', validDays: 90, from: day };
  return (await scene.owner.post<{ id: string }>('/v1/package-offers', { ...terms, ...OFFER })).id;
}

/** Too young for a meal subsidy: the supper costs what the price list says. */
function guest(stage: Stage): Promise<string> {
  const consents = ['booking', 'notifications'].map((purpose) => ({ purpose }));
  return register(stage, { birthDate: '1985-05-05', consents });
}

async function topUp({ stage, site, offeringId, sessions }: Evening, paidFen: Fen): Promise<Kept> {
  const { scene, alipay } = stage;
  const residentId = await guest(stage);
  const card = { contractId: scene.contractId, residentId, number: `C${residentId.slice(-8)}` };
  const { id } = await scene.frontEnd.post<{ id: string }>('/v1/prepaid-cards', card);
  const order = alipay.take(paidFen, site.code);
  await scene.frontEnd.post(`/v1/prepaid-cards/${id}/top-ups`, { ...order, amountFen: paidFen });
  const supper = await book(stage, offeringId, sessions[0].sessionId, residentId);
  const { merchantOrderNo } = order;
  return {
    ...{ sort: 'card', id, merchantOrderNo, paidFen, usedFen: 0, backFen: 0 },
    ...{ supper, supperFen: SUPPER_FEN, residentId, letters: ['prepaid-topped-up'] },
  };
}

/** Two suppers take a use each; the later one is cancelled, and its use comes back. */
async function buyPackage(
  { stage, site, offeringId, sessions }: Evening,
  packageOfferId: string,
): Promise<Kept> {
  const { frontEnd } = stage.scene;
  const residentId = await guest(stage);
  const order = stage.alipay.take(OFFER.amountFen, site.code);
  const sale = { offerId: packageOfferId, residentId, ...order };
  const { id } = await frontEnd.post<{ id: string }>('/v1/packages', sale);
  const supper = await book(stage, offeringId, sessions[0].sessionId, residentId);
  const later = await book(stage, offeringId, sessions[1].sessionId, residentId);
  await frontEnd.post(`/v1/bookings/${later.id}/cancel`, { reason: 'changed_plans' });
  return {
    ...{ sort: 'package', id, merchantOrderNo: order.merchantOrderNo, paidFen: OFFER.amountFen },
    ...{ usedFen: PARTS_FEN[0], backFen: 0, usesLeft: OFFER.uses - 1, supper, supperFen: PARTS_FEN[0] },
    ...{ residentId, letters: ['package-sold'] },
  };
}

async function leaveDeposit({ stage, site, offeringId, sessions }: Evening): Promise<Kept> {
  const { scene, alipay } = stage;
  const residentId = await guest(stage);
  const order = alipay.take(DEPOSIT_FEN, site.code);
  const deposit = { contractId: scene.contractId, residentId, kind: 'sports', reason: '球场钥匙押金' };
  const { id } = await scene.frontEnd.post<{ id: string }>('/v1/deposits', {
    ...deposit,
    ...order,
    amountFen: DEPOSIT_FEN,
  });
  const supper = await book(stage, offeringId, sessions[0].sessionId, residentId);
  const { merchantOrderNo } = order;
  return {
    ...{ sort: 'deposit', id, merchantOrderNo, paidFen: DEPOSIT_FEN, usedFen: 0, backFen: 0 },
    ...{ supper, supperFen: SUPPER_FEN, residentId, letters: ['deposit-taken'] },
  };
}

async function eat({ stage, sessions }: Evening, kept: readonly Kept[]): Promise<void> {
  await stage.clock.moveTo(new Date(sessions[0].end));
  await inParallel(kept, WIDTH, ({ supper }) =>
    stage.scene.owner.post(`/v1/bookings/${supper.id}/attendance`, { outcome: 'attended' }),
  );
  await stage.everythingHeard();
}

async function payByCard({ scene }: Stage, card: Kept): Promise<void> {
  await scene.frontEnd.post(`/v1/prepaid-cards/${card.id}/payments`, { bookingIds: [card.supper.id] });
  card.usedFen += card.supperFen;
}

/** The supper is not paid: the deposit is set off against it, and what is left goes back with the key. */
async function settleDeposit({ stage }: Evening, deposit: Kept, returned: boolean): Promise<void> {
  const { scene, alipay } = stage;
  const { id, merchantOrderNo } = deposit;
  const setOff = { bookingIds: [deposit.supper.id], reason: 'fees_unpaid' };
  await scene.owner.post(`/v1/deposits/${id}/set-offs`, setOff);
  deposit.usedFen += deposit.supperFen;
  deposit.letters.push('deposit-set-off');
  if (!returned) return;
  const refund = alipay.giveBack(merchantOrderNo, leftOf(deposit));
  await scene.owner.post(`/v1/deposits/${id}/refunds`, { ...refund, reason: 'key_returned' });
  deposit.backFen += refund.amountFen;
  deposit.letters.push('deposit-returned');
}

function tell(kept: readonly Kept[], checks: Check[]): Told {
  const of = (sort: Kept['sort']) => {
    const mine = kept.filter((each) => each.sort === sort);
    const sum = (part: (each: Kept) => number): number => mine.reduce((total, each) => total + part(each), 0);
    return {
      number: mine.length,
      paidFen: sum(({ paidFen }) => paidFen),
      usedFen: sum(({ usedFen }) => usedFen),
      backFen: sum(({ backFen }) => backFen),
      leftFen: sum(leftOf),
      usesLeft: sum(({ usesLeft = 0 }) => usesLeft),
    };
  };
  const { usesLeft: _cards, ...cards } = of('card');
  const packages = of('package');
  const { usesLeft: _deposits, ...deposits } = of('deposit');
  const text = [
    `${cards.number} cards topped up by ${yuan(cards.paidFen)}, ${yuan(cards.leftFen)} left`,
    `${packages.number} packages sold, ${packages.usesLeft} uses and ${yuan(packages.leftFen)} left`,
    `${deposits.number} deposits: ${yuan(deposits.usedFen)} set off, ${yuan(deposits.backFen)} returned, ${yuan(deposits.leftFen)} held`,
  ];
  return {
    report: { heldMoney: { cards, packages, deposits } },
    rows: [['Held money', text.join('\n')]],
    checks,
  };
}
