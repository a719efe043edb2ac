import { aFundFlow, readTable as read, refusalOf as refusal } from './statements.examples';
import { WechatFundFlowReader } from './wechat-fund-flow';

describe('a fund-flow bill', () => {
  const flows = [
    { orderNo: '42001' },
    { orderNo: '42001', type: '扣除交易手续费', direction: '支出' as const, fen: 11 },
    { orderNo: '50001', type: '退款', direction: '支出' as const, fen: 500 },
    { orderNo: 'W1', type: '提现', direction: '支出' as const, fen: 1_289, voucherNo: 'V77' },
  ];

  it('is read with what moved the money and what was left', () => {
    const { lines, facts } = read(new WechatFundFlowReader(), aFundFlow(flows, { openingFen: 100 }));
    expect(lines.map(({ kind, amountFen, referenceNo }) => [kind, amountFen, referenceNo])).toEqual([
      ['trade', 1_800, '42001'],
      ['fee', -11, '42001'],
      ['refund', -500, '50001'],
      ['payout', -1_289, 'V77'],
    ]);
    expect(facts).toEqual([
      {
        ...{
          number: null,
          accountNo: null,
          fromDay: '2026-11-02',
          toDay: '2026-11-02',
          openingFen: 100,
          closingFen: 100,
        },
        ...{ creditsFen: 1_800, debitsFen: 1_800, lines: 4 },
      },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a sum one fen off',
      aFundFlow(flows, { summary: { 收入金额: '18.01' } }),
      '收入金额 says 18.01, the lines make 18.00.',
    ],
    [
      'a wrong number of lines',
      aFundFlow(flows, { summary: { 资金流水总笔数: '5' } }),
      '资金流水总笔数 says 5, there are 4.',
    ],
    ['a line left out', aFundFlow(flows).replace(/.*退款.*\r\n/, ''), 'it closes with'],
    [
      'another day',
      aFundFlow([...flows, { at: '2026-11-03 00:00:00' }]),
      'it is of 2026-11-03, the bill of 2026-11-02.',
    ],
    [
      'a fraction of a fen',
      aFundFlow(flows).replace('`18.00,', '`18.00500,'),
      '18.00500 is not an amount in whole fen',
    ],
  ])('with %s is refused', (_name, text, reason) =>
    expect(JSON.stringify(refusal(() => read(new WechatFundFlowReader(), text)).details.errors)).toContain(
      reason,
    ),
  );

  it('of an empty day needs its day, and without its end it is cut off', () => {
    expect(refusal(() => read(new WechatFundFlowReader(), aFundFlow([]))).code).toBe('bill_day_missing');
    expect(read(new WechatFundFlowReader('2026-11-02'), aFundFlow([])).facts[0]).toMatchObject({
      lines: 0,
      openingFen: null,
    });
    expect(
      refusal(() => read(new WechatFundFlowReader(), aFundFlow(flows).split('资金流水总')[0])).code,
    ).toBe('file_truncated');
  });
});
