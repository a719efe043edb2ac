import { startTestPlatform } from './test-platform';
import { liveTestStack, startTestStack, type TestStackAddress } from './test-stack';

/** What this test run has started and must end, in that order: the platform stands on the stack. */
interface Started {
  /** May be ended before the run is (libs/testing/jest/platform-ends.js). */
  platform?: { stop(): Promise<void> };
  stack?: { stop(): Promise<void> };
}

const holder = globalThis as { doorstepTestRun?: Started };
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Joins the shared stack when one is up, else starts one for this run. Safe to call twice. */
export async function ensureStack(): Promise<TestStackAddress> {
  const known = process.env.DOORSTEP_TEST_STACK;
  if (known) return JSON.parse(known) as TestStackAddress;
  let address = await liveTestStack();
  if (!address) {
    const started = await startTestStack(say);
    address = started.address;
    (holder.doorstepTestRun ??= {}).stack = started.stack;
  }
  process.env.DOORSTEP_TEST_STACK = JSON.stringify(address);
  return address;
}

/** Starts the platform that the run's scenarios share. When it fails, they do, and all other tests still run. */
export async function ensurePlatform(): Promise<void> {
  if (process.env.DOORSTEP_TEST_PLATFORM || process.env.DOORSTEP_TEST_PLATFORM_FAILURE) return;
  try {
    const platform = await startTestPlatform(await ensureStack(), say);
    let ended: Promise<void> | undefined;
    (holder.doorstepTestRun ??= {}).platform = { stop: () => (ended ??= platform.stop()) };
    process.env.DOORSTEP_TEST_PLATFORM = JSON.stringify(platform.address);
  } catch (error) {
    process.env.DOORSTEP_TEST_PLATFORM_FAILURE = String((error as Error).stack ?? error);
  }
}

/** Ends what this run has started; a shared stack stays. Safe to call twice. */
export async function endRun(): Promise<void> {
  const { platform, stack } = holder.doorstepTestRun ?? {};
  holder.doorstepTestRun = {};
  await platform?.stop();
  await stack?.stop();
}
