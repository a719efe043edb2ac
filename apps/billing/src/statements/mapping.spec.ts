import { checkMapping, dayOf, MappedReader, type Mapping } from './mapping';
import { aBankCsv, BANK_MAPPING, readTable as read, refusalOf as refusal } from './statements.examples';

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

  it.each(['', '货'])('a direction that is neither of two words is refused: “%s”', (word) => {
    const columns = { day: '日', amount: '额', direction: '借贷' };
    const reader = new MappedReader({ columns, dayOrder: 'ymd', creditWord: '贷' });
    const text = `日,额,借贷\n2026-11-02,5.00,借\n2026-11-02,5.00,${word}\n`;
    const { errors } = refusal(() => read(reader, text)).details as { errors: { field: string }[] };
    expect(errors).toMatchObject([{ field: 'line 3' }]);
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
