import { newId } from '@doorstep/kernel';
import { SYSTEM_ACTOR, runInContext } from '../context';
import type { Database } from '../database/database';
import type { Transaction, Tx } from '../database/transaction';
import { BatchAborted, HandlerTimeout } from './failure';
import type { Received } from './received';

/**
 * Runs `work` in one transaction as the system, on behalf of these events. It is cut, and so rolled back, when it takes
 * longer than `limitMs` or when `signal` aborts: a handler that hangs must hold neither its locks nor its partition.
 */
export async function inEventTransaction<T>(
  database: Database,
  events: readonly Received[],
  work: (tx: Tx) => Promise<T>,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<T> {
  if (signal.aborted) throw new BatchAborted();
  let open: Transaction | undefined;
  let isCut = false;
  let cut: (error: Error) => void = () => undefined;
  const cutShort = new Promise<never>((_resolve, reject) => {
    cut = (error) => {
      isCut = true;
      open?.abandon();
      reject(error);
    };
  });
  const onBegin = (tx: Transaction): void => {
    open = tx;
    if (isCut) tx.abandon();
  };
  const timer = setTimeout(() => cut(new HandlerTimeout(limitMs)), limitMs);
  const onAbort = (): void => cut(new BatchAborted());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const done = runInContext(contextOf(events), () => database.batch(work, onBegin));
    done.catch(() => undefined); // after a cut nobody waits for it any more
    return await Promise.race([done, cutShort]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    cutShort.catch(() => undefined);
  }
}

/** Events of one cause keep their correlation; a mixed batch gets one of its own, and `because` tells them apart. */
export function contextOf(events: readonly Received[]) {
  const [first] = events;
  const sole = events.length === 1 ? first : undefined;
  const shared = events.every(({ correlationId }) => correlationId === first?.correlationId);
  return {
    actor: SYSTEM_ACTOR,
    correlationId: shared && first ? first.correlationId : newId(),
    causationId: sole?.id,
    traceparent: sole?.traceparent,
  };
}
