import { liveTestStack, startTestStack } from './test-stack';

/** Before any test that needs real parts: joins the shared stack when one is up, else starts one for this run. */
export default async function globalSetup(): Promise<void> {
  const shared = await liveTestStack();
  if (shared) {
    process.env.DOORSTEP_TEST_STACK = JSON.stringify(shared);
    return;
  }
  const { stack, address } = await startTestStack((line) => process.stderr.write(`${line}\n`));
  process.env.DOORSTEP_TEST_STACK = JSON.stringify(address);
  (globalThis as { doorstepTestStack?: typeof stack }).doorstepTestStack = stack;
}
