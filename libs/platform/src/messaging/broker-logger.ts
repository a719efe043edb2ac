import './kafkajs-headers';
import type { LogEntry } from 'kafkajs';
import { logLevel } from 'kafkajs';

/** Where the broker client's lines go; Nest's Logger fits. */
export interface BrokerLog {
  warn(message: string): void;
  debug(message: string): void;
}

const QUIET_MS = 10_000;

/**
 * kafkajs calls each lost connection, each rebalance and each retry an error, several times a second while a broker is
 * away. Here they are warnings, the same one at most every ten seconds, and the chatter below is debug.
 */
export function brokerLogger(log: BrokerLog, now: () => number = Date.now) {
  const lastSaid = new Map<string, number>();
  return () =>
    ({ level, namespace, log: entry }: LogEntry): void => {
      const reason = typeof entry['error'] === 'string' ? ` (${entry['error']})` : '';
      const line = `${namespace}: ${entry.message}${reason}`;
      if (level > logLevel.WARN || ROUTINE.test(line)) return log.debug(line);
      if (now() - (lastSaid.get(line) ?? -Infinity) < QUIET_MS) return log.debug(line);
      if (lastSaid.size > 200) lastSaid.clear();
      lastSaid.set(line, now());
      log.warn(line);
    };
}

/**
 * Part of normal life: members come and go, topics appear (created by whoever asks first, their leaders a moment later),
 * an idempotent producer is told of its limited retries.
 */
const ROUTINE =
  /rebalancing|re-joining|Limiting retries for the idempotent producer|coordinator|does not host this topic|Response CreateTopics|Response ListOffsets.*not the leader/i;
