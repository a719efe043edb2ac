import fc from 'fast-check';
import { parseYuan, sumFen } from '@doorstep/kernel';
import { Random } from './random';
import { type ChannelPayment, FAULT_TYPES, wechatBill } from './wechat-bill';

const payments = (count: number): ChannelPayment[] =>
  Array.from({ length: count }, (_, i) => ({
    merchantOrderNo: `DS20261124${String(i).padStart(8, '0')}`,
    transactionId: `4200002${String(i).padStart(13, '0')}`,
    siteCode: 'S1',
    amountFen: 100 + i,
    paidAt: new Date(Date.UTC(2026, 10, 24, 3, 0, i % 60)),
  }));

const fields = (row: string): string[] => row.split(',').map((field) => field.replace(/^`/, ''));

describe("the channel's bill", () => {
  it('states what its lines add up to, whatever was sown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 80 }), fc.nat(3), fc.nat(1000), (count, faults, seed) => {
        const { text, lines, netFen } = wechatBill(
          payments(count),
          'Asia/Shanghai',
          faults,
          new Random(seed),
        );
        const rows = text.trim().split('\r\n');
        const body = rows.slice(1, -2).map(fields);
        const summary = fields(rows.at(-1) ?? '');
        expect(body).toHaveLength(lines);
        expect(summary[0]).toBe(String(lines));
        expect(parseYuan(summary[1])).toBe(sumFen(body.map((row) => parseYuan(row[12]) ?? NaN)));
        const [paid, refunded, fees] = [summary[1], summary[2], summary[4].slice(0, -3)].map(parseYuan);
        expect(netFen).toBe((paid ?? NaN) - (refunded ?? NaN) - (fees ?? NaN));
        expect(parseYuan(summary[2])).toBe(sumFen(body.map((row) => parseYuan(row[16]) ?? NaN)));
      }),
      { numRuns: 40 },
    );
  });

  it('sows as many faults of each type as it says, and no payment gets two', () => {
    const { faults } = wechatBill(payments(60), 'Asia/Shanghai', 3, new Random(5));
    for (const type of FAULT_TYPES) expect(faults.filter((fault) => fault.type === type)).toHaveLength(3);
    const real = faults
      .filter((fault) => fault.type !== 'unknown_in_bill')
      .map((fault) => fault.merchantOrderNo);
    expect(new Set(real).size).toBe(real.length);
  });

  it('is the same for the same seed', () => {
    const bill = (seed: number) => wechatBill(payments(30), 'Asia/Shanghai', 2, new Random(seed)).text;
    expect(bill(4)).toBe(bill(4));
    expect(bill(4)).not.toBe(bill(5));
  });
});
