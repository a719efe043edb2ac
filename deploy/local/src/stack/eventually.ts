/** Repeats `attempt` until it succeeds. The last failure is thrown when the time is over, a final one at once. */
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  options: { timeoutMs: number; pauseMs: number; isFinal?: (error: unknown) => boolean },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline || options.isFinal?.(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
    }
  }
}
