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

describe('what fapiao say too much', () => {
  const period = DAY.slice(0, 7);
  const run = () => ({ contractId: billing.scene.contractId, period });
  const excesses = async (query = '') =>
    (await finance().get(`/v1/fapiao/excesses?limit=50${query}`).expect(200)).body.items;
  const warned = async () => {
    const query = `contractId=${run().contractId}&period=${period}`;
    const { body } = await finance().get(`/v1/periods/checklist?${query}`).expect(200);
    return body.checks.find(({ name }: { name: string }) => name === 'fapiao_true');
  };

  it('is listed by invoice after credit notes and corrections, until red ones take it back', async () => {
    const resident = aResident(billing.scene);
    const bookings = [1, 2].map((n) => {
      const at = (hour: string) => `${DAY}T${hour}:0${n}:00.000Z`;
      return held(billing.scene, resident.residentId, { start: at('01'), end: at('03') });
    });
    await billing.deliver(resident);
    for (const booking of bookings) await billing.deliver(booking);
    for (const booking of bookings) await billing.deliver(delivered(booking));
    await finance().post('/v1/invoices/issue').send(run()).expect(200);
    const { body: issued } = await finance()
      .get(`/v1/invoices?residentId=${resident.residentId}`)
      .expect(200);
    const [invoice] = issued.items;
    expect(invoice).toMatchObject({ amountFen: 3_600 });
    const { body: blue } = await finance().post('/v1/fapiao').send({ invoiceId: invoice.id }).expect(201);
    const credit = (amountFen: number) =>
      finance().post(`/v1/invoices/${invoice.id}/credit-notes`).send({ amountFen, comment: 'x' }).expect(201);
    await credit(100);
    // What the platform has not issued yet says nothing.
    expect(await excesses()).toEqual([]);
    const number = { fapiaoNumber: '26312000000099990001', issuedOn: DAY };
    await finance().post(`/v1/fapiao/${blue.id}/issued`).send(number).expect(200);
    expect(await excesses(`&contractId=${run().contractId}&period=${period}`)).toEqual([
      {
        ...{ fapiaoId: blue.id, fapiaoNumber: number.fapiaoNumber, invoiceId: invoice.id },
        ...{ invoiceNumber: invoice.number, contractId: run().contractId, period },
        ...{ saysFen: 3_600, remainsFen: 3_500, excessFen: 100 },
      },
    ]);
    expect(await excesses('&period=2026-10')).toEqual([]);

    // A correction counts before a credit note tells of it, and not twice after.
    const days = { contractId: run().contractId, from: '2026-11-01', to: '2026-12-01' };
    const [{ bookingId }] = bookings;
    const { body: preview } = await finance()
      .post('/v1/re-ratings')
      .send({ ...days, reason: 'attendance_changed', attendance: [{ bookingId }] })
      .expect(201);
    await finance().post(`/v1/re-ratings/${preview.id}/apply`).expect(200);
    const [corrected] = await excesses();
    expect(corrected.excessFen).toBeGreaterThan(1_700);
    await finance().post('/v1/invoices/issue').send(run()).expect(200);
    const { body: left } = await finance().get(`/v1/invoices/${invoice.id}`).expect(200);
    expect(left.amountFen - left.creditedFen).toBe(corrected.remainsFen);
    expect(await excesses()).toEqual([corrected]);
    expect(await warned()).toMatchObject({ ok: false, blocking: false, count: 1 });

    const reverse = (amountFen: number) =>
      finance().post(`/v1/fapiao/${blue.id}/reverse`).send({ amountFen, reason: '部分退款' }).expect(201);
    const { body: red } = await reverse(corrected.excessFen - 1);
    expect(await excesses()).toMatchObject([{ excessFen: 1 }]);
    await finance().post(`/v1/fapiao/${red.id}/rejected`).send({ reason: '平台维护' }).expect(200);
    expect(await excesses()).toEqual([corrected]);
    await reverse(corrected.excessFen);
    expect(await excesses()).toEqual([]);
    expect(await warned()).toMatchObject({ ok: true });
    const { body: others } = await billing.as(anOwner(newId())).get('/v1/fapiao/excesses').expect(200);
    expect(others.items).toEqual([]);
  });
});
