import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Client, escapeIdentifier } from 'pg';
import { databaseUrl } from './platform/environment';
import { type Platform, startPlatform } from './platform/platform';
import { generateSecrets, passwordName, type Secrets } from './platform/secrets';
import { type ProcessName, PROCESSES, SERVICES } from './platform/services';
import { testRolePassword } from './stack/role-password';
import type { TestStackAddress } from './test-stack';

/** The platform that all scenarios of one run share; JSON in DOORSTEP_TEST_PLATFORM. */
export interface TestPlatformAddress {
  gatewayUrl: string;
  adminLogin: string;
  adminPassword: string;
  /** Base address, log, and (but for the gateway) the database as the superuser sees it. */
  services: Record<ProcessName, { url: string; databaseUrl: string; logFile: string }>;
  kafkaBrokers: string;
  topicPrefix: string;
  /** Holds the milliseconds by which the services' clocks are ahead; all scenarios of the run share it. */
  clockFile: string;
}

/** No scenario is about limits; those have specs of their own. */
const UNLIMITED = {
  RATE_LIMIT_CLIENT_PER_MINUTE: '1000000',
  RATE_LIMIT_PERSON_PER_MINUTE: '1000000',
  RATE_LIMIT_ADDRESS_PER_MINUTE: '1000000',
  RATE_LIMIT_LOGIN_PER_MINUTE: '1000000',
};

/** Six real processes on the run's stack, with databases and topics of their own. */
export async function startTestPlatform(
  stack: TestStackAddress,
  say: (line: string) => void,
): Promise<{ address: TestPlatformAddress; stop(): Promise<void> }> {
  const name = `t${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
  const dataDir = join(tmpdir(), `doorstep-platform-${name}`);
  const [databaseSuffix, topicPrefix] = [`_${name}`, `${name}.`];
  const clockFile = join(dataDir, 'clock');
  await mkdir(dataDir, { recursive: true });
  await writeFile(clockFile, '0');
  const platform = await startPlatform({
    dataDir,
    ephemeral: true,
    external: stack,
    secrets: { ...generateSecrets(), ...rolePasswords(stack.databaseAdminUrl) },
    databaseSuffix,
    topicPrefix,
    env: { ...UNLIMITED, CLOCK_FILE: clockFile },
    say,
    // Scenarios provoke refusals and failures; the logs have it all.
    warn: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await platform.stop();
    await dropDatabases(stack.databaseAdminUrl, databaseSuffix);
    await dropTopics(stack.kafkaBrokers, topicPrefix);
  };
  return { address: addressOf(platform, topicPrefix, clockFile), stop };
}

function addressOf(platform: Platform, topicPrefix: string, clockFile: string): TestPlatformAddress {
  const services = PROCESSES.map((name) => {
    const { url, databaseUrl: database, logFile } = platform.services[name];
    return [name, { url, databaseUrl: database, logFile }];
  });
  return {
    gatewayUrl: platform.gatewayUrl,
    adminLogin: platform.adminLogin,
    adminPassword: platform.adminPassword ?? '',
    services: Object.fromEntries(services) as TestPlatformAddress['services'],
    kafkaBrokers: platform.stack.kafkaBrokers,
    topicPrefix,
    clockFile,
  };
}

function rolePasswords(databaseAdminUrl: string): Secrets {
  const pairs = SERVICES.flatMap((service) =>
    (['owner', 'app'] as const).map((role) => [
      passwordName(service, role),
      testRolePassword(databaseAdminUrl, `${service}_${role}`),
    ]),
  );
  return Object.fromEntries(pairs) as Secrets;
}

async function dropDatabases(databaseAdminUrl: string, suffix: string): Promise<void> {
  const admin = new Client({ connectionString: databaseUrl(databaseAdminUrl, 'postgres') });
  await admin.connect();
  for (const service of SERVICES) {
    await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(service + suffix)} WITH (FORCE)`);
  }
  await admin.end();
}

async function dropTopics(kafkaBrokers: string, prefix: string): Promise<void> {
  const brokers = kafkaBrokers.split(',');
  const admin = new Kafka({ clientId: 'doorstep-stack', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}
