import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { CHECKS } from '../periods/checklist';
import { TIE_NAMES } from '../reports/ties';
import { ACCOUNT_KINDS, accountId, type Account } from './account';
import {
  advanceApplied,
  channelSettled,
  chargeCaptured,
  entry,
  paymentReceived,
  paymentRefunded,
} from './entry';
import { ENTRY_REASONS } from './entry-reason';

const parties = { operatorId: 'o', contractId: 'c' };
const charge = { chargeId: 'ch', residentId: 'r', siteId: 's' };
const amount = fc.integer({ min: 0, max: 1_000_000_000 });
const linesOf = ({ lines }: { lines: { account: Account; amountFen: number }[] }) =>
  lines.map((line) => [line.account.kind, line.amountFen]);

describe('a captured charge', () => {
  it('makes each part due and the whole revenue', () => {
    const made = chargeCaptured({
      ...parties,
      ...charge,
      kind: 'meals',
      day: '2026-11-02',
      grossFen: 1800,
      residentFen: 1500,
      operatorFen: 100,
      funders: [{ funderId: 'f', amountFen: 200 }],
    });
    expect(linesOf(made)).toEqual([
      ['resident_receivable', 1500],
      ['funder_receivable', 200],
      ['concession_expense', 100],
      ['service_revenue', -1800],
    ]);
    expect(made.idempotencyKey).toBe('charge ch captured');
  });

  it('leaves out whoever pays nothing', () => {
    const free = {
      ...parties,
      ...charge,
      kind: 'meals',
      day: '2026-11-02',
      grossFen: 0,
      residentFen: 0,
      operatorFen: 0,
      funders: [],
    };
    expect(chargeCaptured(free).lines).toEqual([]);
  });

  it('is refused when its parts don’t make its whole', () => {
    const wrong = {
      ...parties,
      ...charge,
      kind: 'meals',
      day: '2026-11-02',
      grossFen: 1801,
      residentFen: 1800,
      operatorFen: 0,
      funders: [],
    };
    expect(() => chargeCaptured(wrong)).toThrow('sums to zero');
  });
});

describe('money', () => {
  const part = { ...charge, amountFen: 600 };
  const moved = { ...parties, channel: 'wechat', day: '2026-11-02', amountFen: 1000 };
  const services = { ...moved, delivered: [part], purpose: 'services' as const };

  it('pays what is due and waits as an advance for the rest', () => {
    expect(linesOf(paymentReceived({ ...services, paymentId: 'p' }))).toEqual([
      ['channel_clearing', 1000],
      ['resident_receivable', -600],
      ['resident_advance', -400],
    ]);
  });

  it('goes back the way it came', () => {
    expect(linesOf(paymentRefunded({ ...services, refundId: 'x' }))).toEqual([
      ['channel_clearing', -1000],
      ['resident_receivable', 600],
      ['resident_advance', 400],
    ]);
  });

  it('of a prepaid card is held, used and given back on an account of its own, by name', () => {
    const card = { purpose: 'prepaid' as const, residentId: 'r' };
    const received = paymentReceived({ ...moved, ...card, delivered: [], paymentId: 'p' });
    expect(received).toMatchObject({ reason: 'prepaid_topped_up' });
    expect(received.lines[1]).toMatchObject({ residentId: 'r', account: { kind: 'prepaid_balance' } });
    const used = { ...parties, ...charge, allocationId: 'a', day: '2026-11-02', amountFen: 400, ...card };
    expect(linesOf(advanceApplied(used))).toEqual([
      ['prepaid_balance', 400],
      ['resident_receivable', -400],
    ]);
    expect(linesOf(paymentRefunded({ ...moved, ...card, delivered: [], refundId: 'x' }))).toEqual([
      ['channel_clearing', -1000],
      ['prepaid_balance', 1000],
    ]);
  });

  it('paid ahead meets the service later', () => {
    const applied = advanceApplied({
      ...parties,
      ...charge,
      allocationId: 'a',
      day: '2026-11-02',
      amountFen: 400,
      purpose: 'services',
    });
    expect(linesOf(applied)).toEqual([
      ['resident_advance', 400],
      ['resident_receivable', -400],
    ]);
  });

  it('settled by a channel leaves its fee behind', () => {
    const settled = { ...parties, reconciliationId: 'r', channel: 'wechat', day: '2026-11-02' };
    expect(linesOf(channelSettled({ ...settled, amountFen: 10_000, feeFen: 60 }))).toEqual([
      ['bank_in_transit', 9940],
      ['channel_fees', 60],
      ['channel_clearing', -10_000],
    ]);
    expect(linesOf(channelSettled({ ...settled, amountFen: -1000, feeFen: -6 }))).toEqual([
      ['bank_in_transit', -994],
      ['channel_fees', -6],
      ['channel_clearing', 1000],
    ]);
  });
});

describe('any entry', () => {
  it('balances', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.array(amount, { maxLength: 5 }),
        amount,
        (resident, operator, funders, fee) => {
          const grossFen = resident + operator + funders.reduce((a, b) => a + b, 0);
          const entries = [
            chargeCaptured({
              ...parties,
              ...charge,
              kind: 'meals',
              day: '2026-11-02',
              grossFen,
              residentFen: resident,
              operatorFen: operator,
              funders: funders.map((amountFen, i) => ({ funderId: `f${i}`, amountFen })),
            }),
            channelSettled({
              ...parties,
              reconciliationId: 'r',
              channel: 'wechat',
              day: '2026-11-02',
              amountFen: grossFen,
              feeFen: fee,
            }),
            paymentReceived({
              ...parties,
              paymentId: 'p',
              channel: 'cash',
              day: '2026-11-02',
              amountFen: resident + operator,
              delivered: [{ ...charge, amountFen: operator }],
              purpose: 'services',
            }),
          ];
          for (const { lines } of entries) {
            expect(lines.reduce((sum, line) => sum + line.amountFen, 0)).toBe(0);
            expect(lines.every((line) => line.amountFen !== 0)).toBe(true);
          }
        },
      ),
    );
  });

  it('stays with one operator and contract, and names what its accounts are kept by', () => {
    const facts = {
      ...parties,
      day: '2026-11-02',
      reason: 'channel_settled',
      sourceType: 'charge',
      sourceId: 'x',
      idempotencyKey: 'k',
    } as const;
    const pair = (account: Account) => [
      { account, amountFen: 1 },
      { account, amountFen: -1 },
    ];
    expect(() => entry(facts, pair({ ...parties, contractId: 'other', kind: 'resident_advance' }))).toThrow(
      'one contract',
    );
    expect(() => entry(facts, pair({ ...parties, kind: 'channel_clearing' }))).toThrow('kept by channel');
  });
});

describe('the id of an account', () => {
  it('is a UUID that depends on the account’s name alone', () => {
    const account: Account = { ...parties, kind: 'channel_clearing', channel: 'wechat' };
    expect(accountId(account)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(accountId({ channel: 'wechat', kind: 'channel_clearing', ...parties })).toBe(accountId(account));
    expect(accountId({ ...account, channel: 'alipay' })).not.toBe(accountId(account));
    expect(accountId({ ...account, siteId: undefined })).toBe(accountId(account));
  });
});

describe('the page for those who sign the books', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/BOOKS.md'), 'utf8');

  it.each([
    ['account', Object.keys(ACCOUNT_KINDS)],
    ['reason', ENTRY_REASONS],
    ['tie', TIE_NAMES],
    ['check', CHECKS],
  ])('names every %s', (_what, names) => {
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
