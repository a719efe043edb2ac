/** Repeats `attempt` until it succeeds; the last failure is thrown when the time is over. */
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  options: { timeoutMs: number; pauseMs: number },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
    }
  }
}
