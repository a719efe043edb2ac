import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { environmentOf, type Installation } from './environment';
import { formatSecrets } from './secrets';
import { SERVICES } from './services';

/**
 * Leaves what the commands of docs/OPERATIONS.md have to know of this installation: each service's database under the role
 * that the service itself has, and the broker. The ports are chosen here, so nobody could say them from memory.
 */
export async function leaveCommandsEnv(file: string, installation: Installation): Promise<void> {
  const { stack, topicPrefix } = installation;
  const databases = SERVICES.map((name) => [
    `${name.toUpperCase()}_DATABASE_URL`,
    environmentOf(name, installation).DATABASE_URL as string,
  ]);
  const known = {
    ...Object.fromEntries(databases),
    KAFKA_BROKERS: stack.kafkaBrokers,
    TOPIC_PREFIX: topicPrefix,
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, formatSecrets(known), { mode: 0o600 });
}
