import type { AppLogger } from '../observability/logger';

interface Stoppable {
  stop(): Promise<void>;
}

const running = new Set<Stoppable>();
let installed = false;

/** SIGTERM and SIGINT stop every service of this process, in a bounded time; a second signal ends it at once. */
export function stopOnSignals(service: Stoppable): () => void {
  running.add(service);
  if (!installed) {
    installed = true;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stopAll);
  }
  return () => void running.delete(service);
}

let stopping = false;

function stopAll(): void {
  if (stopping) process.exit(1);
  stopping = true;
  void Promise.allSettled([...running].map((service) => service.stop())).then((results) => {
    process.exit(results.every(({ status }) => status === 'fulfilled') ? 0 : 1);
  });
}

/** Runs a stop; when it takes longer than its bound it is given up, and that is said. */
export async function bounded(stop: Promise<void>, secondsMax: number, logger: AppLogger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not stop within ${secondsMax} s`)), secondsMax * 1000);
  });
  try {
    await Promise.race([stop, late]);
  } catch (error) {
    logger.failure('stop was not clean', error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
