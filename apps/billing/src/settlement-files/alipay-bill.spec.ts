import type { DomainError } from '@doorstep/kernel';
import { AlipayBillReader } from './alipay-bill';
import { anAlipayBill, detail, refundDetail } from './alipay-bill.examples';
import type { BillFacts, BillLine } from './bill';
import { recordsOf } from './bill-stream';

function read(text: string, billDay?: string): { lines: BillLine[]; facts: BillFacts } {
  const reader = new AlipayBillReader(billDay);
  const lines = recordsOf(text, reader.delimiter).flatMap((record, index) =>
    record.join('') === '' ? [] : (reader.read(record, index + 1) ?? []),
  );
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

describe('an Alipay business detail', () => {
  it('is read line by line, with its totals', () => {
    const { lines, facts } = read(anAlipayBill({ lines: [detail(), refundDetail({ order: 'DS0' })] }));
    expect(lines).toEqual([
      {
        ...{
          lineNo: 6,
          kind: 'payment',
          at: '2026-11-02T11:15:00+08:00',
          channelOrderNo: '20261102DS1',
          merchantOrderNo: 'DS1',
        },
        ...{
          channelRefundNo: null,
          merchantRefundNo: null,
          amountFen: 1800,
          orderFen: 1800,
          feeFen: 11,
          ratePpm: null,
          place: 'S-1',
        },
      },
      expect.objectContaining({
        lineNo: 7,
        kind: 'refund',
        merchantOrderNo: 'DS0',
        merchantRefundNo: 'R1',
        amountFen: 500,
        feeFen: -3,
      }),
    ]);
    expect(facts).toMatchObject({
      ...{ part: 'all', merchantNo: '20881234567890120156', billDay: '2026-11-02', lines: 2 },
      ...{ paymentsFen: 1800, refundsFen: 500, feesFen: 8 },
      summary: { 交易合计: '1笔 18.00元', 退款合计: '1笔 -5.00元' },
    });
  });

  it('of a day on which nothing happened is a bill too', () => {
    expect(read(anAlipayBill({ lines: [] })).facts).toMatchObject({ lines: 0, billDay: '2026-11-02' });
  });

  it('tells what was received from what was ordered', () => {
    const { lines } = read(anAlipayBill({ lines: [detail({ amount: '15.00', ordered: '18.00' })] }));
    expect(lines[0]).toMatchObject({ amountFen: 1500, orderFen: 1800 });
  });
});

describe('a broken one', () => {
  it.each<[string, string, string]>([
    [
      'a total one fen off',
      anAlipayBill({
        lines: [detail()],
        totals: { 交易: '#交易合计：1笔，商家实收共18.01元，商家优惠共0.00元' },
      }),
      'line 8: 交易合计 says 18.01, the lines make 18.00.',
    ],
    [
      'a wrong number of refunds',
      anAlipayBill({ lines: [refundDetail()], totals: { 退款: '#退款合计：2笔，商家实收退款共-5.00元' } }),
      'line 9: 退款合计 says 2, there are 1.',
    ],
    [
      'a positive refund',
      anAlipayBill({ lines: [refundDetail({ amount: '5.00' })] }),
      'line 6: 商家实收 5.00 has the wrong sign for 退款.',
    ],
    [
      'a negative payment',
      anAlipayBill({ lines: [detail({ amount: '-1.00' })] }),
      'line 6: 商家实收 -1.00 has the wrong sign for 交易.',
    ],
    [
      'an unknown type',
      anAlipayBill({ lines: [detail({ type: '转账' })] }),
      'line 6: 业务类型 转账 is not known.',
    ],
    [
      'another day’s line',
      anAlipayBill({ lines: [detail({ at: '2026-11-03 00:00:00' })] }),
      'line 6: it is of 2026-11-03, the bill of 2026-11-02.',
    ],
    [
      'an amount that is none',
      anAlipayBill({ lines: [detail({ amount: '1.001' })] }),
      'line 6: 商家实收 is not an amount in whole fen.',
    ],
    [
      'a refund without number',
      anAlipayBill({ lines: [refundDetail({ refundNo: '' })] }),
      'line 6: it is a refund without a refund number.',
    ],
    [
      'a column too many',
      anAlipayBill({ lines: [`${detail()},x`] }),
      'line 6: it has 26 columns, the header 25.',
    ],
    [
      'no account',
      anAlipayBill({ lines: [detail()] }).replace(/#账号.*\r\n/, ''),
      'line 4: no line before it says of which account the bill is (#账号：[…]).',
    ],
    [
      'an empty account',
      anAlipayBill({ lines: [] }).replace(/#账号.*/, '#账号：[ ]'),
      'line 5: no line before it says of which account the bill is (#账号：[…]).',
    ],
    [
      'two accounts',
      anAlipayBill({ lines: [detail()] }).replace(/(#账号：).*/, '$&\r\n$1[2088]'),
      'line 3: it is of account 2088, the lines before of 20881234567890120156.',
    ],
  ])('with %s is refused whole, with the line', (_name, text, fault) =>
    expect(faultsOf(text)).toContain(fault),
  );

  it.each<[string, string, string]>([
    [
      'cut off',
      anAlipayBill({ lines: [detail()] })
        .split('\r\n')
        .slice(0, 6)
        .join('\r\n'),
      'file_truncated',
    ],
    [
      'without its totals',
      anAlipayBill({ lines: [] }).split('\r\n').slice(0, 6).join('\r\n'),
      'file_truncated',
    ],
    ['without its end mark', anAlipayBill({ lines: [detail()], end: false }), 'file_truncated'],
    ['of a whole month', anAlipayBill({ lines: [], next: '2026-12-02' }), 'file_not_recognised'],
    ['of another channel', '交易时间,公众账号ID\r\n', 'file_not_recognised'],
    ['empty', '', 'file_not_recognised'],
  ])('that is %s is refused', (_name, text, code) => expect(refusal(text).code).toBe(code));

  it('said to be of another day is refused', () => {
    expect(refusal(anAlipayBill({ lines: [] }), '2026-11-01').code).toBe('bill_of_another_day');
  });
});
