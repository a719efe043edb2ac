import fc from 'fast-check';
import { billing, call, rows, startStories } from './four-way.harness';
import { type Books, type By, type Figures, FourWayOracle, TABLES } from './four-way.oracle';
import { DOES, STEPS } from './four-way.steps.harness';

/*
 * Whatever is delivered, paid, refunded, voided, corrected, billed, claimed, cut, remitted and seen at the bank, whole, in part
 * or with a rest: every figure of the report is the one of somebody who follows each fen by itself.
 */
const aStory = fc.array(fc.record({ does: fc.constantFrom(...DOES), a: fc.nat(99), b: fc.nat(99) }), {
  minLength: 40,
  maxLength: 60,
});

const SOURCES: Partial<Record<(typeof TABLES)[number], string>> = {
  ledger: `(SELECT l.charge_id, l.amount_fen, l.booked_on, a.kind, a.contract_id, a.site_id, a.funder_id, e.reason FROM ledger_line l
            JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id)`,
  settled: `(SELECT s.*, p.contract_id, EXISTS (SELECT FROM reconciliation_exception x WHERE x.line_id = s.line_id
               AND x.resolution = 'matched') AS by_hand
             FROM settlement_allocation s LEFT JOIN refund r ON r.id = s.refund_id JOIN payment p ON p.id = coalesce(s.payment_id, r.payment_id))`,
  exception: 'reconciliation_exception',
  expected: 'expected_movement',
};
async function books(): Promise<Books> {
  const read = TABLES.map(async (name) => [
    name,
    (await rows(`SELECT to_jsonb(t) AS row FROM ${SOURCES[name] ?? name} AS t`)).map(({ row }) => row),
  ]);
  return Object.fromEntries(await Promise.all(read)) as Books;
}

async function report(by: By, period: string): Promise<Record<string, Figures>> {
  const { body } = await call().get(`/v1/reports/tables/four-way-by-${by}?period=${period}`).expect(200);
  const keys = body.columns.slice(1).map(({ key }: { key: string }) => key);
  return Object.fromEntries(
    body.rows.map(([key, ...fens]: [string, ...number[]]) => [
      key,
      Object.fromEntries(fens.map((fen, i) => [keys[i], fen])),
    ]),
  );
}

beforeAll(startStories);
afterAll(() => billing?.stop());

it('follow every fen to where a naive walk finds it, whatever has happened', async () => {
  await fc.assert(
    fc.asyncProperty(aStory, async (story) => {
      for (const { does, a, b } of story) await STEPS[does](a, b);
      const now = await books();
      const names = new Map(
        (
          await rows(`SELECT id, number AS name FROM known_contract UNION ALL SELECT id, code || ' ' || name_zh FROM known_site
                     UNION ALL SELECT id, name FROM known_organisation`)
        ).map(({ id, name }) => [id, String(name)]),
      );
      for (const period of ['2026-11', '2026-12'])
        for (const by of ['contract', 'site', 'day', 'funder'] as const) {
          const walked = Object.entries(new FourWayOracle(now, period, by).figures()).map(
            ([key, figures]) => [names.get(key) ?? key, figures],
          );
          expect({ period, by, rows: await report(by, period) }).toEqual({
            period,
            by,
            rows: Object.fromEntries(walked),
          });
        }
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 240_000);
