import { ensurePlatform } from './jest-run';

/** Before any scenario: the whole platform, once for the run. */
export default async function setup(): Promise<void> {
  await ensurePlatform();
}
