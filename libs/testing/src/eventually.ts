export interface EventuallyOptions {
  /** Milliseconds until the last failure is thrown. */
  timeoutMs?: number;
  pauseMs?: number;
}

/** Repeats `attempt` until it stops throwing and gives its value; for what other processes do in their own time. */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 10_000, pauseMs = 20 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
