import {
  DepositReturned,
  DepositSetOff,
  DepositTaken,
  type DomainEvent,
  type EventClass,
  PackageExpiring,
  PackageRefunded,
  PackageSold,
  PackageUsedUp,
  PrepaidCardExpiring,
  PrepaidCardRefunded,
  PrepaidCardToppedUp,
} from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import {
  aResident,
  type Billing,
  cancelled,
  DAY,
  delivered,
  held,
  setPrice,
  startBilling,
} from '../billing.harness';
import { sellPackage } from '../packages/packages.harness';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  await post('prepaid-rules', {
    ...{ from: '2026-01-01', balanceMaxFen: 500_000, validityMonths: 3, source: '某市规定' },
  });
});
afterAll(() => billing?.stop());
afterEach(() => billing.clock.set(`${DAY}T00:00:00Z`));

const post = async (path: string, body: object) =>
  (await billing.as(billing.owner).post(`/v1/${path}`).send(body)).body;
const paid = (amountFen: number) => ({
  ...{ channel: 'wechat', merchantOrderNo: newId(), paidAt: `${DAY}T01:00:00Z`, amountFen },
});
const back = () => ({
  merchantRefundNo: newId(),
  refundedAt: `${DAY}T02:00:00Z`,
  reason: '家人生病，搬走了',
});

/** What was told of one card, package or deposit, oldest first. */
async function told(type: EventClass, id: string): Promise<DomainEvent[]> {
  const all = await billing.told(type);
  return all.filter((each) => Object.values(each).includes(id));
}

async function aCard(): Promise<{ id: string; residentId: string; topUps: { paymentId: string }[] }> {
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  const { residentId } = resident;
  const { contractId } = billing.scene;
  const { id } = await post('prepaid-cards', { contractId, residentId, number: `66${residentId.slice(-8)}` });
  return post(`prepaid-cards/${id}/top-ups`, paid(20_000));
}

describe('what is told of held money', () => {
  it('of a card: what came and went, and what is left, without its number or anybody’s own words', async () => {
    const { id, residentId, topUps } = await aCard();
    const { paymentId } = topUps[0];
    await post(`prepaid-cards/${id}/refunds`, { ...back(), paymentId, amountFen: 500 });
    const card = { cardId: id, residentId, cardEnd: residentId.slice(-4), paymentId };
    expect(await told(PrepaidCardToppedUp, id)).toMatchObject([
      { ...card, amountFen: 20_000, balanceFen: 20_000 },
    ]);
    const refunded = await told(PrepaidCardRefunded, id);
    expect(refunded).toMatchObject([{ ...card, amountFen: 500, balanceFen: 19_500 }]);
    expect(JSON.stringify(refunded)).not.toMatch(new RegExp(`66${residentId.slice(-8)}|家人`));
  });

  it('of a card: nothing that was refused', async () => {
    const { id } = await aCard();
    await post(`prepaid-cards/${id}/top-ups`, paid(490_000));
    expect(await told(PrepaidCardToppedUp, id)).toHaveLength(1);
  });

  it('of a package: its sale, each time its last use is taken, and what goes back', async () => {
    const { id, residentId, paymentId } = await sellPackage(billing, { uses: 2, amountFen: 3_000 });
    const named = {
      packageId: id,
      residentId,
      packageName: '午餐十次卡',
      kind: 'meals',
      lastDay: '2027-01-30',
    };
    expect(await told(PackageSold, id)).toMatchObject([
      { ...named, usesLeft: 2, amountFen: 3_000, paymentId, firstDay: DAY },
    ]);
    const [first, last, again] = Array.from({ length: 3 }, () => held(billing.scene, residentId));
    await billing.deliver(first);
    expect(await told(PackageUsedUp, id)).toEqual([]);
    await billing.deliver(last);
    await billing.deliver(cancelled(last));
    await billing.deliver(again);
    expect(await told(PackageUsedUp, id)).toMatchObject([
      { ...named, usesLeft: 0, bookingId: last.bookingId },
      { ...named, usesLeft: 0, bookingId: again.bookingId },
    ]);
    await billing.deliver(cancelled(again));
    await post(`packages/${id}/refunds`, back());
    expect(await told(PackageRefunded, id)).toMatchObject([{ ...named, paymentId, amountFen: 1_500 }]);
  });

  it('of a deposit: taken, set off, returned', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(resident, booking);
    await billing.deliver(delivered(booking));
    const { contractId } = billing.scene;
    const { residentId } = resident;
    const deposit = { contractId, residentId, kind: 'sports', reason: '球场押金', ...paid(10_000) };
    const { id } = await post('deposits', deposit);
    await post(`deposits/${id}/set-offs`, { bookingIds: [booking.bookingId], reason: '未付餐费' });
    await post(`deposits/${id}/refunds`, { ...back(), amountFen: 8_200 });
    const of = { depositId: id, residentId, kind: 'sports' };
    const moves = [DepositTaken, DepositSetOff, DepositReturned];
    const heard = (await Promise.all(moves.map((type) => told(type, id)))).flat();
    expect(heard).toMatchObject([
      { ...of, amountFen: 10_000, heldFen: 10_000, version: 1 },
      { ...of, amountFen: 1_800, heldFen: 8_200, version: 2 },
      { ...of, amountFen: 8_200, heldFen: 0, version: 3 },
    ]);
    expect(JSON.stringify(heard)).not.toMatch(/押金|餐费|家人/);
  });
});

describe('what expires soon', () => {
  const run = () => billing.running.app.get(PeriodicRunner).runNow('tell of what expires soon');
  const on = (day: string) => {
    billing.clock.set(`${day}T02:00:00Z`);
    // Two at once, as two processes have it.
    return Promise.all([run(), run()]);
  };

  it('is told of 30 days and 7 days before, once each, of what is left', async () => {
    const { id } = await sellPackage(billing, { uses: 3, amountFen: 3_000 });
    const used = await sellPackage(billing, { uses: 1, amountFen: 900 });
    await billing.deliver(held(billing.scene, used.residentId));
    const card = await aCard();
    // The package can't be used from 31 January on, the card from 2 February.
    const heard: number[][] = [];
    for (const day of ['2026-12-31', '2027-01-01', '2027-01-03', '2027-01-23', '2027-01-24', '2027-01-26']) {
      await on(day);
      await on(day);
      const [ofPackage, ofCard] = [await told(PackageExpiring, id), await told(PrepaidCardExpiring, card.id)];
      heard.push([ofPackage.length, ofCard.length]);
    }
    expect(heard).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [2, 1],
      [2, 2],
    ]);
    expect(await told(PackageExpiring, id)).toMatchObject([
      { usesLeft: 3, lastDay: '2027-01-30' },
      { usesLeft: 3, lastDay: '2027-01-30' },
    ]);
    expect(await told(PrepaidCardExpiring, card.id)).toMatchObject([
      { balanceFen: 20_000, lastDay: '2027-02-01' },
      { balanceFen: 20_000, lastDay: '2027-02-01' },
    ]);
    expect(await told(PackageExpiring, used.id)).toEqual([]);
    await post(`prepaid-cards/${card.id}/extend`, { expiresOn: '2027-06-01' });
    await on('2027-05-28');
    expect(await told(PrepaidCardExpiring, card.id)).toHaveLength(3);
  });

  it('is not told of on the day it was bought, nor late by the earlier notice, nor when it is over', async () => {
    const { id: short } = await sellPackage(billing, { validDays: 5 });
    const { id: late } = await sellPackage(billing, { validDays: 40 });
    await on(DAY);
    expect(await told(PackageExpiring, short)).toEqual([]);
    await on('2026-12-08');
    expect(await told(PackageExpiring, late)).toHaveLength(1);
    await on('2026-12-12');
    expect([(await told(PackageExpiring, late)).length, (await told(PackageExpiring, short)).length]).toEqual(
      [1, 0],
    );
  });
});
