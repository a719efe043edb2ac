import { setProgramme } from '../billing.harness';
import { startClaims } from '../claims/claims.harness';
import { aBankCsv, BANK_MAPPING } from '../statements/statements.examples';

/** A billing service for the stories of funders' money: claims that are accepted, what pays them, and what the bank says. */
export async function startRemittances() {
  const claims = await startClaims();
  const { billing, finance, serve, submitted, linesOf } = claims;
  await setProgramme(billing, { kinds: ['meals'] });
  const account = { code: 'icbc', name: 'x', kind: 'bank', accountNo: '1001', layout: 'mapped' };
  const opened = finance().post('/v1/statement-accounts');
  const accountId = (await opened.send({ ...account, mapping: BANK_MAPPING }).expect(201)).body.id;

  const get = async (path: string) => (await finance().get(`/v1/${path}`).expect(200)).body;
  const on = (id: string, what: string) => finance().post(`/v1/remittances/${id}/${what}`);
  const cancel = (id: string) => on(id, 'cancel').send({ reason: '记错了' });
  const unallocate = (id: string, what: object) =>
    on(id, 'unallocate').send({ reason: '应付另一批', ...what });
  const allocate = (id: string, claimId: string) => on(id, 'allocate').send({ claimIds: [claimId] });

  /** A claim of so many meals at 2 yuan each, accepted. */
  async function accepted(count: number): Promise<{ id: string; lineIds: string[] }> {
    await serve(count);
    const { id } = await submitted();
    await finance().post(`/v1/claims/${id}/answer`).send({ lines: [], acceptRest: true }).expect(200);
    return { id, lineIds: (await linesOf(id)).map((line: { id: string }) => line.id) };
  }

  let day = 1;
  /** A line of the bank's, and what the bank is expected to bring. */
  async function stated(amountFen: number, later?: string): Promise<number> {
    const booked = later ?? `2026-12-${String(day).padStart(2, '0')}`;
    day++;
    const { body } = await finance()
      .post(`/v1/statement-files?accountId=${accountId}`)
      .set('content-type', 'text/csv')
      .send(aBankCsv([[booked, amountFen, 0, '不明', '某局']], day))
      .expect(201);
    await finance().post('/v1/statement-matches').send({ accountId }).expect(201);
    return (await get(`account-statements/${body.statements[0].id}/lines`)).items[0].id;
  }
  const expectedOf = async (kind: string, sourceId: string) =>
    (await get(`expected-movements?kind=${kind}&limit=200`)).items.find(
      (one: { sourceId: string }) => one.sourceId === sourceId,
    );
  const match = (line: number, expectedIds: string[], more: object = {}) =>
    finance()
      .post(`/v1/statement-lines/${line}/match`)
      .send({ expectedIds, comment: '电话确认', ...more });
  const undo = (line: number, more: object = {}) =>
    finance()
      .post(`/v1/statement-lines/${line}/undo`)
      .send({ comment: '错了', ...more });

  /** Whatever was taken back: what is open adds up, in the books, on the lines, at the bank. */
  async function ties(): Promise<void> {
    expect(await get('reports/ties?period=2026-11')).toMatchObject({ differenceFen: 0 });
    for (const by of ['contract', 'funder']) {
      const { sums } = await get(`reports/tables/four-way-by-${by}?period=2026-11`);
      expect(sums[sums.length - 1]).toBe(0);
    }
    expect((await billing.db.query(TORN)).rows).toEqual([]);
    const { rows } = await billing.db.query<{ kind: string; fen: string }>(BOOKS);
    expect(Object.fromEntries(rows.map(({ kind, fen }) => [kind, Number(fen)]))).toEqual(
      Object.fromEntries((await billing.db.query(SAID)).rows.map(({ kind, fen }) => [kind, Number(fen)])),
    );
  }
  const api = { get, cancel, unallocate, allocate, accepted, stated, expectedOf, match, undo, ties };
  return { ...claims, ...api };
}

/** Counters that are not the sum of what they count, claims that are not settled by what was paid, advances not expected. */
const TORN = `
  SELECT 'line' AS what, l.id FROM claim_line AS l WHERE l.remitted_fen <> coalesce((
    SELECT sum(p.amount_fen) FROM remittance_line AS p WHERE p.claim_line_id = l.id AND p.ended_at IS NULL), 0)
  UNION ALL SELECT 'remittance', r.id FROM remittance AS r WHERE r.allocated_fen <> coalesce((
    SELECT sum(p.amount_fen) FROM remittance_line AS p WHERE p.remittance_id = r.id AND p.ended_at IS NULL), 0)
  UNION ALL SELECT 'claim', c.id FROM claim AS c WHERE (c.status = 'settled') <> (c.status <> 'draft' AND NOT EXISTS (
    SELECT FROM claim_line AS l WHERE l.claim_id = c.id AND l.remitted_fen IS DISTINCT FROM l.accepted_fen))
  UNION ALL SELECT 'expected', r.id FROM remittance AS r LEFT JOIN expected_movement AS e ON e.source_id = r.id
    WHERE coalesce(e.amount_fen - e.cut_fen, 0)
      <> CASE WHEN r.cancelled_at IS NULL THEN r.amount_fen - r.allocated_fen ELSE 0 END`;

const BOOKS = `
  SELECT a.kind, sum(l.amount_fen) AS fen FROM ledger_entry AS e JOIN ledger_line AS l ON l.entry_id = e.id
  JOIN ledger_account AS a ON a.id = l.account_id WHERE e.source_type = 'remittance' GROUP BY a.kind ORDER BY a.kind`;

const SAID = `
  SELECT kind, sum(fen) AS fen FROM remittance, LATERAL (VALUES ('remittance_clearing', amount_fen),
    ('funder_receivable', -allocated_fen), ('funder_advance', allocated_fen - amount_fen)) AS of (kind, fen)
  WHERE cancelled_at IS NULL GROUP BY kind ORDER BY kind`;
