/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP, to stop in good order. Whoever asks twice does not want to
 * wait: then this process ends at once, and the guardian ends what it leaves behind.
 */
export function onStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}
