import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@doorstep/kernel';
import { PeriodicRunner } from '@doorstep/platform';
import { anOwner } from '@doorstep/testing';
import { type Billing, aResident, DAY, delivered, held, setPrice, startBilling } from '../billing.harness';

let billing: Billing;
let invoiceId: string;
const finance = () => billing.as(billing.finance);
const carry = () => billing.running.app.get(PeriodicRunner).runNow('carry fapiao');
const drop = (name: string) => join(billing.storageDir, 'fapiao', name);
const answer = (name: string, body: unknown) =>
  writeFile(join(drop('answers'), name), typeof body === 'string' ? body : JSON.stringify(body));
const find = async (id: string) => (await finance().get(`/v1/fapiao/${id}`).expect(200)).body;

beforeAll(async () => {
  billing = await startBilling({ PERIODIC: 'false' });
  await setPrice(billing);
  const resident = aResident(billing.scene);
  const booking = held(billing.scene, resident.residentId);
  await billing.deliver(resident);
  await billing.deliver(booking);
  await billing.deliver(delivered(booking));
  const run = { contractId: billing.scene.contractId, period: DAY.slice(0, 7) };
  await finance().post('/v1/invoices/issue').send(run).expect(200);
  invoiceId = (await finance().get('/v1/invoices').expect(200)).body.items[0].id;
});
afterAll(() => billing?.stop());

describe('a fapiao', () => {
  let blue: string;

  it('is asked for once, and handed over as a file without anybody’s name', async () => {
    const { body } = await finance().post('/v1/fapiao').send({ invoiceId }).expect(201);
    blue = body.id;
    expect(body).toMatchObject({ colour: 'blue', status: 'requested', amountFen: 1800, buyerTitle: '个人' });
    expect((await finance().post('/v1/fapiao').send({ invoiceId }).expect(409)).body.code).toBe(
      'fapiao_stands',
    );
    await carry();
    await carry();
    expect(await readdir(drop('requests'))).toEqual([`${blue}.json`]);
    const request = JSON.parse(await readFile(join(drop('requests'), `${blue}.json`), 'utf8'));
    expect(request).toMatchObject({ id: blue, amountYuan: '18.00', invoiceNumber: 'INV-2026-000001' });
    expect((await find(blue)).status).toBe('handed_over');
  });

  it('is issued by the platform’s answer; what can’t be read or doesn’t fit is set aside', async () => {
    const issued = { id: blue, outcome: 'issued', fapiaoNumber: '26312000000012345678', issuedOn: DAY };
    await answer('1.json', issued);
    await answer('2.json', '{"id": "');
    await answer('3.json', { ...issued, id: newId() });
    await answer('4.json', issued);
    await answer('ignored.txt', 'x');
    await carry();
    expect(await find(blue)).toMatchObject({ status: 'issued', fapiaoNumber: '26312000000012345678' });
    expect(await readdir(drop('answers'))).toEqual(['ignored.txt']);
    expect((await readdir(drop('faulty'))).sort()).toEqual(['2.json']);
    expect((await readdir(drop('done'))).sort()).toEqual(['1.json', '3.json', '4.json']);
  });

  it('keeps its invoice from being withdrawn until red ones have taken it back, part by part', async () => {
    const kept = await finance().post(`/v1/invoices/${invoiceId}/void`).send({ reason: 'x' }).expect(409);
    expect(kept.body.code).toBe('fapiao_stands');
    const reverse = (body: object, expected = 201) =>
      finance().post(`/v1/fapiao/${blue}/reverse`).send(body).expect(expected);
    const { body: first } = await reverse({ amountFen: 800, reason: '部分退款' });
    expect(first).toMatchObject({ colour: 'red', reversesId: blue, amountFen: 800 });
    expect((await reverse({ amountFen: 1001, reason: 'x' }, 409)).body.code).toBe('reversal_exceeds_fapiao');
    await finance().post(`/v1/fapiao/${first.id}/rejected`).send({ reason: '平台维护' }).expect(200);
    const { body: whole } = await reverse({ reason: '服务中止' });
    expect(whole.amountFen).toBe(1800);
    expect((await reverse({ reason: 'x' }, 409)).body.code).toBe('reversal_exceeds_fapiao');
    await carry();
    const request = JSON.parse(await readFile(join(drop('requests'), `${whole.id}.json`), 'utf8'));
    expect(request).toMatchObject({ amountYuan: '-18.00', reversesNumber: '26312000000012345678' });
    const taken = { fapiaoNumber: '26312000000012345678', issuedOn: DAY };
    const twice = await finance().post(`/v1/fapiao/${whole.id}/issued`).send(taken).expect(409);
    expect(twice.body.code).toBe('fapiao_number_taken');
    await answer('5.json', {
      id: whole.id,
      outcome: 'issued',
      fapiaoNumber: '26312000000012345679',
      issuedOn: DAY,
    });
    await carry();
    expect((await find(blue)).status).toBe('reversed');
    await finance().post(`/v1/invoices/${invoiceId}/void`).send({ reason: '服务中止' }).expect(200);
  });

  it('is nobody else’s to see', async () => {
    const { body } = await billing.as(anOwner(newId())).get('/v1/fapiao').expect(200);
    expect(body.items).toEqual([]);
  });
});
