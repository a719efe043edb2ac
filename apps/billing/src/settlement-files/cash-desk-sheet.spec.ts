import { readTable as read, refusalOf as refusal } from '../statements/statements.examples';
import { CashDeskSheetReader } from './cash-desk-sheet';

describe("a cash desk's sheet", () => {
  const sheet = (total = '合计,2,18.00,5.00', more = ''): string =>
    `收银台,S-1\n日期,2026-11-02\n单号,时间,类型,金额,退款单号,备注\nDS1,11:15:00,收款,18.00,,\nDS0,11:40,退款,5.00,R17,\n${more}${total}\n`;

  it('is a bill like the channels’ own', () => {
    const { lines, facts } = read(new CashDeskSheetReader(), sheet());
    expect(lines).toMatchObject([
      {
        kind: 'payment',
        merchantOrderNo: 'DS1',
        amountFen: 1_800,
        feeFen: 0,
        at: '2026-11-02T11:15:00+08:00',
      },
      { kind: 'refund', merchantOrderNo: 'DS0', merchantRefundNo: 'R17', amountFen: 500 },
    ]);
    expect(facts).toMatchObject({
      merchantNo: 'S-1',
      billDay: '2026-11-02',
      paymentsFen: 1_800,
      refundsFen: 500,
    });
  });

  it.each([
    ['totals one fen off', sheet('合计,2,18.01,5.00'), '合计 says 18.01, the lines make 18.00.'],
    [
      'a negative amount',
      sheet('合计,2,18.00,5.00', 'DS2,11:15,收款,-1.00,,\n'),
      '金额 -1.00 is not an amount',
    ],
    [
      'a refund without number',
      sheet('合计,2,18.00,5.00', 'DS2,11:15,退款,1.00,,\n'),
      'without a refund number',
    ],
  ])('with %s is refused', (_name, text, reason) =>
    expect(JSON.stringify(refusal(() => read(new CashDeskSheetReader(), text)).details.errors)).toContain(
      reason,
    ),
  );

  it('without its totals is cut off', () =>
    expect(refusal(() => read(new CashDeskSheetReader(), sheet(''))).code).toBe('file_truncated'));
});
