import { creditCodeOf } from '@doorstep/demo';
import { eventually, testPlatform } from '@doorstep/testing';
import { DateTime } from 'luxon';
import { runPage } from './page';

const TODAY = DateTime.now().setZone('Asia/Shanghai').startOf('day');
const dayIn = (days: number): string => TODAY.plus({ days }).toFormat('yyyy-MM-dd');

type Ask = (token: string, method: string, path: string) => Promise<Record<string, unknown>>;

/** What the page's lines leave behind, as far as it is looked at here. */
interface Outcome {
  ask: Ask;
  owner: string;
  imported: Record<string, unknown>;
  inForce: Record<string, unknown>;
  contract: { id: string };
  lunch: { id: string };
  price: Record<string, unknown>;
  licence: Record<string, unknown>;
  report: string;
  next: { items: unknown[] };
  preview: { lines: { kind: string; amountFen: number }[] };
  client: { key: string };
}

const LEFT = [
  ...(['ask', 'owner', 'imported', 'inForce', 'contract', 'lunch', 'price', 'licence'] as const),
  ...(['report', 'next', 'preview', 'client'] as const),
];

describe('the page for the head office of a chain', () => {
  const { gatewayUrl, adminPassword } = testPlatform();
  let outcome: Outcome;

  beforeAll(async () => {
    const given = {
      ...{
        gateway: gatewayUrl,
        adminPassword,
        authorityCode: creditCodeOf(7001),
        operatorCode: creditCodeOf(7002),
      },
      ...{ firstDay: dayIn(-40), tomorrow: dayIn(1), lastDay: dayIn(1_000) },
    };
    outcome = await runPage<Outcome>('HEAD-OFFICE.md', given, LEFT);
  }, 120_000);

  it('comes from a file of sites to a contract in force, amended', async () => {
    const { imported, inForce, contract, owner, ask } = outcome;
    expect(imported).toMatchObject({ rows: 2, added: 2 });
    expect(inForce).toMatchObject({ status: 'active' });
    const changed = await ask(owner, 'GET', `/v1/contracts/${contract.id}?asOf=${dayIn(1)}`);
    expect(changed).toMatchObject({ fee: { operatorShareBp: 8_000 } });
  });

  it('offers what can be booked at a price', async () => {
    const { lunch, price, licence, owner, ask } = outcome;
    expect(price).toMatchObject({ amountFen: 1_800 });
    expect(licence).toMatchObject({ state: 'valid' });
    const path = `/v1/availability?offeringId=${lunch.id}&from=${dayIn(1)}&to=${dayIn(8)}`;
    await eventually(async () => {
      const { items } = await ask(owner, 'GET', path);
      expect(items).toContainEqual(expect.objectContaining({ bookable: true }));
    });
  });

  it('shows the figures, in the words of their readers', () => {
    const { report, next, preview, client } = outcome;
    expect(report).toMatch(/^\uFEFF?月份,街道代码,街道/);
    expect(next.items).toHaveLength(1);
    expect(preview.lines).toContainEqual(expect.objectContaining({ kind: 'rent' }));
    expect(client.key).toMatch(/^dsk_/);
  });
});
