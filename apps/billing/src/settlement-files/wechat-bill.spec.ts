import { type DomainError } from '@doorstep/kernel';
import { aBill, HEADERS, line, refundLine } from './wechat-bill.examples';
import type { BillFacts, BillLine } from './bill';
import { recordsOf } from './bill-stream';
import { WechatBillReader } from './wechat-bill';
import { parseFee, parseRate } from './wechat-fields';

function read(text: string, billDay?: string): { lines: BillLine[]; facts: BillFacts } {
  const reader = new WechatBillReader(billDay);
  const records = recordsOf(text.replace(/^\uFEFF/, ''), reader.delimiter).filter(
    (record) => record.join('') !== '',
  );
  const lines = records.flatMap((record, index) => reader.read(record, index + 1) ?? []);
  return { lines, facts: reader.finish() };
}
function refusal(text: string, billDay?: string): DomainError {
  try {
    read(text, billDay);
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('the bill was taken');
}
const faultsOf = (text: string): string[] =>
  (refusal(text).details.errors as { field: string; reason: string }[]).map((e) => `${e.field}: ${e.reason}`);

describe('a bill of type ALL', () => {
  it('is read line by line, with its sums', () => {
    const { lines, facts } = read(
      aBill({
        lines: [line({ amount: '18.00', fee: '0.11000' }), refundLine({ refunded: '5.00', fee: '-0.03000' })],
      }),
    );
    expect(lines).toEqual([
      {
        ...{
          lineNo: 2,
          kind: 'payment',
          at: '2026-11-02T11:15:00+08:00',
          channelOrderNo: '4200001',
          merchantOrderNo: 'DS1',
        },
        ...{
          channelRefundNo: null,
          merchantRefundNo: null,
          amountFen: 1800,
          orderFen: 1800,
          feeFen: 11,
          ratePpm: 6000,
          place: 'S-1',
        },
      },
      expect.objectContaining({
        ...{
          lineNo: 3,
          kind: 'refund',
          channelRefundNo: '5000001',
          merchantRefundNo: 'R1',
          amountFen: 500,
          orderFen: 500,
          feeFen: -3,
        },
      }),
    ]);
    expect(facts).toMatchObject({ part: 'all', merchantNo: '1900000109', billDay: '2026-11-02', lines: 2 });
    expect(facts).toMatchObject({ paymentsFen: 1800, refundsFen: 500, feesFen: 8 });
    expect(facts.summary).toMatchObject({ 总交易单数: '2', 手续费总金额: '0.08000' });
  });

  it('may begin with a byte order mark, and goods may have a comma in their name', () => {
    const { lines } = read(`\uFEFF${aBill({ lines: [line({ goods: '午餐,两荤一素' })] })}`);
    expect(lines[0].feeFen).toBe(11);
  });

  it('is read by the names of its columns, in whatever order they stand', () => {
    const columns = [...HEADERS.all].reverse();
    const { lines } = read(aBill({ columns, lines: [line({ amount: '18.00' })] }));
    expect(lines[0]).toMatchObject({ merchantOrderNo: 'DS1', amountFen: 1800 });
  });

  it('without lines needs to be told its day', () => {
    expect(refusal(aBill({ lines: [] })).code).toBe('bill_day_missing');
    expect(read(aBill({ lines: [] }), '2026-11-02').facts).toMatchObject({
      lines: 0,
      billDay: '2026-11-02',
      merchantNo: '',
    });
  });
});

describe('other versions', () => {
  it('SUCCESS has payments alone', () => {
    const { facts, lines } = read(aBill({ columns: HEADERS.success, lines: [line({})] }));
    expect(facts).toMatchObject({ part: 'payments', paymentsFen: 1800 });
    expect(lines[0]).toMatchObject({ kind: 'payment', merchantRefundNo: null });
  });

  it('REFUND has refunds alone, on the day they were done', () => {
    const { facts, lines } = read(
      aBill({
        columns: HEADERS.refund,
        lines: [refundLine({ at: '2026-10-30 09:00:00', refundedAt: '2026-11-02 10:00:00' })],
      }),
    );
    expect(facts).toMatchObject({ part: 'refunds', refundsFen: 500, billDay: '2026-11-02' });
    expect(lines[0]).toMatchObject({ kind: 'refund', at: '2026-11-02T10:00:00+08:00' });
  });

  it('of years ago calls the amount 总金额 and has no order amount', () => {
    const columns = HEADERS.success
      .map((name) => (name === '应结订单金额' ? '总金额' : name))
      .filter((name) => name !== '订单金额');
    expect(
      read(aBill({ columns, lines: [line({})], renamed: { 总金额: '应结订单金额' } })).lines[0],
    ).toMatchObject({ amountFen: 1800, orderFen: 1800 });
  });
});

describe('a broken bill', () => {
  it.each<[string, string, string]>([
    [
      'a summary one fen off',
      aBill({ lines: [line({})], summary: { 应结订单总金额: '18.01' } }),
      'line 4: 应结订单总金额 says 18.01, the lines make 18.00.',
    ],
    [
      'a wrong number of lines',
      aBill({ lines: [line({})], summary: { 总交易单数: '2' } }),
      'line 4: 总交易单数 says 2, there are 1 lines.',
    ],
    [
      'fees that don’t add up',
      aBill({ lines: [line({})], summary: { 手续费总金额: '0.10000' } }),
      'line 4: 手续费总金额 says 0.10000, the lines make 0.11.',
    ],
    [
      'an amount that is none',
      aBill({ lines: [line({ amount: '18.0O' })] }),
      'line 2: 应结订单金额 18.0O is not an amount in whole fen.',
    ],
    [
      'a fee of a fraction of a fen',
      aBill({ lines: [line({ fee: '0.10800' })] }),
      'line 2: 手续费 0.10800 is not an amount in whole fen.',
    ],
    [
      'a negative amount',
      aBill({ lines: [line({ amount: '-18.00' })] }),
      'line 2: 应结订单金额 -18.00 is below zero.',
    ],
    [
      'an impossible time',
      aBill({ lines: [line({ at: '2026-02-30 10:00:00' })] }),
      'line 2: 交易时间 2026-02-30 10:00:00 is not a time.',
    ],
    [
      'an unknown state',
      aBill({ lines: [line({ state: 'PAYERROR' })] }),
      'line 2: 交易状态 PAYERROR is not known.',
    ],
    [
      'another currency',
      aBill({ lines: [line({ currency: 'USD' })] }),
      'line 2: its currency is USD, not CNY.',
    ],
    [
      'another merchant’s line',
      aBill({ lines: [line({}), line({ merchant: '999', order: 'DS2' })] }),
      'line 3: it is of merchant 999, the lines before of 1900000109.',
    ],
    [
      'another day’s line',
      aBill({ lines: [line({}), line({ at: '2026-11-03 00:00:00' })] }),
      'line 3: it is of 2026-11-03, the bill of 2026-11-02.',
    ],
    [
      'a column too few',
      aBill({ lines: [line({}).split(',').slice(1).join(',')] }),
      'line 2: it has 26 columns, the header 27.',
    ],
    [
      'a refund without number',
      aBill({ lines: [refundLine({ refundNo: '0' })] }),
      'line 2: it is a refund without a refund number.',
    ],
    [
      'something after the end',
      `${aBill({ lines: [line({})] })}${line({})}\r\n`,
      'line 5: it stands after the summary.',
    ],
  ])('with %s is refused whole, with the line', (_name, text, fault) =>
    expect(faultsOf(text)).toContain(fault),
  );

  it('cut off before its summary is refused', () => {
    const text = aBill({ lines: [line({}), line({ order: 'DS2' })] });
    expect(refusal(text.split('\r\n').slice(0, 2).join('\r\n')).code).toBe('file_truncated');
    expect(refusal(text.split('\r\n').slice(0, 4).join('\r\n')).code).toBe('file_truncated');
  });

  it('names many faults at once, but not without bound', () => {
    const lines = Array.from({ length: 50 }, (_, i) => line({ order: `DS${i}`, amount: 'x' }));
    const { details, message } = refusal(aBill({ lines }));
    expect(details.errors).toHaveLength(20);
    expect(message).toContain('The file has 50 faults');
  });

  it.each([
    ['empty', ''],
    ['something else', 'id,name\n1,x'],
    ['an Alipay file', '#支付宝业务明细查询\n'],
  ])('that is %s is not recognised', (_name, text) => expect(refusal(text).code).toBe('file_not_recognised'));

  it('of another day than it is said to be is refused', () => {
    expect(refusal(aBill({ lines: [line({})] }), '2026-11-01').message).toContain(
      'it is of 2026-11-02, the bill of 2026-11-01',
    );
  });
});

describe('numbers', () => {
  it.each([
    ['0.60000', 60],
    ['-0.11000', -11],
    ['0.00000', 0],
    ['12', 1200],
    ['0.6', 60],
    ['0.10800', undefined],
    ['', undefined],
  ])('the fee %s is %s fen', (text, fen) => expect(parseFee(text)).toBe(fen));

  it.each([
    ['0.60%', 6000],
    ['0.6%', 6000],
    ['0.00%', 0],
    ['1%', 10_000],
    ['0.6', undefined],
    ['-1%', undefined],
  ])('the rate %s is %s parts per million', (text, ppm) => expect(parseRate(text)).toBe(ppm));
});
