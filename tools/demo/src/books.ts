import { Client } from 'pg';
import { Kafka, logLevel } from 'kafkajs';

/** Asks the databases themselves, as their superuser: past every service and every row-level filter. */
export class Books {
  private constructor(private readonly clients: Map<string, Client>) {}

  static async open(urls: Record<string, string>): Promise<Books> {
    const clients = new Map<string, Client>();
    for (const [name, connectionString] of Object.entries(urls)) {
      const client = new Client({ connectionString });
      await client.connect();
      clients.set(name, client);
    }
    return new Books(clients);
  }

  async rows<T extends object>(database: string, sql: string, params: unknown[] = []): Promise<T[]> {
    const client = this.clients.get(database);
    if (!client) throw new Error(`no database ${database}`);
    return (await client.query<T>(sql, params)).rows;
  }

  /** The one number that a query answers. */
  async number(database: string, sql: string, params: unknown[] = []): Promise<number> {
    const [row] = await this.rows<Record<string, unknown>>(database, sql, params);
    return Number(Object.values(row)[0] ?? 0);
  }

  get databases(): string[] {
    return [...this.clients.keys()];
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end()));
  }
}

export interface BrokerCount {
  /** Messages ever appended to the platform's topics. */
  published: number;
  /** Messages that some service has yet to take. */
  lag: number;
}

/** Counts at the broker itself: ends of all topics, and what consumer groups have committed. */
export async function countAtBroker(brokers: string): Promise<BrokerCount> {
  const admin = new Kafka({
    clientId: 'demo-checks',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const ends = new Map<string, number>();
    for (const topic of (await admin.listTopics()).filter((name) => !name.startsWith('__'))) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic))
        ends.set(`${topic}/${partition}`, Number(high));
    }
    let lag = 0;
    for (const { groupId } of (await admin.listGroups()).groups) {
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
        for (const { partition, offset } of partitions) {
          lag += (ends.get(`${topic}/${partition}`) ?? 0) - Math.max(0, Number(offset));
        }
      }
    }
    return { published: [...ends.values()].reduce((sum, end) => sum + end, 0), lag };
  } finally {
    await admin.disconnect();
  }
}

/** A service's own counters, from its metrics page. */
export async function countersOf(
  serviceUrl: string,
): Promise<Record<'published' | 'consumed' | 'duplicates_ignored' | 'dead_lettered', number>> {
  const text = await (await fetch(`${serviceUrl}/metrics`)).text();
  const read = (name: string): number =>
    Number(new RegExp(`^doorstep_events_${name}_total(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    published: read('published'),
    consumed: read('consumed'),
    duplicates_ignored: read('duplicates_ignored'),
    dead_lettered: read('dead_lettered'),
  };
}
