import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { BOOKINGS_BOOKING } from '@doorstep/contracts';
import { ensureDatabaseAndRoles, migrate } from '@doorstep/platform';
import { testPassword, uniqueName } from '@doorstep/testing';
import { CounterProcess, type CounterProcessOptions } from './counter-process';
import { Counters1700000200001 } from './counter-service';
import { Proof } from './proof';
import { Teller } from './teller';

/** One proof's own database and topics on a stack, with what plays in it. */
export class Scene {
  private readonly processes: CounterProcess[] = [];

  private constructor(
    readonly databaseUrl: string,
    readonly kafkaBrokers: string,
    readonly topicPrefix: string,
    readonly teller: Teller,
    readonly proof: Proof,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(stack: { databaseAdminUrl: string; kafkaBrokers: string }): Promise<Scene> {
    const { databaseAdminUrl: admin, kafkaBrokers } = stack;
    const name = `${uniqueName()}_faults`;
    const passwords = { owner: testPassword(admin, 'faults_owner'), app: testPassword(admin, 'faults_app') };
    const { ownerUrl, appUrl, appRole } = await ensureDatabaseAndRoles(admin, 'faults', passwords, name);
    await migrate(ownerUrl, appRole, [Counters1700000200001]);
    const superuserUrl = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
    const drop = async (): Promise<void> => {
      const client = new Client({ connectionString: admin });
      await client.connect();
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.end();
    };
    const prefix = `f${randomBytes(4).toString('hex')}.`;
    return new Scene(appUrl, kafkaBrokers, prefix, await Teller.open(appUrl), new Proof(superuserUrl), drop);
  }

  start(options: Pick<CounterProcessOptions, 'crashAt' | 'slowMs'> = {}): CounterProcess {
    const { databaseUrl, kafkaBrokers, topicPrefix } = this;
    const process = new CounterProcess({ databaseUrl, kafkaBrokers, topicPrefix, ...options });
    this.processes.push(process);
    return process;
  }

  /** Messages that lie on the topic of raised counters, repeats included, by the broker's own count. */
  async messagesOnTopic(): Promise<number> {
    const kafka = new Kafka({ brokers: this.kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(this.topicPrefix + BOOKINGS_BOOKING.name);
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
    await this.teller.close();
    await this.proof.close();
    await this.drop();
  }
}
