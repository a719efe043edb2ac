import { newId } from '@doorstep/kernel';
import { type Billing, startBilling } from '../billing.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';

export type Row = [day: string, inFen: number, outFen: number, text: string, name: string];

/** A billing service for the stories of matching; each begins with an operator and a bank account of its own. */
export async function startMatching() {
  const billing: Billing = await startBilling();
  let accountId = '';
  const call = () => billing.as(billing.finance);
  async function anAccount(changes: Record<string, unknown>): Promise<string> {
    const code = `a-${newId().slice(-8)}`;
    const body = { code, name: '基本户', kind: 'bank', accountNo: code, ...changes };
    return (await call().post('/v1/statement-accounts').send(body).expect(201)).body.id;
  }

  const expecting = (amountFen: number, changes: Record<string, unknown> = {}): Promise<string> =>
    insertExpected(billing, amountFen, changes);
  const aClaim = (fen: number, reference: string, changes: Record<string, unknown> = {}) =>
    expecting(fen, {
      kind: 'claim',
      channel: null,
      funder_id: billing.scene.funderId,
      party: '市民政局',
      reference,
      ...changes,
    });

  async function stated(rows: Row[], account = accountId): Promise<number[]> {
    const { body } = await call()
      .post(`/v1/statement-files?accountId=${account}`)
      .set('content-type', 'text/csv')
      .send(aBankCsv(rows, Math.floor(Math.random() * 1e9)))
      .expect(201);
    const { body: lines } = await call()
      .get(`/v1/account-statements/${body.statements[0].id}/lines`)
      .expect(200);
    return lines.items.map(({ id }: { id: number }) => id);
  }
  const run = async (account = accountId) =>
    (await call().post('/v1/statement-matches').send({ accountId: account }).expect(201)).body;
  const lineOf = async (id: number) => (await call().get(`/v1/statement-lines/${id}`).expect(200)).body;
  /** Balances by kind of account, as the ledger says them. */
  async function balances(): Promise<Record<string, number>> {
    const { body } = await call().get('/v1/ledger/trial-balance').expect(200);
    const sums: Record<string, number> = {};
    for (const { kind, balanceFen } of body.rows as { kind: string; balanceFen: number }[])
      sums[kind] = (sums[kind] ?? 0) + balanceFen;
    return sums;
  }
  const openExceptions = async () =>
    (await call().get('/v1/exceptions?status=open&limit=200').expect(200)).body.items.map(
      ({ type, differenceFen }: { type: string; differenceFen: number }) => `${type} ${differenceFen}`,
    );
  const begin = async (): Promise<void> => {
    billing.finance = { ...billing.finance, id: newId(), operatorId: newId() };
    const payerNames = [{ channel: 'wechat', name: '财付通' }];
    accountId = await anAccount({ layout: 'mapped', mapping: BANK_MAPPING, payerNames });
  };
  const api = {
    billing,
    begin,
    call,
    anAccount,
    expecting,
    aClaim,
    stated,
    run,
    lineOf,
    balances,
    openExceptions,
  };
  return { ...api, accountId: () => accountId };
}

/** Something that should come, as reconciliations, claims and payments leave it. */
async function insertExpected(
  billing: Billing,
  amountFen: number,
  changes: Record<string, unknown>,
): Promise<string> {
  const id = newId();
  const row = {
    ...{
      id,
      operator_id: billing.finance.operatorId,
      contract_id: billing.scene.contractId,
      kind: 'channel_settlement',
    },
    ...{
      channel: 'wechat',
      source_id: newId(),
      party: '1900000109',
      day: '2026-11-02',
      amount_fen: amountFen,
    },
    ...changes,
  };
  await billing.db.query(
    `INSERT INTO expected_movement SELECT (jsonb_populate_record(null::expected_movement,
       '{"matched_fen": 0, "written_off_fen": 0, "cut_fen": 0, "withdrawn": false, "created_at": "2026-11-02T00:00:00Z"}'::jsonb || $1::jsonb)).*`,
    [JSON.stringify(row)],
  );
  return id;
}
