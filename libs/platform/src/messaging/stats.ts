/** Counters since the process started, and the newest gauges. One per service. */
export interface MessagingSnapshot {
  /** Events acknowledged by the broker. */
  published: number;
  /** Events whose effect was committed. */
  consumed: number;
  /** Deliveries whose event had been consumed before. */
  duplicatesIgnored: number;
  /** Events of types that this service has no handler for. */
  unknownIgnored: number;
  /** Failed attempts that were tried again. */
  retried: number;
  /** Events put aside with their key. */
  parked: number;
  deadLettered: number;
  /** Messages behind the end, by `topic/partition`, as of the last batch of each. */
  lag: Record<string, number>;
}

type Counter = Exclude<keyof MessagingSnapshot, 'lag'>;

export class MessagingStats {
  private readonly counters: Record<Counter, number> = {
    published: 0,
    consumed: 0,
    duplicatesIgnored: 0,
    unknownIgnored: 0,
    retried: 0,
    parked: 0,
    deadLettered: 0,
  };
  private readonly lag = new Map<string, number>();

  count(counter: Counter, by = 1): void {
    this.counters[counter] += by;
  }

  lagOf(topic: string, partition: number, messages: number): void {
    this.lag.set(`${topic}/${partition}`, messages);
  }

  snapshot(): MessagingSnapshot {
    return { ...this.counters, lag: Object.fromEntries(this.lag) };
  }
}
