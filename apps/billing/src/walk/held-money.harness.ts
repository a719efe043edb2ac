import { newId } from '@doorstep/kernel';
import { sale } from '../packages/packages.harness';
import { goingBack, order, OWED, type Owed } from './money.harness';
import type { Step, Walk } from './walk.harness';

/* Residents' money that no service has used up: on cards, for packages, as deposits. */

interface Holder {
  id: string;
  contractId: string;
  residentId: string;
}

/** Whoever owes something, mostly; and whoever else there is. */
async function holderToBe(walk: Walk): Promise<Omit<Holder, 'id'>> {
  const owed = walk.dice.chance(0.8) ? await walk.pick<Owed>(OWED) : undefined;
  const { contractId, residentId } = owed ?? {
    contractId: walk.dice.of(walk.stage.contracts),
    residentId: walk.dice.of(walk.stage.residents),
  };
  return { contractId, residentId };
}

/** Bookings that a holder's money may be meant for. */
async function bookingsOf(walk: Walk, { contractId, residentId }: Holder): Promise<string[]> {
  const owed = (await walk.rows<Owed>(OWED)).filter(
    (one) => one.contractId === contractId && one.residentId === residentId && one.open > 0,
  );
  return owed.slice(0, 2).map(({ bookingId }) => bookingId);
}

const HOLDER = 'id, contract_id AS "contractId", resident_id AS "residentId"';

async function card(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<Holder>(`SELECT ${HOLDER} FROM prepaid_card ORDER BY id`);
  if (!found || dice.chance(0.15)) {
    return void (await walk.post('prepaid-cards', { ...(await holderToBe(walk)), number: walk.fresh('66') }));
  }
  const on = (what: string, body: object = {}) => walk.post(`prepaid-cards/${found.id}/${what}`, body);
  const uses = async () =>
    on('payments', {
      bookingIds: await bookingsOf(walk, found),
      ...(dice.chance(0.5) && { amountFen: 1 + dice.below(3_000) }),
    });
  const payment = await walk.pick<{ id: string }>(
    'SELECT id FROM payment WHERE holder_id = $1 ORDER BY id',
    found.id,
  );
  const acts = [
    () => on('top-ups', { ...order(walk), amountFen: 100 + dice.below(20_000) }),
    () => on('top-ups', { ...order(walk), amountFen: 100 + dice.below(20_000) }),
    uses,
    uses,
    () =>
      on('refunds', {
        ...goingBack(walk),
        paymentId: payment?.id ?? newId(),
        amountFen: 1 + dice.below(2_000),
      }),
    () => dice.chance(0.3) && on('close'),
    () => on('extend', { expiresOn: '2030-01-01' }),
  ];
  await dice.of(acts)();
}

async function packages(walk: Walk): Promise<void> {
  const { dice, stage } = walk;
  const found = await walk.pick<Holder>(`SELECT ${HOLDER} FROM package ORDER BY id`);
  const sells = () =>
    walk.post('packages', { ...sale(stage.offerId, dice.of(stage.residents)), ...order(walk) });
  if (!found) return void (await sells());
  const on = (what: string, body: object = {}) => walk.post(`packages/${found.id}/${what}`, body);
  await dice.of([
    sells,
    () => on('auto-use', { autoUse: dice.chance(0.7) }),
    () => dice.chance(0.5) && on('refunds', goingBack(walk)),
  ])();
}

async function deposit(walk: Walk): Promise<void> {
  const { dice } = walk;
  const found = await walk.pick<Holder>(`SELECT ${HOLDER} FROM deposit ORDER BY id`);
  const takes = async () =>
    walk.post('deposits', {
      ...{ ...(await holderToBe(walk)), kind: 'childcare', reason: 'x' },
      ...{ ...order(walk), amountFen: 100 + dice.below(5_000) },
    });
  if (!found) return void (await takes());
  const on = (what: string, body: object) => walk.post(`deposits/${found.id}/${what}`, body);
  const setsOff = async () => on('set-offs', { bookingIds: await bookingsOf(walk, found), reason: 'x' });
  await dice.of([
    takes,
    setsOff,
    setsOff,
    () => on('refunds', { ...goingBack(walk), amountFen: 1 + dice.below(3_000) }),
  ])();
}

export const heldMoneySteps: Step[] = [
  { name: 'card', weight: 5, play: card },
  { name: 'package', weight: 3, play: packages },
  { name: 'deposit', weight: 3, play: deposit },
];
