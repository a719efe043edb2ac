import type { Broker } from './broker';
import { HEADER } from './envelope';

/** What a topic of snapshots has to say at this moment. */
export interface Told {
  keys: Set<string>;
  /** Events that tell the highest version of their key. */
  newest: string[];
  /** Events that a newer one has overtaken, and the broker has not thrown away yet. */
  overtaken: string[];
}

/** By topic; a topic without messages tells nothing. */
export async function toldIn(broker: Broker, topics: readonly string[]): Promise<Map<string, Told>> {
  const heard = new Map(topics.map((topic) => [topic, { keys: new Set<string>(), ids: new Set<string>() }]));
  const newest = new Map<string, { id: string; version: number }>();
  await broker.scan(topics, ({ topic, key, value, headers }) => {
    const id = headers[HEADER.id];
    if (value === null || !id) return;
    heard.get(topic)?.keys.add(key);
    heard.get(topic)?.ids.add(id);
    const what = `${topic} ${headers[HEADER.type]} ${key}`;
    const version = Number(headers[HEADER.version]);
    const known = newest.get(what);
    if (!known || version >= known.version) newest.set(what, { id, version });
  });
  const ids = new Set([...newest.values()].map(({ id }) => id));
  const split = ({ keys, ids: all }: { keys: Set<string>; ids: Set<string> }): Told => ({
    keys,
    newest: [...all].filter((id) => ids.has(id)),
    overtaken: [...all].filter((id) => !ids.has(id)),
  });
  return new Map([...heard].map(([topic, of]) => [topic, split(of)]));
}
