import { TOPICS } from '@doorstep/contracts';
import type { Sql } from '../database/sql';
import { Broker } from './broker';
import { Misuse, answering, databaseUrlOf, parsed, withDatabase } from './command-line';
import { toldIn, type Told } from './newest-told';
import { consumeAgain, empty, forget, readModels, type ReadModel, refresh, someRows } from './read-models';

export const USAGE = `Makes a service's read models again: it will read their topics from the beginning.

  npm run rebuild -- --service NAME [--topic TOPIC…]

Stop the service first and start it afterwards. Without --topic: every snapshot topic that the service reads, and the facts
of which it keeps nothing but a read model. Other facts are never read again: their effects would happen twice.
The service's database: --database URL, else <NAME>_DATABASE_URL, else DATABASE_URL.
The broker: KAFKA_BROKERS, and TOPIC_PREFIX where one is used.
`;

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
      await sql(`SELECT set_config('app.operator_id', '*', false)`);
      const plans = await planned(sql, broker, chosen, models);
      await broker.rewind(service, chosen);
      for (const each of plans) await prepare(sql, each);
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

/** What has to be done for each topic; nothing is changed before all of it is known. */
async function planned(
  sql: Sql,
  broker: Broker,
  topics: readonly string[],
  models: readonly ReadModel[],
): Promise<Plan[]> {
  const snapshots = topics.filter((topic) => snapshotTopics().includes(topic));
  const told = await toldIn(broker, snapshots);
  const plans = topics.map((topic) => ({
    ...{ topic, told: told.get(topic) },
    own: models.filter((model) => model.topic === topic),
  }));
  for (const { topic, own, told: of } of plans)
    if (of?.keys.size === 0 && (await someRows(sql, own)))
      throw new Error(`nothing is left in ${topic} to make ${own.map(({ table }) => table).join(', ')} of`);
  return plans;
}

interface Plan {
  topic: string;
  own: ReadModel[];
  /** Of a topic of snapshots. */
  told?: Told;
}

/** Of snapshots only the newest of each key is to have its effect again; facts all of them. */
async function prepare(sql: Sql, { topic, own, told }: Plan): Promise<void> {
  if (!told) {
    for (const { table } of own) await empty(sql, table);
    return forget(sql, topic);
  }
  await sql('BEGIN');
  for (const model of own) {
    if (model.keyColumn) await refresh(sql, model, [...told.keys]);
    else await empty(sql, model.table);
  }
  await consumeAgain(sql, topic, told);
  await sql('COMMIT');
}

function snapshotTopics(): string[] {
  return TOPICS.filter(({ compacted }) => compacted).map(({ name }) => name);
}
