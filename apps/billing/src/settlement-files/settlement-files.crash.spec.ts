import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newId } from '@doorstep/kernel';
import { IDENTITY_HEADER, PeriodicRunner } from '@doorstep/platform';
import { signTestIdentity } from '@doorstep/testing';
import { request } from 'undici';
import { type Billing, startBilling } from '../billing.harness';
import { meeting, originalsOf, POWER_CUT } from '../faults.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';
import { aBill, line } from './wechat-bill.examples';

/* What is left when the database breaks off in the middle: nothing, and the same again goes through, once. */

let billing: Billing;
beforeAll(async () => {
  billing = await startBilling();
});
afterAll(() => billing?.stop());

const call = () => billing.as(billing.finance);
const upload = (text: string) =>
  call().post('/v1/settlement-files?channel=wechat').set('content-type', 'text/csv').send(text);
const bill = (day: string) =>
  aBill({ lines: [1, 2, 3].map((n) => line({ order: `DS${n}`, at: `${day} 10:00:00` })) });

async function traces(): Promise<object> {
  const tables =
    'settlement_file, settlement_line, settlement_staging, reconciliation, settlement_allocation, ledger_entry, statement_line, statement_staging, ledger_period, period_act';
  const counts = tables.split(', ').map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  const { rows } = await billing.db.query(`SELECT ${counts.join(', ')}`);
  return { ...rows[0], disk: await originalsOf(billing) };
}

it('an import whose connection is cut in the middle of the COPY leaves nothing, and goes through the second time', async () => {
  const before = await traces();
  await meeting(billing, 'settlement_staging', 'PERFORM pg_sleep(20)', async () => {
    const uploading = upload(bill('2026-09-01')).then(({ status }) => status);
    await billing.eventually(async () => {
      const { rows } = await billing.db.query(
        `SELECT pg_terminate_backend(pid) AS cut FROM pg_stat_activity WHERE query LIKE 'COPY settlement_staging%' AND datname = current_database()`,
      );
      expect(rows).toEqual([{ cut: true }]);
    });
    expect(await uploading).toBeGreaterThanOrEqual(500);
  });
  expect(await traces()).toEqual(before);
  await upload(bill('2026-09-01')).expect(201);
  await upload(bill('2026-09-01')).expect(409);
});

it('an upload of any size goes to the disk as it comes, and leaves nothing when its sender goes away', async () => {
  const before = await traces();
  const incoming = join(billing.storageDir, 'incoming');
  const chunk = Buffer.alloc(1024 ** 2, `${line({ order: 'DS1', at: '2026-09-01 10:00:00' })}\r\n`);
  const arrived = async (): Promise<number> => {
    const names = await readdir(incoming).catch(() => []);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(incoming, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0) / chunk.length;
  };
  let underWay = 0;
  const bill = async function* () {
    for (let sent = 0; sent < 200; sent++) {
      underWay = Math.max(underWay, sent - (await arrived()));
      yield chunk;
    }
    throw new Error('the sender goes away');
  };
  const sending = request(`${billing.url}/v1/settlement-files?channel=wechat`, {
    method: 'POST',
    body: Readable.from(bill()),
    headers: { 'content-type': 'text/csv', [IDENTITY_HEADER]: signTestIdentity(billing.finance) },
  });
  await expect(sending).rejects.toThrow('the sender goes away');
  // In megabytes: what sockets and streams hold, and no more.
  expect(underWay).toBeLessThan(40);
  await billing.eventually(async () => expect(await traces()).toEqual(before));
  await billing.eventually(async () => expect(await arrived()).toBe(0));
});

it.each(['settlement_file', 'settlement_line'])(
  'an import that breaks at %s leaves nothing',
  async (table) => {
    const before = await traces();
    await meeting(billing, table, POWER_CUT, () => upload(bill('2026-09-02')).expect(500));
    expect(await traces()).toEqual(before);
  },
);

it('what a process left behind that died while reading is swept away, and what is under way stays', async () => {
  const before = await traces();
  const stage = (uploadId: string, hours: number) =>
    billing.db.query(
      `INSERT INTO settlement_staging (upload_id, staged_at, line_no, kind, at, channel_order_no, merchant_order_no, amount_fen,
         order_fen, fee_fen) VALUES ($1, now() - $2 * interval '1 hour', 2, 'payment', now(), '42', 'DS1', 1, 1, 0)`,
      [uploadId, hours],
    );
  const [old, fresh] = [newId(), newId()];
  const [oldFile, freshFile] = [old, fresh].map((name) => join(billing.storageDir, 'incoming', name));
  await Promise.all([stage(old, 7), stage(fresh, 1), writeFile(oldFile, 'x'), writeFile(freshFile, 'x')]);
  await utimes(oldFile, 0, 0);
  const runner = billing.running.app.get(PeriodicRunner);
  await runner.runNow('clear abandoned staging');
  await runner.runNow('discard unfinished uploads');
  const { rows } = await billing.db.query('SELECT upload_id AS id FROM settlement_staging');
  expect(rows).toEqual([{ id: fresh }]);
  expect(await readdir(join(billing.storageDir, 'incoming'))).toEqual([fresh]);
  await billing.db.query('DELETE FROM settlement_staging');
  await rm(freshFile);
  expect(await traces()).toEqual(before);
});

it('a reconciliation that breaks at its last word is as if it had not been, and is done once', async () => {
  const { body: file } = await upload(bill('2026-09-03')).expect(201);
  const reconcile = () => call().post('/v1/reconciliations').send({ settlementFileId: file.id });
  const before = await traces();
  await meeting(billing, 'reconciliation', POWER_CUT, () => reconcile().expect(500));
  expect(await traces()).toEqual(before);
  const answers = await Promise.all([1, 2, 3].map(() => reconcile()));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

it('a closing that breaks leaves the month open', async () => {
  billing.clock.set('2026-10-02T00:00:00Z');
  const body = { contractId: billing.scene.contractId, period: '2026-08' };
  const close = () => call().post('/v1/periods/close').send(body);
  const before = await traces();
  await meeting(billing, 'period_act', POWER_CUT, () => close().expect(500));
  expect(await traces()).toEqual(before);
  await close().expect(200);
});

it('a statement that breaks while it is taken over leaves nothing', async () => {
  const account = {
    code: 'icbc',
    name: 'x',
    kind: 'bank',
    accountNo: '1001',
    layout: 'mapped',
    mapping: BANK_MAPPING,
  };
  const { body } = await call().post('/v1/statement-accounts').send(account).expect(201);
  const send = () =>
    call()
      .post(`/v1/statement-files?accountId=${body.id}`)
      .set('content-type', 'text/csv')
      .send(aBankCsv([['2026-09-01', 100, 0, 'x', 'y']]));
  const before = await traces();
  await meeting(billing, 'statement_line', POWER_CUT, () => send().expect(500));
  expect(await traces()).toEqual(before);
  await send().expect(201);
});
