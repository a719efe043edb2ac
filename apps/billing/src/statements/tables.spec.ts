import type { DomainError } from '@doorstep/kernel';
import { recordsOf } from '../settlement-files/bill-stream';
import { CashDeskSheetReader } from '../settlement-files/cash-desk-sheet';
import { checkMapping, dayOf, MappedReader, type Mapping } from './mapping';
import { aBankCsv, aFundFlow, BANK_MAPPING } from './statements.examples';
import { WechatFundFlowReader } from './wechat-fund-flow';

interface Reader<L, F> {
  delimiter?: string;
  read(fields: string[], lineNo: number): L | undefined;
  finish(): F;
}

function read<L, F>(reader: Reader<L, F>, text: string): { lines: L[]; facts: F } {
  const records = recordsOf(text, reader.delimiter ?? ',').map((cells) =>
    cells.map((cell) => cell.replaceAll('"', '').trim()),
  );
  const lines = records.flatMap((record, i) =>
    record.join('') === '' ? [] : (reader.read(record, i + 1) ?? []),
  );
  return { lines, facts: reader.finish() };
}
function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('the file was taken');
}

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

describe('a mapped statement', () => {
  it('is read by the names of its columns, below its letterhead and above its sums', () => {
    const csv = aBankCsv(
      [
        ['2026-11-02', 178_941, 0, '结算款', '财付通'],
        ['2026-11-03', 0, 500, '退款', '王某'],
      ],
      1_000,
    );
    const { lines, facts } = read(new MappedReader(BANK_MAPPING), csv);
    expect(lines).toMatchObject([
      {
        lineNo: 4,
        bookedOn: '2026-11-02',
        amountFen: 178_941,
        balanceFen: 179_941,
        counterparty: '财付通',
        bankRef: 'L0',
      },
      { lineNo: 5, amountFen: -500, text: '退款' },
    ]);
    expect(facts[0]).toMatchObject({
      openingFen: 1_000,
      closingFen: 179_441,
      fromDay: '2026-11-02',
      toDay: '2026-11-03',
    });
  });

  it('may have one amount with a word for its direction, the newest line first', () => {
    const mapping: Mapping = {
      columns: { day: '日', amount: '额', direction: '借贷', balance: '余' },
      dayOrder: 'dmy',
      creditWord: '贷',
      newestFirst: true,
    };
    const { lines, facts } = read(
      new MappedReader(mapping),
      '日,额,借贷,余\n03/11/2026,5.00,借,95.00\n02.11.2026,100.00,贷,100.00\n',
    );
    expect(lines.map(({ amountFen }) => amountFen)).toEqual([-500, 10_000]);
    expect(facts[0]).toMatchObject({ openingFen: 0, closingFen: 9_500 });
  });

  it.each<[string, string, string]>([
    [
      'a balance that does not follow',
      aBankCsv([['2026-11-02', 100, 0, '', '']])
        .replace(',1.00,"', ',1.01,"')
        .concat('20261103,,1.00,2.00,,,\n'),
      'it closes with',
    ],
    ['both columns filled', aBankCsv([['2026-11-02', 100, 100, '', '']]), 'it fills both or none'],
    ['an impossible day', aBankCsv([['2026-02-30', 100, 0, '', '']]), '20260230 is not a day'],
  ])('with %s is refused', (_name, text, reason) =>
    expect(
      JSON.stringify(refusal(() => read(new MappedReader(BANK_MAPPING), text)).details.errors),
    ).toContain(reason),
  );

  it('needs a mapping that says what moved', () => {
    expect(refusal(() => checkMapping({ columns: { day: 'd' }, dayOrder: 'ymd' })).code).toBe(
      'mapping_unclear',
    );
    expect(
      refusal(() => checkMapping({ columns: { day: 'd', amount: 'a', direction: 'x' }, dayOrder: 'ymd' }))
        .code,
    ).toBe('mapping_unclear');
    expect(() => checkMapping(BANK_MAPPING)).not.toThrow();
  });

  it.each([
    ['20261102', 'ymd', '2026-11-02'],
    ['2026/11/2 10:15', 'ymd', '2026-11-02'],
    ['2.11.2026', 'dmy', '2026-11-02'],
    ['11/02/2026', 'mdy', '2026-11-02'],
    ['2026-13-01', 'ymd', undefined],
    ['x', 'ymd', undefined],
  ] as const)('%s in the order %s is %s', (text, order, day) => expect(dayOf(text, order)).toBe(day));
});

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
