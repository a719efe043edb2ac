import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Client } from 'pg';
import '../database/pg-types';
import type { Sql } from '../database/sql';

/** What the caller got wrong, in one sentence. */
export class Misuse extends Error {}

/** parseArgs, whose complaints are the caller's to mend. */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Misuse((error as Error).message);
  }
}

/** --database, else the service's own name in the environment, else the general one. */
export function databaseUrlOf(
  values: { service?: string; database?: string },
  env: NodeJS.ProcessEnv,
): string {
  const service = values.service?.toUpperCase().replaceAll('-', '_');
  const url = values.database ?? (service && env[`${service}_DATABASE_URL`]) ?? env['DATABASE_URL'];
  if (!url)
    throw new Misuse(
      'Which database? Give --database, or DATABASE_URL in the environment; after `npm start` on this machine it is known.',
    );
  return url;
}

export async function withDatabase<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'doorstep command' });
  await client.connect();
  try {
    return await work(
      async <R>(text: string, params?: unknown[]) => (await client.query(text, params)).rows as R[],
    );
  } finally {
    await client.end();
  }
}

/** Runs a command and says its outcome or what went wrong, in plain words. @returns the process's exit code */
export async function answering(
  say: (text: string) => void,
  usage: string,
  trouble: string,
  command: () => Promise<string>,
): Promise<number> {
  try {
    say(await command());
    return 0;
  } catch (error) {
    say(error instanceof Misuse ? `${error.message}\n\n${usage}` : `${trouble}: ${(error as Error).message}`);
    return 1;
  }
}
