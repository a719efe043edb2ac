import { PeriodicRunner } from '@doorstep/platform';
import type { Walk } from './walk.harness';
import { RECOUNTS } from './recounts.harness';

/* Whatever was done: what holds of the books afterwards. */

const MONTHS = ['2026-09', '2026-10', '2026-11', '2026-12', '2027-01', '2027-02'];

interface Moved {
  contractId: string;
  month: string;
  balances: string;
}

/** Every month that is closed, by name or by a later one, and what is booked in it, by account. */
const CLOSED = `
  SELECT m.contract_id AS "contractId", m.month::text, coalesce((
    SELECT string_agg(x.account_id || ' ' || x.fen, ',' ORDER BY x.account_id) FROM (
      SELECT l.account_id, sum(l.amount_fen) AS fen FROM ledger_line AS l JOIN ledger_account AS a ON a.id = l.account_id
      WHERE a.contract_id = m.contract_id AND l.booked_on >= m.month AND l.booked_on < m.month + interval '1 month'
      GROUP BY 1) AS x), '') AS balances
  FROM (SELECT p.contract_id, each::date AS month FROM (
          SELECT contract_id, max(month) AS last FROM ledger_period WHERE status = 'closed' GROUP BY 1) AS p,
        generate_series('2026-01-01'::date, p.last, interval '1 month') AS each) AS m
  WHERE NOT EXISTS (SELECT FROM ledger_period AS p WHERE p.contract_id = m.contract_id AND p.month = m.month AND p.status = 'open')`;

/** What stays between one look and the next. */
export class Checks {
  private closed = new Map<string, string>();
  private head?: string;
  private pending = new Map<string, string>();

  /** @returns every sentence that does not hold */
  async faults(walk: Walk): Promise<string[]> {
    const looks = [
      this.recounted(walk),
      this.ties(walk),
      this.fourWays(walk),
      this.closedMonths(walk),
      this.chain(walk),
      this.pendingThen(walk),
    ];
    return (
      await Promise.all([...looks, statements(walk), trialBalance(walk), fapiao(walk), givenUp(walk)])
    ).flat();
  }

  private async recounted(walk: Walk): Promise<string[]> {
    const faults: string[] = [];
    for (const [name, sql] of Object.entries(RECOUNTS)) {
      const rows = await walk.rows(sql);
      if (rows.length > 0) faults.push(`${name}: ${JSON.stringify(rows.slice(0, 5))}`);
    }
    return faults;
  }

  private async ties(walk: Walk): Promise<string[]> {
    const faults: string[] = [];
    for (const period of MONTHS)
      for (const scope of ['', ...walk.stage.contracts.map((id) => `&contractId=${id}`)]) {
        const { ties } = await walk.get<{ ties: { difference: number }[] }>(
          `reports/ties?period=${period}${scope}`,
        );
        const torn = ties.filter(({ difference }) => difference !== 0);
        if (torn.length > 0) faults.push(`ties of ${period}${scope}: ${JSON.stringify(torn)}`);
      }
    return faults;
  }

  private async fourWays(walk: Walk): Promise<string[]> {
    const faults: string[] = [];
    for (const period of MONTHS)
      for (const by of ['contract', 'site', 'day', 'funder']) {
        const { rows } = await walk.get<{ rows: unknown[][] }>(
          `reports/tables/four-way-by-${by}?period=${period}`,
        );
        const torn = rows.filter((row) => row.at(-1) !== 0);
        if (torn.length > 0) faults.push(`four ways of ${period} by ${by}: ${JSON.stringify(torn)}`);
      }
    return faults;
  }

  /** What is booked in a closed month stays as it was; one that was opened may move until it is closed again. */
  private async closedMonths(walk: Walk): Promise<string[]> {
    const now = new Map(
      (await walk.rows<Moved>(CLOSED)).map(({ contractId, month, balances }) => [
        `${contractId} ${month}`,
        balances,
      ]),
    );
    const moved = [...now].filter(([key, balances]) => (this.closed.get(key) ?? balances) !== balances);
    this.closed = now;
    return moved.map(([key, balances]) => `closed month moved: ${key}: ${balances}`);
  }

  /** What was reserved at the end of a day that is over is what it was, unless some of it was posted on that day or before. */
  private async pendingThen(walk: Walk): Promise<string[]> {
    const days = ['2026-11-21', '2026-11-30', '2026-12-10', '2026-12-31'].filter((day) => day < walk.today);
    const now = new Map<string, string>();
    for (const day of days) {
      const { rows } = await walk.get<Trial>(`ledger/trial-balance?asOf=${day}`);
      const [{ posted }] = await walk.rows<{ posted: number }>(
        `SELECT count(*)::int AS posted FROM charge WHERE status = 'captured' AND booked_on <= $1`,
        day,
      );
      now.set(
        `${day}, ${posted} posted`,
        JSON.stringify(
          rows.filter((row) => row.pendingFen !== 0).map(({ kind, pendingFen }) => `${kind} ${pendingFen}`),
        ),
      );
    }
    const moved = [...now].filter(([key, pending]) => (this.pending.get(key) ?? pending) !== pending);
    this.pending = now;
    return moved.map(([key, pending]) => `pending moved: ${key}: ${pending}`);
  }

  private async chain(walk: Walk): Promise<string[]> {
    await walk.billing.running.app.get(PeriodicRunner).runNow('chain the journal');
    const expected = this.head ? `&expected=${this.head}` : '';
    const found = await walk.get<{ intact: boolean; head: { position: number; hash: string } | null }>(
      `ledger/verification?limit=50000${expected}`,
    );
    if (found.head) this.head = `${found.head.position}:${found.head.hash}`;
    return found.intact ? [] : [`chain: ${JSON.stringify(found)}`];
  }
}

/** A statement's parts make their whole: what was taken, what channels owe, what is on the bank's account. */
async function statements(walk: Walk): Promise<string[]> {
  const faults: string[] = [];
  for (const period of MONTHS) {
    const { rows } = await walk.get<{ rows: [string, string, number, number][] }>(
      `reports/tables/reconciliation-statement?period=${period}`,
    );
    for (const section of new Set(rows.map(([name]) => name))) {
      const of = rows.filter(([name]) => name === section);
      const sum = (fits: (item: string) => boolean) =>
        of.filter(([, item]) => fits(item)).reduce((all, [, , , fen]) => all + fen, 0);
      const taken = of.findIndex(([, item]) => item.startsWith('2'));
      const parts = of
        .slice(0, taken < 0 ? of.length : taken)
        .filter(([, item]) => item.startsWith('  其中'));
      const whole = sum((item) => item.startsWith('1'));
      const bills = sum((item) => item.startsWith('2')) - sum((item) => item.startsWith('  由'));
      const bank = sum((item) => item === '  收入' || item === '  支出');
      const lines = sum((item) => item === '  其中：已匹配' || item === '  其中：未匹配');
      if (!section.startsWith('icbc') && parts.reduce((all, [, , , fen]) => all + fen, 0) !== whole)
        faults.push(`statement of ${period}: ${JSON.stringify(of)}`);
      if (bills !== 0) faults.push(`statement of ${period}, bills: ${JSON.stringify(of)}`);
      if (bank !== lines) faults.push(`statement of ${period}, bank: ${JSON.stringify(of)}`);
    }
  }
  return faults;
}

interface Trial {
  debitFen: number;
  creditFen: number;
  pendingFen: number;
  rows: { kind: string; pendingFen: number }[];
}

async function trialBalance(walk: Walk): Promise<string[]> {
  const faults: string[] = [];
  for (const asOf of ['', '?asOf=2026-11-15', '?asOf=2026-11-30', `?asOf=${walk.today}`]) {
    const { debitFen, creditFen, pendingFen } = await walk.get<Trial>(`ledger/trial-balance${asOf}`);
    if (debitFen !== creditFen || pendingFen !== 0)
      faults.push(`trial balance ${asOf}: ${debitFen} ${creditFen} ${pendingFen}`);
  }
  const { rows } = await walk.get<Trial>('ledger/trial-balance');
  const pending = rows
    .filter(({ kind }) => kind === 'service_revenue')
    .reduce((all, row) => all + row.pendingFen, 0);
  const [{ fen }] = await walk.rows<{ fen: number }>(
    `SELECT coalesce(sum(gross_fen), 0)::int AS fen FROM charge WHERE status = 'authorised'`,
  );
  if (pending + fen !== 0) faults.push(`pending ${pending}, authorised ${fen}`);
  return faults;
}

/** A fapiao that says more than its invoice has left is among the excesses, by as much. */
async function fapiao(walk: Walk): Promise<string[]> {
  const { items } = await walk.get<{ items: { fapiaoId: string; excessFen: number }[] }>(
    'fapiao/excesses?limit=200',
  );
  const rows = await walk.rows<{ id: string; fen: number }>(
    `SELECT f.id, (f.amount_fen - f.reversed_fen - i.amount_fen + i.credited_fen)::int AS fen
     FROM fapiao AS f JOIN invoice AS i ON i.id = f.invoice_id WHERE f.colour = 'blue' AND f.status = 'issued'`,
  );
  const missing = rows.filter(
    ({ id, fen }) => fen > (items.find((one) => one.fapiaoId === id)?.excessFen ?? 0),
  );
  return [
    ...missing.map((one) => `fapiao says too much: ${JSON.stringify(one)}`),
    ...items.filter(({ excessFen }) => excessFen <= 0).map((one) => `no excess: ${JSON.stringify(one)}`),
  ];
}

/** No event was given up, or waits behind one that was. */
async function givenUp(walk: Walk): Promise<string[]> {
  const rows = await walk.rows(
    'SELECT headers, cause FROM parked_event UNION ALL SELECT headers, cause FROM dead_letter',
  );
  return rows.map((row) => `event given up: ${JSON.stringify(row)}`);
}

/** Everything that money hangs on, as one word. */
export async function digest(walk: Walk): Promise<string> {
  const tables = [
    'charge',
    'charge_share',
    'charge_correction',
    'payment',
    'payment_allocation',
    'ledger_line',
    'claim_line',
    'programme_budget',
    'cap_counter',
    'package_use',
    'attendance_month',
    'delivery',
    'refund',
    'invoice_line',
  ];
  const words: string[] = [];
  for (const table of tables) {
    const [{ word }] = await walk.rows<{ word: string }>(
      `SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) AS word FROM ${table} AS t`,
    );
    words.push(`${table} ${word}`);
  }
  return words.join('\n');
}

/** Every event told once more, as it was told: nothing moves. */
export async function replay(walk: Walk): Promise<string[]> {
  const before = await digest(walk);
  await walk.billing.deliver(...walk.stage.letters);
  const after = await digest(walk);
  return before === after ? [] : [`a replay moved: ${before}\n→\n${after}`];
}
