import type { DomainError } from '@doorstep/kernel';
import { Camt053Reader } from './camt053.reader';
import type { Movement, StatementFacts } from './statement';
import { aCamt053 } from './statements.examples';

async function read(
  xml: string | Buffer,
  chunk = 4096,
): Promise<{ lines: Movement[]; statements: StatementFacts[] }> {
  const reader = new Camt053Reader();
  const bytes = Buffer.from(xml);
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  };
  const lines: Movement[] = [];
  for await (const line of reader.read(chunks())) lines.push(line);
  return { lines, statements: reader.finish() };
}
const refusal = async (xml: string | Buffer): Promise<DomainError> => {
  try {
    await read(xml);
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('the statement was taken');
};

describe('a camt.053 message', () => {
  it('is read entry by entry, the sign by CdtDbtInd, whatever the chunks', async () => {
    const xml = aCamt053([
      {
        openingFen: 10_000,
        entries: [
          { fen: 178_941, name: '财付通' },
          { fen: 5_000, sign: 'DBIT', text: '手续费 &amp; 税' },
        ],
      },
    ]);
    for (const chunk of [1, 7, 4096]) {
      const { lines, statements } = await read(xml, chunk);
      expect(lines).toMatchObject([
        {
          statementNo: 0,
          lineNo: 1,
          amountFen: 178_941,
          bookedOn: '2026-11-02',
          counterparty: '财付通',
          referenceNo: null,
        },
        { lineNo: 2, amountFen: -5_000, text: '手续费 & 税' },
      ]);
      expect(statements).toEqual([
        {
          ...{ number: 'S-2026-11-02', accountNo: '1001200109', fromDay: '2026-11-02', toDay: '2026-11-02' },
          ...{ openingFen: 10_000, closingFen: 183_941, creditsFen: 178_941, debitsFen: 5_000, lines: 2 },
        },
      ]);
    }
  });

  it('may hold several statements, of several accounts and days, empty ones too', async () => {
    const { lines, statements } = await read(
      aCamt053([
        { entries: [{}] },
        { day: '2026-11-03', entries: [] },
        { account: '1001200110', entries: [{}, {}] },
      ]),
    );
    expect(lines.map(({ statementNo }) => statementNo)).toEqual([0, 2, 2]);
    expect(statements.map(({ accountNo, lines: n }) => [accountNo, n])).toEqual([
      ['1001200109', 1],
      ['1001200109', 0],
      ['1001200110', 2],
    ]);
  });

  it('has its batches taken apart when their transactions state amounts', async () => {
    const parts = [
      { fen: 1_000, endToEndId: 'C-1' },
      { fen: 800, endToEndId: 'C-2' },
    ];
    const { lines } = await read(aCamt053([{ entries: [{ fen: 1_800, parts }] }]));
    expect(lines.map(({ amountFen, referenceNo }) => [amountFen, referenceNo])).toEqual([
      [1_000, 'C-1'],
      [800, 'C-2'],
    ]);
  });

  it('leaves out what is only announced', async () => {
    const { lines, statements } = await read(aCamt053([{ entries: [{}, { status: 'PDNG' }] }]));
    expect([lines.length, statements[0].closingFen]).toEqual([1, 1_800]);
  });
});

describe('a broken one', () => {
  it.each<[string, string, string]>([
    [
      'a closing balance one fen off',
      aCamt053([{ entries: [{}], closingFen: 1_801 }]),
      'its lines lead to 18.00, but it closes with 18.01',
    ],
    [
      'an amount of a tenth of a fen',
      aCamt053([{ entries: [{ amount: '18.001' }], closingFen: 0 }]),
      '18.001 is not an amount in whole fen',
    ],
    ['an entry of another day', aCamt053([{ entries: [{ day: '2026-11-03' }] }]), 'entries of days outside'],
    [
      'a batch that does not add up',
      aCamt053([
        {
          entries: [
            {
              fen: 1_800,
              parts: [
                { fen: 1, endToEndId: 'a' },
                { fen: 2, endToEndId: 'b' },
              ],
            },
          ],
          closingFen: 0,
        },
      ]),
      'do not make its amount',
    ],
    ['another currency', aCamt053([{ entries: [{}] }]).replace('<Ccy>CNY', '<Ccy>USD'), 'in USD, not CNY'],
  ])('with %s is refused whole, with its line', async (_name, xml, reason) => {
    const { code, message, details } = await refusal(xml);
    expect(code).toBe('file_broken');
    expect(message).toContain(reason);
    expect(details.errors).toHaveLength(1);
  });

  const bomb = `<!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  it.each<[string, string | Buffer]>([
    ['entities that multiply', aCamt053([{ entries: [{ text: '&b;' }] }], bomb)],
    [
      'an entity from a file',
      aCamt053([{ entries: [{ text: '&x;' }] }], '<!DOCTYPE D [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    ],
    ['an undeclared entity', aCamt053([{ entries: [{ text: '&x;' }] }])],
    ['its end missing', aCamt053([{ entries: [{}] }]).slice(0, -40)],
    ['another message inside', aCamt053([]).replaceAll('BkToCstmrStmt', 'CstmrCdtTrfInitn')],
    ['no statement', aCamt053([])],
    ['endless text', aCamt053([{ entries: [{ text: 'x'.repeat(3_000_000) }] }])],
    ['endless nesting', `<Document>${'<a>'.repeat(200)}`],
    ['another encoding', aCamt053([{ entries: [{}] }]).replace('UTF-8', 'GBK')],
    ['nothing', ''],
  ])('with %s is not recognised', async (_name, xml) =>
    expect(await refusal(xml)).toMatchObject({
      code: 'file_not_recognised',
      details: { mend: expect.stringContaining('GET /v1/statement-accounts') },
    }),
  );

  it('in GBK bytes is refused for its encoding', async () => {
    const xml = Buffer.concat([
      Buffer.from(aCamt053([{ entries: [{}] }]).slice(0, 200)),
      Buffer.from([0xb2, 0xc6]),
    ]);
    expect((await refusal(xml)).code).toBe('file_encoding');
  });
});
