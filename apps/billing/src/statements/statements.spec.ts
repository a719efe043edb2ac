import { newId } from '@doorstep/kernel';
import { anOwner } from '@doorstep/testing';
import writeXlsxFile from 'write-excel-file/node';
import { type Billing, startBilling } from '../billing.harness';
import { originalsOf } from '../faults.harness';
import { aZip, inGbk } from '../settlement-files/alipay-bill.examples';
import { aBankCsv, aCamt053, aFundFlow, BANK_MAPPING } from './statements.examples';

let billing: Billing;
let bank: string;
beforeAll(async () => {
  billing = await startBilling();
  bank = await anAccount({ accountNo: '1001200109' });
});
afterAll(() => billing?.stop());

async function anAccount(changes: Record<string, unknown> = {}): Promise<string> {
  const code = `a-${newId().slice(-8)}`;
  const body = { code, name: '基本户', kind: 'bank', accountNo: code, layout: 'camt053', ...changes };
  return (await billing.as(billing.finance).post('/v1/statement-accounts').send(body).expect(201)).body.id;
}
const upload = (accountId: string, content: string | Buffer, more = '', type = 'application/octet-stream') =>
  billing
    .as(billing.finance)
    .post(`/v1/statement-files?accountId=${accountId}${more}`)
    .set('content-type', type)
    .send(Buffer.from(content as string));
async function traces(): Promise<object> {
  const { rows } = await billing.db.query(
    `SELECT (SELECT count(*)::int FROM statement_file) AS files, (SELECT count(*)::int FROM statement) AS statements,
            (SELECT count(*)::int FROM statement_line) AS lines, (SELECT count(*)::int FROM statement_staging) AS staged`,
  );
  return { ...rows[0], disk: await originalsOf(billing) };
}

describe('a bank statement', () => {
  it('comes in with its lines, once, by the id of the first', async () => {
    const xml = aCamt053([
      { openingFen: 100, entries: [{}, {}] },
      { day: '2026-11-03', openingFen: 3_700, entries: [] },
    ]);
    const progressId = newId();
    const { body } = await upload(bank, xml, `&progressId=${progressId}`, 'application/xml').expect(201);
    expect(body).toMatchObject({
      layout: 'camt053',
      lines: 2,
      statements: [{ openingFen: 100, closingFen: 3_700, lines: 2 }, { lines: 0 }],
    });
    const { body: lines } = await billing
      .as(billing.finance)
      .get(`/v1/account-statements/${body.statements[0].id}/lines`)
      .expect(200);
    // Twins on one day stay two.
    expect(lines.items.map(({ amountFen }: { amountFen: number }) => amountFen)).toEqual([1_800, 1_800]);
    const { body: again } = await upload(bank, xml).expect(409);
    expect(again).toMatchObject({ code: 'file_known', details: { statementFileId: body.id } });
    const original = await billing
      .as(billing.finance)
      .get(`/v1/statement-files/${body.id}/original`)
      .expect(200);
    expect(original.body.toString('utf8')).toBe(xml);
    await billing.eventually(async () => {
      const { body: progress } = await billing
        .as(billing.finance)
        .get(`/v1/settlement-files/progress/${progressId}`)
        .expect(200);
      expect(progress).toMatchObject({ stage: 'done', done: 2 });
    });
  });

  it('is refused when a day of the account is there already, from however many hands at once', async () => {
    const account = await anAccount();
    const csv = (text: string): string =>
      aCamt053([{ account: undefined, day: '2026-10-02', entries: [{ text }] }]);
    const own = (text: string) => upload(account, csv(text).replace('1001200109', 'x-own-1'));
    await billing.db.query(`UPDATE statement_account SET account_no = 'x-own-1' WHERE id = $1`, [account]);
    const answers = await Promise.all(['a', 'b', 'c'].map(own));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('statement_days_known');
  });

  it.each<[string, () => string | Buffer, string]>([
    [
      'of somebody else’s account',
      () => aCamt053([{ account: '999', day: '2026-12-01', entries: [{}] }]),
      'account_not_yours',
    ],
    ['one fen off', () => aCamt053([{ day: '2026-12-01', entries: [{}, {}], closingFen: 1 }]), 'file_broken'],
    ['cut off', () => aCamt053([{ day: '2026-12-01', entries: [{}] }]).slice(0, -30), 'file_not_recognised'],
    [
      'with a document type',
      () => aCamt053([{ entries: [{}] }], '<!DOCTYPE x [<!ENTITY a "b">]>'),
      'file_not_recognised',
    ],
  ])('%s is refused and leaves nothing', async (_name, file, code) => {
    const before = await traces();
    expect((await upload(bank, file()).expect(422)).body).toMatchObject({ code, mend: expect.any(String) });
    expect(await traces()).toEqual(before);
  });

  it("is nobody else's business", async () => {
    const stranger = anOwner(newId());
    await billing
      .as(stranger)
      .post(`/v1/statement-files?accountId=${bank}`)
      .set('content-type', 'text/csv')
      .send('x')
      .expect(404);
    expect((await billing.as(stranger).get('/v1/account-statements').expect(200)).body.items).toEqual([]);
  });
});

describe('a mapped statement', () => {
  it('comes as CSV in GBK and as a workbook', async () => {
    const account = await anAccount({ layout: 'mapped', mapping: BANK_MAPPING });
    const csv = inGbk(aBankCsv([['2026-11-02', 178_941, 0, '结算款, 二日', '财付通']]));
    expect((await upload(account, csv, '', 'text/csv').expect(201)).body).toMatchObject({
      lines: 1,
      statements: [{ closingFen: 178_941 }],
    });
    const rows = ['交易日期', '借方发生额', '贷方发生额', '余额', '摘要', '对方户名', '流水号'].map(
      (value) => ({ value, type: String }),
    );
    const line = [
      { value: '2026-11-03', type: String },
      null,
      { value: 0.1 + 0.2, type: Number },
      { value: 1789.71, type: Number },
      ...['利息', '', 'L1'].map((value) => ({ value, type: String })),
    ];
    const book = await writeXlsxFile([rows, line] as never, { sheet: 'x' }).toBuffer();
    expect((await upload(account, book).expect(201)).body).toMatchObject({
      statements: [{ creditsFen: 30, openingFen: 178_941 }],
    });
  });

  it('of days on which nothing happened comes day by day, though its bytes are the same', async () => {
    const account = await anAccount({ layout: 'mapped', mapping: BANK_MAPPING });
    const day = (of: string) => upload(account, aBankCsv([]), `&from=${of}&to=${of}`, 'text/csv');
    expect((await day('2026-11-05').expect(201)).body).toMatchObject({ lines: 0 });
    await day('2026-11-06').expect(201);
    expect((await day('2026-11-06').expect(409)).body.code).toBe('statement_days_known');
  });

  it('in a workbook that is a bomb is stopped', async () => {
    const account = await anAccount({ layout: 'mapped', mapping: BANK_MAPPING });
    const bomb = aZip([{ name: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(80 * 1024 ** 2) }]);
    expect((await upload(account, bomb).expect(422)).body.code).toBe('archive_broken');
  });

  it('needs its mapping', async () => {
    const body = { code: 'x-1', name: 'x', kind: 'bank', accountNo: '12345', layout: 'mapped' };
    expect(
      (await billing.as(billing.finance).post('/v1/statement-accounts').send(body).expect(422)).body.code,
    ).toBe('account_unclear');
  });
});

it("a channel's fund flow and a funder's list come in too", async () => {
  const flow = await anAccount({ kind: 'channel', channel: 'wechat', layout: 'wechat_fund_flow' });
  await upload(
    flow,
    aFundFlow([{}, { type: '提现', direction: '支出', fen: 1_000, voucherNo: 'V1' }]),
  ).expect(201);
  const { funderId } = billing.scene;
  const mapping = { columns: { day: '日期', amount: '金额', referenceNo: '单号' }, dayOrder: 'ymd' };
  const list = await anAccount({ kind: 'funder', funderId, layout: 'mapped', mapping });
  await upload(list, '日期,单号,金额\n2026-11-02,C-1,10.00\n', '', 'text/csv').expect(201);
  await upload(list, '日期,单号,金额\n2026-11-02,C-2,10.00\n', '', 'text/csv').expect(201);
});
