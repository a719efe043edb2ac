import { TOPICS } from '@doorstep/contracts';
import type { Sql } from '../database/transaction';
import { Broker } from './broker';
import { Misuse, answering, databaseUrlOf, parsed, withDatabase } from './command-line';

export const USAGE = `Empties a service's read models and lets it read their topics again from the beginning.

  npm run rebuild -- --service NAME [--topic TOPIC…]

Stop the service first and start it afterwards. Without --topic: every snapshot topic that the service reads, and the facts
of which it keeps nothing but a read model. Other facts are never read again: their effects would happen twice.
The service's database: --database URL, else <NAME>_DATABASE_URL, else DATABASE_URL.
The broker: KAFKA_BROKERS, and TOPIC_PREFIX where one is used.
`;

const ROWS_PER_DELETE = 20_000;

/** @returns the process's exit code */
export function runRebuild(
  args: string[],
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<number> {
  return answering(say, USAGE, 'Nothing was changed', async () => {
    const { service, topics, url, brokers } = read(args, env);
    const broker = new Broker({
      brokers,
      clientId: 'rebuild',
      topicPrefix: env['TOPIC_PREFIX'],
      log: { warn: () => undefined, debug: () => undefined },
    });
    return withDatabase(url, async (sql) => {
      const known = await broker.topicsOf(service);
      const models = await readModels(sql);
      const readable = [...new Set([...snapshotTopics(), ...models.map(({ topic }) => topic)])];
      const facts = topics?.find((topic) => !readable.includes(topic));
      if (facts)
        throw new Misuse(`${facts} is no snapshot topic, and no read model of ${service} is made of it.`);
      const chosen = topics ?? readable.filter((topic) => known.includes(topic));
      const strange = chosen.find((topic) => !known.includes(topic));
      if (strange) throw new Misuse(`${service} has never read ${strange}.`);
      if (chosen.length === 0) throw new Misuse(`${service} has read no snapshot topic yet.`);
      await broker.rewind(service, chosen);
      for (const { table_name, topic } of models) if (chosen.includes(topic)) await empty(sql, table_name);
      await forget(sql, chosen);
      return `${service} will read ${chosen.join(', ')} from the beginning when it starts.`;
    });
  });
}

function read(args: string[], env: NodeJS.ProcessEnv) {
  const { values } = parsed({
    args,
    options: {
      service: { type: 'string' },
      database: { type: 'string' },
      topic: { type: 'string', multiple: true },
    },
  });
  const { service, topic: topics } = values;
  if (!service) throw new Misuse('Which service? Give --service.');
  const brokers = env['KAFKA_BROKERS']?.split(',');
  if (!brokers) throw new Misuse('Which broker? Give KAFKA_BROKERS in the environment.');
  return { service, topics, url: databaseUrlOf(values, env), brokers };
}

function snapshotTopics(): string[] {
  return TOPICS.filter(({ compacted }) => compacted).map(({ name }) => name);
}

/** Tables that hold nothing but what was read from a topic; the service's migrations name them. */
function readModels(sql: Sql): Promise<{ table_name: string; topic: string }[]> {
  return sql(`SELECT table_name, topic FROM read_model ORDER BY table_name`);
}

async function empty(sql: Sql, table: string): Promise<void> {
  await sql(`SELECT set_config('app.operator_id', '*', false)`);
  for (;;) {
    const gone = await sql(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} LIMIT ${ROWS_PER_DELETE})) RETURNING 1`,
    );
    if (gone.length < ROWS_PER_DELETE) return;
  }
}

/** Without their inbox rows the snapshots are news again; handlers keep the highest version, so none harms. */
async function forget(sql: Sql, topics: string[]): Promise<void> {
  for (;;) {
    const gone = await sql(
      `DELETE FROM inbox WHERE event_id IN (
         SELECT event_id FROM inbox WHERE topic = ANY ($1) LIMIT ${ROWS_PER_DELETE}) RETURNING 1`,
      [topics],
    );
    if (gone.length < ROWS_PER_DELETE) return;
  }
}
