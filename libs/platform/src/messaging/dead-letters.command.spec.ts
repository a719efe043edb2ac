import { Client } from 'pg';
import { newId } from '@doorstep/kernel';
import type { Sql } from '../database/sql';
import { runDeadLetters } from './dead-letters.command';
import { bury } from './dead-letters';
import { type SpecDatabase, createSpecDatabase } from './messaging.harness';

let database: SpecDatabase;
let client: Client;
const sql: Sql = async <T>(text: string, params?: unknown[]) =>
  (await client.query(text, params)).rows as T[];

beforeAll(async () => {
  database = await createSpecDatabase();
  client = new Client({ connectionString: database.appUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const letter = (offset: number, value: string) => ({
  topic: 'bookings.booking.v1',
  partition: 0,
  offset,
  key: newId(),
  value: Buffer.from(value),
  headers: { ce_type: 'bookings.BookingHeld.v1', ce_id: newId() },
});

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await runDeadLetters(args, { SPEC_DATABASE_URL: database.appUrl }, (text) => (said += text));
  return { code, said };
}
const idsOf = (said: string): string[] => said.split('\n').map((line) => line.split(' ')[0]);

describe('the dead-letters command', () => {
  it('says that there are none', async () => {
    expect(await run('list', '--service', 'spec')).toEqual({ code: 0, said: 'No dead letters.' });
  });

  it('lists with cause and place, newest first', async () => {
    await bury(sql, letter(4, '{"name":"王小明"}'), 3, 'Error: no site');
    await bury(sql, letter(5, '{"name":'), 1, 'the data is not a JSON object');
    const { code, said } = await run('list', '--service', 'spec');
    expect(code).toBe(0);
    const place = (offset: number) => `bookings.BookingHeld.v1  bookings.booking.v1/0@${offset}`;
    expect(said.split('\n').map((line) => line.replace(/^.*Z {2}/, ''))).toEqual([
      `${place(5)}  1 attempt(s)  the data is not a JSON object`,
      `${place(4)}  3 attempt(s)  Error: no site`,
    ]);
  });

  it('shows the fields of one, and values only when asked', async () => {
    const [broken, whole] = idsOf((await run('list', '--service', 'spec')).said);
    const { said } = await run('show', '--service', 'spec', whole);
    expect(said).toContain('data: name (--payload shows the values)');
    expect(said).not.toContain('王小明');
    expect((await run('show', '--service', 'spec', whole, '--payload')).said).toContain('{"name":"王小明"}');
    expect((await run('show', '--service', 'spec', broken)).said).toContain('8 bytes that are not JSON');
  });

  it('sends some or all back to the parked queue', async () => {
    const [, whole] = idsOf((await run('list', '--service', 'spec')).said);
    expect((await run('replay', '--service', 'spec', whole, '999999')).said).toBe(
      '1 sent back to the service. 1 not found.',
    );
    expect((await run('replay', '--service', 'spec', '--all')).said).toBe('1 sent back to the service.');
    const parked = await sql('SELECT message_offset, attempts, cause FROM parked_event ORDER BY id');
    expect(parked).toEqual([
      { message_offset: 4, attempts: 0, cause: 'Error: no site' },
      { message_offset: 5, attempts: 0, cause: 'the data is not a JSON object' },
    ]);
  });

  it.each([
    [[], 'Which command?'],
    [['burn'], 'There is no command burn.'],
    [['show', '--service', 'spec', 'x'], 'An ID is the number that list shows.'],
    [['show', '--service', 'spec'], 'show takes one ID.'],
    [['replay', '--service', 'spec'], 'replay takes the IDs, or --all.'],
    [['list', '--service', 'other'], 'Which database?'],
    [['list', '--colour'], 'Unknown option'],
    [['list', '--limit', '0', '--service', 'spec'], '--limit is a number from 1.'],
  ])('%j is answered with what is missing, and how to call it', async (args, said) => {
    const answer = await run(...args);
    expect(answer.code).toBe(1);
    expect(answer.said).toContain(said);
    expect(answer.said).toContain('npm run dead-letters -- list');
  });

  it('says in one sentence that the database is away', async () => {
    const answer = await run('list', '--database', 'postgres://x:y@127.0.0.1:1/z');
    expect(answer).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^The dead letters cannot be reached: .*127/),
    });
  });
});
