import { TOPICS } from '@doorstep/contracts';
import type { Sql } from '../database/transaction';
import { Broker } from './broker';
import { Misuse, answering, databaseUrlOf, parsed, withDatabase } from './command-line';

export const USAGE = `Lets a service read snapshot topics again from their beginning, into an empty or a lost read model.

  npm run rebuild -- --service NAME [--topic TOPIC…]

Stop the service first and start it afterwards. Without --topic: every snapshot topic that the service reads.
Facts are never read again: their effects would happen twice.
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
      const chosen = topics ?? snapshotTopics().filter((topic) => known.includes(topic));
      const strange = chosen.find((topic) => !known.includes(topic));
      if (strange) throw new Misuse(`${service} has never read ${strange}.`);
      if (chosen.length === 0) throw new Misuse(`${service} has read no snapshot topic yet.`);
      await broker.rewind(service, chosen);
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
  const facts = topics?.find((topic) => !snapshotTopics().includes(topic));
  if (facts) throw new Misuse(`${facts} is no snapshot topic.`);
  const brokers = env['KAFKA_BROKERS']?.split(',');
  if (!brokers) throw new Misuse('Which broker? Give KAFKA_BROKERS in the environment.');
  return { service, topics, url: databaseUrlOf(values, env), brokers };
}

function snapshotTopics(): string[] {
  return TOPICS.filter(({ compacted }) => compacted).map(({ name }) => name);
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
