import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseYuan, type Fen } from '@doorstep/kernel';
import { same } from '../checks';
import { lookAgain } from '../patience';
import type { Check, NotChecked } from '../report';
import type { Stage } from './chapter';

const run = promisify(execFile);

const HLEDGER = 'hledger check';
const MEND = 'install hledger (apt-get install hledger, brew install hledger) and play the day again';

interface Verification {
  intact: boolean;
  waiting: number;
  next: number | null;
  verifiedTo: number;
}

export interface LedgerTold {
  entries: number;
  hledger: 'ok' | 'failed' | 'not checked';
  checks: Check[];
  notChecked: NotChecked[];
}

/** The journal as a tool that isn't ours reads it, and its chain of hashes. */
export async function readLedger(stage: Stage): Promise<LedgerTold> {
  const { scene, books } = stage;
  const journal = await scene.owner.text('/v1/ledger/export?format=hledger');
  const { transactions, unbalanced, balances } = read(journal);
  const revenue = [...balances].filter(([name]) => name.startsWith('Income:ServiceRevenue'));
  const entries = await books.number('billing', 'SELECT count(*) FROM ledger_entry WHERE operator_id = $1', [
    scene.operatorId,
  ]);
  const hledger = await hledgerCheck(journal);
  const chain = await verify(stage);
  return {
    entries,
    hledger,
    checks: [
      same(
        'the journal holds every entry',
        'transactions in the export against the database',
        transactions,
        entries,
      ),
      same('the journal balances', 'transactions that do not, read without our code', unbalanced, 0),
      same(
        'revenue in the journal',
        'postings of the export against the database, in fen',
        revenue.reduce((sum, [, fen]) => sum + fen, 0),
        await books.number(
          'billing',
          `SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
           WHERE a.kind = 'service_revenue' AND a.operator_id = $1`,
          [scene.operatorId],
        ),
      ),
      ...(hledger === 'not checked' ? [] : [{ name: HLEDGER, ok: hledger === 'ok', detail: hledger }]),
      same('the chain of hashes', 'links that hold against entries', chain, entries),
    ],
    notChecked: hledger === 'not checked' ? [{ name: HLEDGER, mend: MEND }] : [],
  };
}

/** Reads the export by its grammar; the last transaction asserts balances and moves nothing. */
function read(journal: string): { transactions: number; unbalanced: number; balances: Map<string, Fen> } {
  const balances = new Map<string, Fen>();
  let [transactions, unbalanced] = [0, 0];
  for (const block of journal.split(/\n(?=\d{4}-\d{2}-\d{2} \* \()/).slice(1)) {
    const own = block.split(/\n(?=\d{4}-\d{2}-\d{2} \* balances)/)[0];
    let sum = 0;
    for (const [, name, amount] of own.matchAll(/^ {4}(\S+) {2}(-?\d+\.\d{2}) CNY$/gm)) {
      const fen = parseYuan(amount) ?? NaN;
      sum += fen;
      balances.set(name, (balances.get(name) ?? 0) + fen);
    }
    transactions += 1;
    if (sum !== 0) unbalanced += 1;
  }
  return { transactions, unbalanced, balances };
}

/** The tool's own word, where it is installed. */
async function hledgerCheck(journal: string): Promise<LedgerTold['hledger']> {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-demo-'));
  try {
    const file = join(directory, 'ledger.journal');
    await writeFile(file, journal);
    await run('hledger', ['-f', file, 'check', '--strict']);
    return 'ok';
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT' ? 'not checked' : 'failed';
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Waits until the runner has chained everything, then computes all links anew. @returns how many hold */
async function verify({ scene }: Stage): Promise<number> {
  let after = 0;
  for (let round = 0; round < 600; round++) {
    const answer = await scene.owner.get<Verification>(`/v1/ledger/verification?after=${after}`);
    if (!answer.intact) return answer.verifiedTo;
    if (answer.waiting === 0 && answer.next === null) return answer.verifiedTo;
    after = answer.next ?? after;
    if (answer.next === null) await lookAgain();
  }
  throw new Error('after a minute the journal is still not chained');
}
