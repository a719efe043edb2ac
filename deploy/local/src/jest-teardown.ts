import { endRun } from './jest-run';

export default async function teardown(): Promise<void> {
  await endRun();
}
