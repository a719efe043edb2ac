/** Ends the stack that this run has started; a shared one stays. */
export default async function globalTeardown(): Promise<void> {
  const holder = globalThis as { doorstepTestStack?: { stop(): Promise<void> } };
  await holder.doorstepTestStack?.stop();
}
