/** One Ctrl-C reaches us twice under npm: from the terminal and passed on by npm. */
const ECHO_MS = 1000;

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, to stop in good order. Whoever asks again does not want to
 * wait: then this process ends at once, and the guardian ends what it leaves behind.
 */
export function onStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > ECHO_MS) process.exit(130);
        askedAt ??= performance.now();
        resolve();
      });
    }
  });
}
