import { Client } from 'pg';
import { type Admin, AssignerProtocol, Kafka, logLevel } from 'kafkajs';

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

/** Where each partition ends, by topic and number. */
type Ends = ReadonlyMap<string, number>;

/** Asks the broker itself: ends of all topics, and what consumer groups have committed. Keeps one connection. */
export class BrokerBooks {
  private constructor(private readonly admin: Admin) {}

  static async open(brokers: string): Promise<BrokerBooks> {
    const kafka = new Kafka({
      clientId: 'demo-checks',
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    return new BrokerBooks(admin);
  }

  /** The ends first: what comes in between is no message behind, but a further end at the next count. */
  async count(): Promise<BrokerCount> {
    const ends = await this.ends();
    return { published: publishedOf(ends), lag: await this.lag(ends) };
  }

  /** Messages before these ends that some service has yet to take. */
  async lag(ends: Ends): Promise<number> {
    const { groups } = await this.admin.listGroups();
    return sumOf(await Promise.all(groups.map(({ groupId }) => this.behind(groupId, ends))));
  }

  async ends(): Promise<Ends> {
    const topics = (await this.admin.listTopics()).filter((name) => !name.startsWith('__'));
    const ends = await Promise.all(
      topics.map(async (topic) => {
        const partitions = await this.admin.fetchTopicOffsets(topic);
        return partitions.map(({ partition, high }): [string, number] => [
          `${topic}/${partition}`,
          Number(high),
        ]);
      }),
    );
    return new Map(ends.flat());
  }

  /** Over all partitions that the group's members have: of those that it never committed, every message. */
  private async behind(groupId: string, ends: Ends): Promise<number> {
    const [committed, assigned] = await Promise.all([
      this.admin.fetchOffsets({ groupId }),
      this.assigned(groupId),
    ]);
    const done = new Map(
      committed.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }): [string, number] => [
          `${topic}/${partition}`,
          Math.max(0, Number(offset)),
        ]),
      ),
    );
    const partitions = new Set([...assigned, ...done.keys()]);
    return sumOf([...partitions].map((name) => Math.max(0, (ends.get(name) ?? 0) - (done.get(name) ?? 0))));
  }

  private async assigned(groupId: string): Promise<string[]> {
    const [{ members }] = (await this.admin.describeGroups([groupId])).groups;
    return members.flatMap(({ memberAssignment }) => {
      const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
      return Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => `${topic}/${partition}`),
      );
    });
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

export function publishedOf(ends: Ends): number {
  return sumOf([...ends.values()]);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
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
