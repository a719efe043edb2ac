import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { startChild, tailOf, type Child } from './child';
import { retryUntil } from './eventually';

const run = promisify(execFile);

export interface KafkaOptions {
  java: string;
  classPath: string;
  dataDir: string;
  logDir: string;
  port: number;
  controllerPort: number;
  ephemeral: boolean;
}

/** One broker that is its own KRaft controller; answers when a consumer group could join. */
export async function startKafka(options: KafkaOptions): Promise<Child> {
  const directory = join(options.dataDir, 'kafka');
  await mkdir(directory, { recursive: true });
  const configFile = join(directory, 'server.properties');
  await writeFile(configFile, serverProperties(options, join(directory, 'log')));
  if (!existsSync(join(directory, 'log', 'meta.properties'))) await format(options, configFile);
  const logFile = join(options.logDir, 'kafka.log');
  const heap = ['-Xmx384m', '-Xms128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const quiet = [
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
  ];
  const child = await startChild({
    name: 'Kafka',
    command: options.java,
    args: [...heap, ...quiet, '-cp', options.classPath, 'kafka.Kafka', configFile],
    cwd: directory,
    logFile,
    stopSignal: options.ephemeral ? 'SIGKILL' : 'SIGTERM',
    stopMsMax: 20_000,
  });
  await retryUntil(() => probe(options.port, child, logFile), { timeoutMs: 120_000, pauseMs: 100 });
  return child;
}

/** Random cluster id, then the metadata directory with this node as the only voter. */
async function format(options: KafkaOptions, configFile: string): Promise<void> {
  const tool = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-cp',
    options.classPath,
    'kafka.tools.StorageTool',
  ];
  // Kafka's own random-uuid is sixteen random bytes in base64url too; doing it here saves a second of Java.
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  await run(options.java, [...tool, 'format', '--standalone', '-t', clusterId, '-c', configFile]);
}

function serverProperties(options: KafkaOptions, logDirectory: string): string {
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${options.port},CONTROLLER://127.0.0.1:${options.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${options.port},CONTROLLER://127.0.0.1:${options.controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${options.controllerPort}`,
    'log.dirs': logDirectory,
    'num.partitions': 1,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': 'false',
    // The only broker is its own controller: after a crash it may come back as soon as its old session is over.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3000,
    // Two cores serve everything: fewer threads than the defaults, which are made for big machines.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Asking for a group's coordinator makes the broker create and load its offsets topic: then it is ready. */
async function probe(port: number, child: Child, logFile: string): Promise<void> {
  if (!child.alive()) throw new Error(`Kafka ended at once:\n${tailOf(logFile)}`);
  const kafka = new Kafka({
    clientId: 'doorstep-stack',
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
    await admin.describeGroups(['doorstep-stack-probe']);
  } finally {
    await admin.disconnect();
  }
}
