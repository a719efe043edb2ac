import type { Sql } from '../database/sql';
import { Misuse, answering, databaseUrlOf, parsed, withDatabase } from './command-line';
import { type DeadLetter, findDeadLetter, listDeadLetters, replayDeadLetters } from './dead-letters';

export const USAGE = `Messages that a service gave up on.

  npm run dead-letters -- list   --service NAME [--limit 50]
  npm run dead-letters -- show   --service NAME ID [--payload]
  npm run dead-letters -- replay --service NAME ID… | --all

The service's database: --database URL, else <NAME>_DATABASE_URL, else DATABASE_URL.
A replayed message goes back to the running service at once, behind what is parked under its key.
`;

type Command = (sql: Sql, ids: number[], flags: Flags) => Promise<string>;
interface Flags {
  limit: number;
  payload: boolean;
  all: boolean;
}

const COMMANDS: Record<string, Command> = { list, show, replay };

/** @returns the process's exit code */
export async function runDeadLetters(
  args: string[],
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<number> {
  return answering(say, USAGE, 'The dead letters cannot be reached', async () => {
    const { command, ids, flags, url } = read(args, env);
    return withDatabase(url, (sql) => command(sql, ids, flags));
  });
}

function read(args: string[], env: NodeJS.ProcessEnv) {
  const { values, positionals } = parsed({
    args,
    allowPositionals: true,
    options: {
      service: { type: 'string' },
      database: { type: 'string' },
      limit: { type: 'string' },
      payload: { type: 'boolean' },
      all: { type: 'boolean' },
    },
  });
  const [name = '', ...rest] = positionals;
  const command = COMMANDS[name];
  if (!command) throw new Misuse(name ? `There is no command ${name}.` : 'Which command?');
  const ids = rest.map(Number);
  if (!ids.every((id) => Number.isSafeInteger(id) && id > 0))
    throw new Misuse('An ID is the number that list shows.');
  const url = databaseUrlOf(values, env);
  const limit = Number(values.limit ?? 50);
  if (!Number.isSafeInteger(limit) || limit < 1) throw new Misuse('--limit is a number from 1.');
  return { command, ids, url, flags: { limit, payload: values.payload ?? false, all: values.all ?? false } };
}

async function list(sql: Sql, _ids: number[], { limit }: Flags): Promise<string> {
  const letters = await listDeadLetters(sql, limit);
  if (letters.length === 0) return 'No dead letters.';
  return letters.map(lineOf).join('\n');
}

async function show(sql: Sql, [id, ...more]: number[], { payload }: Flags): Promise<string> {
  if (id === undefined || more.length > 0) throw new Misuse('show takes one ID.');
  const letter = await findDeadLetter(sql, id);
  if (!letter) return `There is no dead letter ${id}.`;
  const headers = Object.entries(letter.headers).map(([name, value]) => `  ${name}: ${value}`);
  const text = letter.payload?.toString('utf8') ?? '';
  const data = payload ? text : `${fieldsOf(text)} (--payload shows the values)`;
  return [lineOf(letter), `key: ${letter.key}`, 'headers:', ...headers, `data: ${data}`].join('\n');
}

async function replay(sql: Sql, ids: number[], { all }: Flags): Promise<string> {
  if (all === ids.length > 0) throw new Misuse('replay takes the IDs, or --all.');
  const count = await replayDeadLetters(sql, all ? undefined : ids);
  const missing = all ? 0 : ids.length - count;
  return `${count} sent back to the service.${missing > 0 ? ` ${missing} not found.` : ''}`;
}

function lineOf({
  id,
  died_at,
  type,
  topic,
  partition,
  message_offset,
  attempts,
  cause,
}: DeadLetter): string {
  const place = `${topic}/${partition}@${message_offset}`;
  return `${id}  ${died_at.toISOString()}  ${type ?? 'no type'}  ${place}  ${attempts} attempt(s)  ${cause}`;
}

/** Names without values: who looks for a cause needn't see what the message says about somebody. */
function fieldsOf(text: string): string {
  try {
    return Object.keys(JSON.parse(text) as object).join(', ');
  } catch {
    return `${Buffer.byteLength(text)} bytes that are not JSON`;
  }
}
