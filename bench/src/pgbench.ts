import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { escapeLiteral, Pool, type PoolClient } from 'pg';

export interface FloorOptions {
  databaseUrl: string;
  /** One transaction in pgbench's script language: of what only pgbench understands, `\set x random(a, b)` and `\gset`. */
  script: string;
  clients: number;
  seconds: number;
}

export interface Floor {
  perSecond: number;
  by: 'pgbench' | 'plain pg loop';
}

/**
 * Transactions a second of a script: by pgbench where it is installed, else by a plain loop of the pg driver. Which of
 * the two it was is part of the result, because pgbench has no JavaScript in its way.
 */
export async function measureFloor(options: FloorOptions): Promise<Floor> {
  const pgbench = await findPgbench();
  return pgbench ? runPgbench(pgbench, options) : runLoop(options);
}

async function findPgbench(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [] as string[]);
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((v) => `/usr/lib/postgresql/${v}/bin`),
  ];
  for (const place of places) {
    const names = await readdir(place).catch(() => [] as string[]);
    if (names.includes('pgbench')) return join(place, 'pgbench');
  }
  return undefined;
}

async function runPgbench(
  pgbench: string,
  { databaseUrl, script, clients, seconds }: FloorOptions,
): Promise<Floor> {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-bench-'));
  try {
    const file = join(folder, 'floor.sql');
    await writeFile(file, script);
    const args = [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      '2',
      '-T',
      String(seconds),
      '-f',
      file,
      databaseUrl,
    ];
    const output = await run(pgbench, args, (seconds + 30) * 1000);
    const tps = /tps = ([\d.]+)/.exec(output)?.[1];
    if (!tps) throw new Error(`pgbench said no rate:\n${output}`);
    return { perSecond: Number(tps), by: 'pgbench' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(command: string, args: string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}\n${output}`)),
    );
  });
}

async function runLoop({ databaseUrl, script, clients, seconds }: FloorOptions): Promise<Floor> {
  const pool = new Pool({ connectionString: databaseUrl, max: clients });
  const until = Date.now() + seconds * 1000;
  let count = 0;
  const client = async (): Promise<void> => {
    const connection = await pool.connect();
    try {
      while (Date.now() < until) {
        await runOnce(connection, script);
        count++;
      }
    } finally {
      connection.release();
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    await pool.end();
  }
  return { perSecond: count / seconds, by: 'plain pg loop' };
}

/** Once through the script; what a statement with `\gset` answers are variables of those after it. */
async function runOnce(connection: PoolClient, script: string): Promise<void> {
  const answered: Variables = new Map();
  for (const statement of statementsOf(script)) {
    const asksBack = statement.endsWith(GSET);
    const text = asksBack ? statement.slice(0, -GSET.length) : statement;
    const { rows } = await connection.query<Record<string, unknown>>(withValues(text, answered));
    if (asksBack) for (const [name, value] of Object.entries(rows[0])) answered.set(name, literal(value));
  }
}

type Variables = Map<string, string>;

const GSET = '\\gset';

function literal(value: unknown): string {
  return typeof value === 'number' ? String(value) : escapeLiteral(String(value));
}

/** Variables replaced by their values; what isn't one, a cast or a time of day, stays. */
export function withValues(statement: string, values: Variables): string {
  return statement.replace(/(?<!:):(\w+)/g, (all, name: string) => values.get(name) ?? all).trim();
}

/** The script's statements with its `\set name random(a, b)` variables drawn anew; `\gset` stays at the end of its own. */
export function statementsOf(script: string, draw: () => number = Math.random): string[] {
  const variables: Variables = new Map();
  const sql: string[] = [];
  for (const line of script.split('\n')) {
    const set = /^\\set (\w+) random\((\d+), (\d+)\)$/.exec(line.trim());
    if (set)
      variables.set(
        set[1],
        String(Number(set[2]) + Math.floor(draw() * (Number(set[3]) - Number(set[2]) + 1))),
      );
    else sql.push(line);
  }
  return sql
    .join('\n')
    .split(/;\s*(?:\n|$)|(?<=\\gset)\s*\n/)
    .map((statement) => withValues(statement, variables))
    .filter((statement) => statement !== '');
}
