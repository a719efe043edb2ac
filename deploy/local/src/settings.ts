import { PlainFailure } from './stack/plain-failure';
import type { StackOptions, StackPorts } from './stack/stack';

/** Parts that run elsewhere, as the environment names them; those are not started here. */
export function externalParts(env: NodeJS.ProcessEnv = process.env): StackOptions['external'] {
  return {
    databaseAdminUrl: env.DATABASE_ADMIN_URL || undefined,
    kafkaBrokers: env.KAFKA_BROKERS || undefined,
    redisUrl: env.REDIS_URL || undefined,
  };
}

/** Ports that the environment asks for. */
export function namedPorts(env: NodeJS.ProcessEnv = process.env): Partial<StackPorts> {
  const named = {
    postgres: portOf('POSTGRES_PORT', env),
    kafka: portOf('KAFKA_PORT', env),
    kafkaController: portOf('KAFKA_CONTROLLER_PORT', env),
    redis: portOf('REDIS_PORT', env),
  };
  return Object.fromEntries(Object.entries(named).filter(([, port]) => port !== undefined));
}

export const gatewayPort = (env: NodeJS.ProcessEnv = process.env): number | undefined =>
  portOf('GATEWAY_PORT', env);

function portOf(name: string, env: NodeJS.ProcessEnv): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new PlainFailure(`${name} must be a port from 1 to 65535, not "${text}".`);
}
