import { sha256Hex } from '@doorstep/kernel';
import { type Billing, startBilling } from '../billing.harness';
import { originalsOf } from '../faults.harness';
import { anAlipayBill, aZip, detail, inGbk, refundDetail } from './alipay-bill.examples';
import { aBill, line } from './wechat-bill.examples';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

const upload = (content: string | Buffer, type = 'text/csv') =>
  billing
    .as(billing.finance)
    .post('/v1/settlement-files?channel=alipay')
    .set('content-type', type)
    .send(content);
/** Everything that an upload may leave behind. */
async function traces(): Promise<object> {
  const { rows } = await billing.db.query(
    `SELECT (SELECT count(*)::int FROM settlement_file) AS files, (SELECT count(*)::int FROM settlement_line) AS lines,
            (SELECT count(*)::int FROM settlement_staging) AS staged`,
  );
  return { ...rows[0], disk: await originalsOf(billing) };
}

describe('an Alipay bill', () => {
  const bill = (day: string): string =>
    anAlipayBill({
      day,
      lines: [detail({ at: `${day} 09:00:00` }), refundDetail({ at: `${day} 09:00:00` })],
    });
  const archive = (content: Buffer): Buffer =>
    aZip([
      { name: inGbk('2088_业务明细(汇总).csv'), content: inGbk('#支付宝业务汇总查询') },
      { name: inGbk('2088_业务明细.csv'), content },
    ]);

  it('is taken as it comes, in GBK inside of an archive, and its original is the archive', async () => {
    const zip = archive(inGbk(bill('2026-08-01')));
    const { body } = await upload(zip, 'application/zip').expect(201);
    expect(body).toMatchObject({
      ...{
        channel: 'alipay',
        layout: 'alipay_business_detail',
        billDay: '2026-08-01',
        lines: 2,
        bytes: zip.length,
      },
      ...{ paymentsFen: 1800, refundsFen: 500, feesFen: 8, sha256: sha256Hex(zip) },
    });
    const { body: lines } = await billing
      .as(billing.finance)
      .get(`/v1/settlement-files/${body.id}/lines`)
      .expect(200);
    expect(
      lines.items.map(({ merchantOrderNo, kind }: Record<string, string>) => [merchantOrderNo, kind]),
    ).toEqual([
      ['DS1', 'payment'],
      ['DS1', 'refund'],
    ]);
  });

  it('may come unpacked, in GBK or UTF-8', async () => {
    await upload(inGbk(bill('2026-08-02'))).expect(201);
    await upload(bill('2026-08-03')).expect(201);
  });

  it.each<[string, () => Buffer, string]>([
    ['cut off', () => archive(inGbk(bill('2026-08-04'))).subarray(0, 400), 'archive_broken'],
    [
      'without a bill',
      () => aZip([{ name: 'readme.txt', content: Buffer.from('x') }]),
      'archive_without_bill',
    ],
    [
      'with two bills',
      () => aZip(['a', 'b'].map((name) => ({ name: `${name}.csv`, content: inGbk(bill('2026-08-04')) }))),
      'archive_without_bill',
    ],
    ['that is a bomb', () => aZip([{ name: 'a.csv', content: Buffer.alloc(80 * 1024 ** 2) }]), 'file_broken'],
    ['of another channel', () => archive(Buffer.from(aBill({ lines: [line({})] }))), 'file_not_recognised'],
    [
      'of bytes that are no text',
      () => archive(Buffer.concat([inGbk('#支付宝业务明细查询\r\n'), Buffer.from([0x80, 0xff, 0xff, 0x0a])])),
      'file_encoding',
    ],
  ])('in an archive %s is refused and leaves nothing', async (_name, bytes, code) => {
    const before = await traces();
    const { body } = await upload(bytes(), 'application/zip').expect(422);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
    expect(await traces()).toEqual(before);
  });
});
