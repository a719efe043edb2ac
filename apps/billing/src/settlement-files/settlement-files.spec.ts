import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId, sha256Hex } from '@doorstep/kernel';
import { anOwner, aSiteManager } from '@doorstep/testing';
import { type Billing, DAY, startBilling } from '../billing.harness';
import { meeting } from '../faults.harness';
import { aBill, HEADERS, line, refundLine } from './wechat-bill.examples';

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

const upload = (
  content: string | Buffer,
  query = 'channel=wechat',
  type = 'text/csv',
  actor = billing.finance,
) => billing.as(actor).post(`/v1/settlement-files?${query}`).set('content-type', type).send(content);
const counts = async () => {
  const { rows } = await billing.db.query(
    `SELECT (SELECT count(*)::int FROM settlement_file) AS files, (SELECT count(*)::int FROM settlement_line) AS lines,
            (SELECT count(*)::int FROM settlement_staging) AS staged`,
  );
  return rows[0];
};
const onDisk = async (): Promise<string[]> =>
  (await readdir(billing.storageDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A bill of a day of its own, so that specs don't meet. */
let days = 0;
function aBillOfADay(lines: (day: string) => string[]): { text: string; day: string } {
  const day = `2026-10-${String(++days).padStart(2, '0')}`;
  return { text: aBill({ lines: lines(`${day} 09:00:00`) }), day };
}

describe('a whole bill', () => {
  it('is taken over line by line, and its original kept by its SHA-256', async () => {
    const { text, day } = aBillOfADay((at) => [line({ at }), refundLine({ at, order: 'DS0' })]);
    const { body } = await upload(text).expect(201);
    expect(body).toMatchObject({
      ...{
        channel: 'wechat',
        layout: 'wechat_trade_bill',
        part: 'all',
        merchantNo: '1900000109',
        billDay: day,
        siteId: null,
      },
      ...{
        lines: 2,
        paymentsFen: 1800,
        refundsFen: 500,
        feesFen: 8,
        status: 'imported',
        bytes: Buffer.byteLength(text),
      },
      sha256: sha256Hex(text),
      summary: { 总交易单数: '2', 应结订单总金额: '18.00', 退款总金额: '5.00' },
    });
    const { body: lines } = await billing
      .as(billing.finance)
      .get(`/v1/settlement-files/${body.id}/lines`)
      .expect(200);
    expect(lines.items).toMatchObject([
      {
        lineNo: 2,
        kind: 'payment',
        merchantOrderNo: 'DS1',
        amountFen: 1800,
        feeFen: 11,
        ratePpm: 6000,
        paymentId: null,
      },
      {
        lineNo: 3,
        kind: 'refund',
        merchantOrderNo: 'DS0',
        merchantRefundNo: 'R1',
        amountFen: 500,
        feeFen: -3,
      },
    ]);
    expect(await readFile(join(billing.storageDir, billing.scene.operatorId, body.sha256), 'utf8')).toBe(
      text,
    );
    const original = await billing
      .as(billing.finance)
      .get(`/v1/settlement-files/${body.id}/original`)
      .expect(200);
    expect(original.body.toString('utf8')).toBe(text);
    expect((await counts()).staged).toBe(0);
  });

  it('is taken as octets too, and pages through its lines', async () => {
    const { text } = aBillOfADay((at) => Array.from({ length: 5 }, (_, i) => line({ at, order: `DS${i}` })));
    const { body } = await upload(Buffer.from(text), 'channel=wechat', 'application/octet-stream').expect(
      201,
    );
    const path = `/v1/settlement-files/${body.id}/lines?limit=3`;
    const { body: first } = await billing.as(billing.finance).get(path).expect(200);
    const { body: second } = await billing
      .as(billing.finance)
      .get(`${path}&cursor=${first.nextCursor}`)
      .expect(200);
    expect([...first.items, ...second.items].map(({ lineNo }: { lineNo: number }) => lineNo)).toEqual([
      2, 3, 4, 5, 6,
    ]);
    const { body: list } = await billing
      .as(billing.finance)
      .get('/v1/settlement-files?channel=wechat')
      .expect(200);
    expect(list.items.map(({ id }: { id: string }) => id)).toContain(body.id);
  });

  it('of an empty day needs its day', async () => {
    const text = aBill({ lines: [] });
    expect((await upload(text).expect(422)).body.code).toBe('bill_day_missing');
    const { body } = await upload(text, 'channel=wechat&billDay=2026-09-01').expect(201);
    expect(body).toMatchObject({ lines: 0, paymentsFen: 0, billDay: '2026-09-01' });
    // The same bytes are the bill of another empty day, too.
    await upload(text, 'channel=wechat&billDay=2026-09-02').expect(201);
    expect((await upload(text, 'channel=wechat&billDay=2026-09-02').expect(409)).body.code).toBe(
      'file_known',
    );
  });
});

describe('the same again', () => {
  it('is refused with the id of the first, from however many hands at once', async () => {
    const { text } = aBillOfADay((at) => [line({ at })]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(text)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const id = answers.find(({ status }) => status === 201)?.body.id;
    const { body } = await upload(text).expect(409);
    expect(body).toMatchObject({ code: 'file_known', details: { settlementFileId: id } });
  });

  it('under the same Idempotency-Key gets the first answer, with another file it is refused', async () => {
    const { text } = aBillOfADay((at) => [line({ at })]);
    const key = newId();
    const first = await upload(text).set('idempotency-key', key).expect(201);
    const again = await upload(text).set('idempotency-key', key).expect(201);
    expect(again.body).toEqual(first.body);
    const { text: other } = aBillOfADay((at) => [line({ at })]);
    expect((await upload(other).set('idempotency-key', key).expect(409)).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  it('of one day in another file is refused with the id of the first', async () => {
    const { text, day } = aBillOfADay((at) => [line({ at })]);
    const { body: first } = await upload(text).expect(201);
    const other = aBill({ lines: [line({ at: `${day} 10:00:00`, order: 'DS9' })] });
    const { body } = await upload(other).expect(409);
    expect(body).toMatchObject({ code: 'bill_of_day_known', details: { settlementFileId: first.id } });
    const another = aBill({ lines: [line({ at: `${day} 10:00:00`, merchant: '1900000110' })] });
    await upload(another).expect(201);
  });

  it('of one day as a whole and in part is taken once, whoever comes at the same moment', async () => {
    const { text, day } = aBillOfADay((at) => [line({ at })]);
    const payments = aBill({ columns: HEADERS.success, lines: [line({ at: `${day} 09:00:00` })] });
    const answers = await meeting(billing, 'settlement_file', 'PERFORM pg_sleep(0.3)', () =>
      Promise.all([text, payments].map((bill) => upload(bill))),
    );
    expect(answers.map(({ status, body }) => `${status} ${body.code}`).sort()).toEqual([
      '201 undefined',
      '409 bill_of_day_known',
    ]);
  });

  it('by another tenant is that tenant’s own', async () => {
    const { text } = aBillOfADay((at) => [line({ at })]);
    const { body } = await upload(text).expect(201);
    const stranger = anOwner(newId());
    const { body: theirs } = await upload(text, 'channel=wechat', 'text/csv', stranger).expect(201);
    expect(theirs.id).not.toBe(body.id);
    await billing.as(stranger).get(`/v1/settlement-files/${body.id}`).expect(404);
    await billing.as(stranger).get(`/v1/settlement-files/${body.id}/lines`).expect(404);
    await billing.as(stranger).get(`/v1/settlement-files/${body.id}/original`).expect(404);
    expect((await billing.as(stranger).get('/v1/settlement-files').expect(200)).body.items).toHaveLength(1);
  });
});

describe('a broken file', () => {
  const good = aBill({ lines: [line({}), line({ order: 'DS2' })] });
  it.each<[string, string | Buffer, number, string]>([
    [
      'a summary one fen off',
      aBill({ lines: [line({})], summary: { 应结订单总金额: '18.01' } }),
      422,
      'file_broken',
    ],
    ['no summary', good.split('\r\n').slice(0, 3).join('\r\n'), 422, 'file_truncated'],
    ['half a line at its end', good.slice(0, good.length / 2), 422, 'file_truncated'],
    ['nothing in it', '', 422, 'file_not_recognised'],
    ['another layout', '#支付宝业务明细查询\n', 422, 'file_not_recognised'],
    [
      'another encoding',
      Buffer.from(good.replace(/[^\x20-\x7e\r\n]/g, '\xff'), 'latin1'),
      422,
      'file_encoding',
    ],
    ['one endless line', `${'x'.repeat(200_000)}`, 422, 'file_broken'],
    ['zeros', Buffer.alloc(5000), 422, 'file_not_recognised'],
  ])('with %s is refused whole and leaves nothing', async (_name, content, status, code) => {
    const before = { ...(await counts()), disk: await onDisk() };
    const { body } = await upload(content).expect(status);
    expect(body).toMatchObject({ code, mend: expect.any(String) });
    expect({ ...(await counts()), disk: await onDisk() }).toEqual(before);
  });

  it('names its lines', async () => {
    const { body } = await upload(
      aBill({ lines: [line({}), line({ amount: 'x', order: 'DS2' }), line({ fee: '?' })] }),
    ).expect(422);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['line 3', 'line 4']);
  });
});

describe('bad requests', () => {
  it('are refused', async () => {
    const { text } = aBillOfADay((at) => [line({ at })]);
    expect((await upload(text, 'channel=paypal').expect(400)).body.code).toBe('validation_failed');
    expect((await upload(text, '').expect(400)).body.code).toBe('validation_failed');
    expect((await upload(text, 'channel=wechat&billDay=yesterday').expect(400)).body.code).toBe(
      'validation_failed',
    );
    expect((await upload(text, `channel=wechat&siteId=${newId()}`).expect(404)).body.code).toBe(
      'site_not_found',
    );
    await upload(text, 'channel=wechat', 'application/json').expect(415);
    await upload(text, 'channel=wechat', 'text/csv', aSiteManager(billing.scene.operatorId, [])).expect(403);
    await billing.anonymous
      .post('/v1/settlement-files?channel=wechat')
      .set('content-type', 'text/csv')
      .send(text)
      .expect(401);
    await upload(text, `channel=wechat&siteId=${billing.scene.siteId}`).expect(201);
  });
});

describe('a large bill', () => {
  it('of 20,000 lines, many chunks of the stream, comes in line by line, and Postgres knows of it', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      line({ order: `L${i}`, channelOrder: `42${i}`, at: `${DAY} 12:00:00` }),
    );
    const { body } = await upload(aBill({ lines })).expect(201);
    expect(body).toMatchObject({ lines: 20_000, paymentsFen: 20_000 * 1800 });
    const { rows } = await billing.db.query(
      `SELECT count(*)::int AS lines, count(DISTINCT merchant_order_no)::int AS numbers, max(line_no)::int AS last
       FROM settlement_line WHERE file_id = $1`,
      [body.id],
    );
    expect(rows).toEqual([{ lines: 20_000, numbers: 20_000, last: 20_001 }]);
    const { rows: statistics } = await billing.db.query(
      `SELECT most_common_vals::text LIKE '%' || $1 || '%' AS known FROM pg_stats
       WHERE tablename = 'settlement_line' AND attname = 'file_id'`,
      [body.id],
    );
    expect(statistics).toEqual([{ known: true }]);
  });
});
