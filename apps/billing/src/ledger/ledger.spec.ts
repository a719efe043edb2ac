import { newId } from '@doorstep/kernel';
import { Database, runAs } from '@doorstep/platform';
import { anAuditor, anOwner, aSiteManager } from '@doorstep/testing';
import {
  type Billing,
  aResident,
  DAY,
  delivered,
  held,
  setPrice,
  setProgramme,
  startBilling,
} from '../billing.harness';
import { paymentReceived } from './entry';
import { LedgerService } from './ledger.service';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
  await setPrice(billing);
  await setProgramme(billing);
  const resident = aResident(billing.scene);
  await billing.deliver(resident);
  for (const serviceDay of [DAY, DAY, '2026-11-05']) {
    const booking = held(billing.scene, resident.residentId, { serviceDay });
    await billing.deliver(booking);
    await billing.deliver(delivered(booking));
  }
});
afterAll(() => billing?.stop());

const get = (path: string) => billing.as(anAuditor(billing.scene.operatorId)).get(`/v1/ledger/${path}`);

describe('the trial balance', () => {
  it('balances, and knows what was booked by a day', async () => {
    const { body } = await get('trial-balance').expect(200);
    expect(body).toMatchObject({ asOf: null, debitFen: 5400, creditFen: 5400 });
    expect(body.rows.map((row: Record<string, unknown>) => [row.kind, row.class, row.balanceFen])).toEqual([
      ['funder_receivable', 'asset', 600],
      ['resident_receivable', 'asset', 4800],
      ['service_revenue', 'income', -5400],
    ]);
    expect((await get(`trial-balance?asOf=${DAY}`).expect(200)).body.debitFen).toBe(3600);
    expect((await get('trial-balance?asOf=2026-11-01').expect(200)).body).toMatchObject({
      debitFen: 0,
      rows: [],
    });
  });
});

describe('an account', () => {
  it('has a statement with the balance after each line, page by page', async () => {
    const { body: accounts } = await get('accounts?kind=resident_receivable').expect(200);
    expect(accounts.items).toMatchObject([{ siteId: billing.scene.siteId, balanceFen: 4800 }]);
    const path = `accounts/${accounts.items[0].id}/entries?limit=2`;
    const { body: first } = await get(path).expect(200);
    const { body: second } = await get(`${path}&cursor=${first.nextCursor}`).expect(200);
    const lines = [...first.items, ...second.items];
    expect(lines.map(({ balanceFen }: { balanceFen: number }) => balanceFen)).toEqual([1600, 3200, 4800]);
    expect(second.nextCursor).toBeNull();
    const { body: later } = await get(`accounts/${accounts.items[0].id}/entries?from=2026-11-03`).expect(200);
    expect(later.items).toMatchObject([{ bookedOn: '2026-11-05', amountFen: 1600, balanceFen: 4800 }]);
  });
});

describe('entries', () => {
  it('are listed with lines that sum to zero', async () => {
    const { body } = await get('entries?reason=charge_captured&to=2026-11-03').expect(200);
    expect(body.items).toHaveLength(2);
    for (const { lines } of body.items)
      expect(lines.reduce((sum: number, line: { amountFen: number }) => sum + line.amountFen, 0)).toBe(0);
  });
});

describe('the books', () => {
  it('are closed to other tenants and to roles without the permission', async () => {
    const stranger = billing.as(anOwner(newId()));
    expect((await stranger.get('/v1/ledger/trial-balance').expect(200)).body.rows).toEqual([]);
    expect((await stranger.get('/v1/ledger/accounts').expect(200)).body.items).toEqual([]);
    expect((await stranger.get('/v1/ledger/entries').expect(200)).body.items).toEqual([]);
    const manager = aSiteManager(billing.scene.operatorId, [billing.scene.siteId]);
    await billing.as(manager).get('/v1/ledger/entries').expect(403);
  });
});

describe('what is reserved and not posted', () => {
  it('stands apart, comes to nothing together, and goes when the service is delivered', async () => {
    const resident = aResident(billing.scene);
    const booking = held(billing.scene, resident.residentId);
    await billing.deliver(resident, booking);
    const rows = async (column: string) => {
      const { body } = await get('trial-balance').expect(200);
      expect(body.pendingFen).toBe(0);
      return body.rows.map((row: Record<string, unknown>) => [row.kind, row[column]]);
    };
    const posted = await rows('balanceFen');
    expect(await rows('pendingFen')).toEqual([
      ['funder_receivable', 200],
      ['resident_receivable', 1600],
      ['service_revenue', -1800],
    ]);
    await billing.deliver(delivered(booking));
    expect(await rows('pendingFen')).toEqual(posted.map(([kind]: [string]) => [kind, 0]));
    expect(await rows('balanceFen')).toEqual([
      ['funder_receivable', 800],
      ['resident_receivable', 6400],
      ['service_revenue', -7200],
    ]);
  });
});

describe('accounts that nobody has opened yet', () => {
  it('are opened by many at the same moment', async () => {
    const [db, ledger] = [billing.running.app.get(Database), billing.running.app.get(LedgerService)];
    const { operatorId, siteId } = billing.scene;
    for (let round = 0; round < 20; round++) {
      const contractId = newId();
      const pay = () => {
        const id = newId();
        const place = { operatorId, contractId, siteId, day: DAY, channel: 'wechat', amountFen: 100 };
        const entry = paymentReceived({ ...place, paymentId: id, purpose: 'services', delivered: [] });
        return runAs(anOwner(operatorId), () => db.write((tx) => ledger.post(tx, [entry])));
      };
      await Promise.all(Array.from({ length: 8 }, pay));
    }
  });
});
