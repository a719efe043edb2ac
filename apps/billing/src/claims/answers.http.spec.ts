import { ClaimAnswered } from '@doorstep/contracts';
import { newId } from '@doorstep/kernel';
import { aFunder, anOwner } from '@doorstep/testing';
import { setProgramme } from '../billing.harness';
import { abreast } from '../faults.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';
import { startClaims } from './claims.harness';

type Claims = Awaited<ReturnType<typeof startClaims>>;
let { billing, finance, wanted, serve, submitted, linesOf, remit } = {} as Claims;
const claimOf = async (id: string) => (await finance().get(`/v1/claims/${id}`).expect(200)).body;
async function receivable(): Promise<number> {
  const { body } = await finance().get('/v1/ledger/accounts?kind=funder_receivable').expect(200);
  return body.items.reduce((sum: number, { balanceFen }: { balanceFen: number }) => sum + balanceFen, 0);
}

beforeAll(async () => {
  ({ billing, finance, wanted, serve, submitted, linesOf, remit } = await startClaims());
  await setProgramme(billing, { kinds: ['meals'] });
});
afterAll(() => billing?.stop());

describe('a claim from its answer to its money', () => {
  let claim: { id: string };
  let again: { id: string };
  let next: { id: string };
  let lines: { id: string }[];
  let left: { id: string };
  const funder = () => billing.as(aFunder(billing.scene.funderId));

  it('is answered by its funder, line by line and as a file', async () => {
    await serve(5);
    claim = await submitted();
    lines = await linesOf(claim.id);
    const [a, b, c] = lines;
    const { body: partly } = await funder()
      .post(`/v1/claims/${claim.id}/answer`)
      .send({
        lines: [{ lineId: a.id, outcome: 'cut', acceptedFen: 150, code: 'late', reason: '材料逾期' }],
      })
      .expect(200);
    expect(partly).toMatchObject({ status: 'submitted', answered: 1, unanswered: 4, cutFen: 50 });
    const csv = `明细编号,答复,核定金额,原因代码,原因\n${b.id},退回,,not_eligible,不符合条件\n${c.id},通过,2.00,,\n`;
    const { body: whole } = await finance()
      .post(`/v1/claims/${claim.id}/answer-file?acceptRest=true`)
      .set('content-type', 'text/csv')
      .send(csv)
      .expect(200);
    expect(whole).toMatchObject({
      status: 'answered',
      answered: 4,
      unanswered: 0,
      acceptedFen: 750,
      cutFen: 250,
    });
    const other = { lines: [{ lineId: a.id, outcome: 'accepted' }] };
    const refused = await finance().post(`/v1/claims/${claim.id}/answer`).send(other).expect(409);
    expect(refused.body.code).toBe('line_answered');
    await billing.eventually(async () => {
      const told = await billing.told(ClaimAnswered);
      expect(told).toMatchObject([{ claimId: claim.id, acceptedFen: 750, cutFen: 250 }]);
    });
  });

  it('is asked for again where it was cut, with a reply', async () => {
    const [a, , c] = lines;
    await finance().post(`/v1/claim-lines/${a.id}/object`).send({ reply: '附签到记录' }).expect(200);
    const whole = await finance().post(`/v1/claim-lines/${c.id}/object`).send({ reply: 'x' }).expect(409);
    expect(whole.body.code).toBe('line_not_cut');
    again = await submitted();
    expect(again).toMatchObject({ lines: 1, amountFen: 50 });
    const [asked] = await linesOf(again.id);
    expect(asked).toMatchObject({
      basis: 'resubmission',
      resubmitsId: a.id,
      reply: '附签到记录',
      amountFen: 50,
    });
    const final = { lines: [{ lineId: asked.id, outcome: 'rejected', code: 'late' }] };
    await funder().post(`/v1/claims/${again.id}/answer`).send(final).expect(200);
  });

  it('is given up by two people', async () => {
    const [asked] = await linesOf(again.id);
    for (const line of [asked, lines[1]]) {
      const { body: off } = await finance()
        .post(`/v1/claim-lines/${line.id}/write-off`)
        .send({ reason: '无法补齐' })
        .expect(201);
      await finance().post(`/v1/claim-write-offs/${off.id}/approve`).expect(403);
      await billing.as(billing.owner).post(`/v1/claim-write-offs/${off.id}/approve`).expect(200);
      await billing.as(billing.owner).post(`/v1/claim-write-offs/${off.id}/approve`).expect(409);
    }
    const own = await billing.as(billing.owner).get('/v1/claim-write-offs?status=requested').expect(200);
    expect(own.body.items).toEqual([]);
    expect((await claimOf(again.id)).status).toBe('settled');
  });

  it('is paid to the cent, and what does not meet is named', async () => {
    const [a, , c] = lines;
    const first = {
      ...{
        amountFen: 349,
        lines: [
          { lineId: a.id, amountFen: 149 },
          { lineId: c.id, amountFen: 200 },
        ],
      },
    };
    const { body: short } = await remit(first);
    expect(short).toMatchObject({ allocatedFen: 349, unallocatedFen: 0 });
    expect(short.differences).toEqual([
      { kind: 'short_paid', lineId: a.id, openFen: 150, saidFen: 149, differenceFen: -1 },
    ]);
    ({ body: left } = await remit({ claimIds: [claim.id], amountFen: 500 }));
    expect(left).toMatchObject({
      ...{ allocatedFen: 401, unallocatedFen: 99 },
      differences: [{ kind: 'not_allocated', differenceFen: 99 }],
    });
    expect((await claimOf(claim.id)).status).toBe('settled');
    expect(await receivable()).toBe(0);
  });

  it('leaves what was too much to the next claim', async () => {
    await serve(1);
    next = await submitted();
    await funder().post(`/v1/claims/${next.id}/answer`).send({ lines: [], acceptRest: true }).expect(200);
    const { body: used } = await finance()
      .post(`/v1/remittances/${left.id}/allocate`)
      .send({ claimIds: [next.id] })
      .expect(200);
    expect(used).toMatchObject({ allocatedFen: 500, unallocatedFen: 0 });
    expect(used.differences).toMatchObject([{ kind: 'short_paid', differenceFen: -101 }]);
    expect(await receivable()).toBe(101);
    const { body: balance } = await finance().get('/v1/ledger/trial-balance').expect(200);
    expect(balance.debitFen).toBe(balance.creditFen);
    expect((await remit({ claimIds: [next.id], amountFen: 101 })).body.differences).toEqual([]);
  });

  it('refuses a file with a faulty line whole, and a remittance twice', async () => {
    await serve(1);
    const claim = await submitted();
    const [line] = await linesOf(claim.id);
    const file = (text: string) =>
      finance().post(`/v1/claims/${claim.id}/answer-file`).set('content-type', 'text/csv').send(text);
    const faulty = await file(`lineId,outcome\n${line.id},accepted\nx,accepted\n`).expect(422);
    expect(faulty.body).toMatchObject({
      code: 'answer_file_faulty',
      details: { faults: [expect.stringMatching(/line 3/)] },
    });
    expect((await file('nothing').expect(422)).body.code).toBe('answer_file_faulty');
    expect((await linesOf(claim.id))[0].answer).toBeNull();
    const { body: outcome } = await file(`\uFEFFlineId,outcome\r\n${line.id},accepted\r\n`).expect(200);
    expect(outcome.status).toBe('answered');
    const once = { reference: 'R-1', claimIds: [claim.id], amountFen: 200 };
    await remit(once);
    expect((await remit(once, 409)).body.code).toBe('remittance_exists');
  });
});

describe('the end of a claim', () => {
  const cutAll = async (claimId: string) => {
    const lines = await linesOf(claimId);
    const said = lines.map(({ id }: { id: string }) => ({ lineId: id, outcome: 'rejected', code: 'late' }));
    await finance().post(`/v1/claims/${claimId}/answer`).send({ lines: said }).expect(200);
    return lines;
  };

  it('comes when two people end its last lines at the same moment', async () => {
    await serve(2);
    const claim = await submitted();
    const offs = [];
    for (const line of await cutAll(claim.id)) {
      const asked = finance().post(`/v1/claim-lines/${line.id}/write-off`).send({ reason: '无法补齐' });
      offs.push((await asked.expect(201)).body.id);
    }
    const approve = (id: string) => () =>
      billing
        .as(billing.owner)
        .post(`/v1/claim-write-offs/${id}/approve`)
        .then(({ status }) => status);
    expect(await abreast(billing, 'claim', offs.map(approve))).toEqual([200, 200]);
    expect((await claimOf(claim.id)).status).toBe('settled');
  });

  it('comes when what was cut is asked for again, not while that is a draft', async () => {
    await serve(1);
    const claim = await submitted();
    const [line] = await cutAll(claim.id);
    await finance().post(`/v1/claim-lines/${line.id}/object`).send({ reply: '附签到记录' }).expect(200);
    const { body: draft } = await finance().post('/v1/claims').send(wanted()).expect(201);
    expect((await claimOf(claim.id)).status).toBe('answered');
    await finance().post(`/v1/claims/${draft.id}/submit`).expect(200);
    expect((await claimOf(claim.id)).status).toBe('settled');
    await finance().post(`/v1/claims/${draft.id}/answer`).send({ lines: [], acceptRest: true }).expect(200);
    await remit({ claimIds: [draft.id], amountFen: 200 });
    expect((await claimOf(draft.id)).status).toBe('settled');
  });
});

describe('what a claim leads to expect of the bank', () => {
  it('is less by what was given up there and by what the funder has cut, each counted once', async () => {
    const { body: account } = await finance()
      .post('/v1/statement-accounts')
      .send({
        code: 'icbc',
        name: 'x',
        kind: 'bank',
        accountNo: '1001',
        layout: 'mapped',
        mapping: BANK_MAPPING,
      })
      .expect(201);
    await serve(2);
    const claim = await submitted();
    const later = aBankCsv([['2027-01-15', 12, 0, '结息', '工商银行']]);
    await finance()
      .post(`/v1/statement-files?accountId=${account.id}`)
      .set('content-type', 'text/csv')
      .send(later)
      .expect(201);
    const match = () => finance().post('/v1/statement-matches').send({ accountId: account.id }).expect(201);
    const expected = async () => {
      const { body } = await finance().get('/v1/expected-movements?kind=claim&limit=200').expect(200);
      return body.items.find(({ sourceId }: { sourceId: string }) => sourceId === claim.id);
    };
    await match();
    const { body: queue } = await finance()
      .get('/v1/exceptions?type=missing_in_statement&limit=200')
      .expect(200);
    const missing = queue.items.find((one: { oursFen: number }) => one.oursFen === claim.amountFen);
    const on = (id: string, what: string, body: object) =>
      finance()
        .post(`/v1/exceptions/${id}/${what}`)
        .send({ comment: 'x', ...body })
        .expect(200);
    await on(missing.id, 'split', { parts: [{ amountFen: -150 }, { amountFen: -250 }] });
    const { body: parts } = await finance().get('/v1/exceptions?status=open&limit=200').expect(200);
    const part = parts.items.find((one: { differenceFen: number }) => one.differenceFen === -150);
    await on(part.id, 'write-off', {});
    expect(await expected()).toMatchObject({ amountFen: 400, writtenOffFen: 150 });

    const [line] = await linesOf(claim.id);
    const cut = { lineId: line.id, outcome: 'cut', acceptedFen: 170, code: 'late' };
    await finance()
      .post(`/v1/claims/${claim.id}/answer`)
      .send({ lines: [cut], acceptRest: true })
      .expect(200);
    await match();
    await match();
    expect(await expected()).toMatchObject({ amountFen: 400, writtenOffFen: 180 });
    await on(part.id, 'reopen', {});
    expect(await expected()).toMatchObject({ writtenOffFen: 30 });
  });
});

describe('claims, remittances and write-offs', () => {
  it('are nobody else’s to see or to answer', async () => {
    const stranger = billing.as(anOwner(newId()));
    expect((await stranger.get('/v1/remittances').expect(200)).body.items).toEqual([]);
    expect((await stranger.get('/v1/claim-write-offs').expect(200)).body.items).toEqual([]);
    const { body: claims } = await finance().get('/v1/claims').expect(200);
    const another = billing.as(aFunder());
    await another
      .post(`/v1/claims/${claims.items[0].id}/answer`)
      .send({ lines: [], acceptRest: true })
      .expect(404);
    const own = await billing.as(aFunder(billing.scene.funderId)).get('/v1/remittances').expect(200);
    expect(own.body.items.length).toBeGreaterThan(0);
  });

  it.each([
    [
      'claim_line_once',
      `INSERT INTO claim_line (id, operator_id, claim_id, funder_id, share_id, charge_id, booking_id, resident_id, site_id, programme_id, kind, service_day, starts_at, minutes, amount_fen, grounds)
       SELECT gen_random_uuid(), operator_id, claim_id, funder_id, NULL, charge_id, booking_id, resident_id, site_id, programme_id, kind, service_day, starts_at, minutes, amount_fen, grounds FROM claim_line WHERE basis = 'share' LIMIT 1`,
    ],
    [
      'claim_line_remitted_within',
      `UPDATE claim_line SET remitted_fen = accepted_fen + 1 WHERE accepted_fen > 0`,
    ],
    ['write_off_by_two', `UPDATE claim_write_off SET decided_by = requested_by`],
    ['remittance_not_overspent', `UPDATE remittance SET allocated_fen = amount_fen + 1`],
  ])('are kept by the database: %s', async (constraint, sql) => {
    await expect(billing.db.query(sql)).rejects.toMatchObject({ constraint });
  });
});
