import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Pool } from 'pg';

export interface FloorOptions {
  databaseUrl: string;
  /** One transaction in pgbench's script language, without \set lines that only pgbench understands beyond `random`. */
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
        for (const statement of statementsOf(script)) await connection.query(statement);
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

/** The script's statements with its `\set name random(a, b)` variables drawn anew. */
export function statementsOf(script: string, draw: () => number = Math.random): string[] {
  const variables = new Map<string, string>();
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
    .split(/;\s*(?:\n|$)/)
    .map((statement) =>
      statement.replace(/(?<!:):(\w+)/g, (all, name: string) => variables.get(name) ?? all).trim(),
    )
    .filter((statement) => statement !== '');
}
