import { ensureStack } from './jest-run';

/** Before any spec that needs PostgreSQL, Kafka or Redis. */
export default async function setup(): Promise<void> {
  await ensureStack();
}
