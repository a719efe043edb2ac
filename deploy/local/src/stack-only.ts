import { join } from 'node:path';
import { externalParts, namedPorts } from './settings';
import { runCommand } from './stack/plain-failure';
import { startStack } from './stack/stack';
import { onStopSignal } from './stop-signal';
import { KEPT } from './workspace';

/** npm run stack: PostgreSQL, Kafka and Redis alone, for services that a debugger starts. */
void runCommand(async () => {
  const stopping = onStopSignal();
  const stack = await startStack({
    dataDir: join(KEPT, 'data'),
    logDir: join(KEPT, 'logs'),
    ports: namedPorts(),
    external: externalParts(),
    say,
  });
  say(`DATABASE_ADMIN_URL=${stack.postgres.adminUrl}`);
  say(`KAFKA_BROKERS=${stack.kafkaBrokers}`);
  say(`REDIS_URL=${stack.redisUrl}`);
  say('Ctrl-C stops everything.');
  await stopping;
  await stack.stop();
  process.exit(0);
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
