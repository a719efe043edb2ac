import type { DomainEvent } from '@doorstep/contracts';

/** One event as a handler gets it: validated, not seen before, in the order of its key. */
export interface Received<E extends DomainEvent = DomainEvent> {
  /** CloudEvents id. */
  id: string;
  type: string;
  data: E;
  /** Message key: the aggregate's id. */
  key: string;
  /** The tenant; null for what all tenants share. */
  operatorId: string | null;
  /** The aggregate's version after the change. */
  version: number;
  /** When it happened. */
  time: Date;
  correlationId: string;
  /** W3C trace context of the work that told it. */
  traceparent?: string;
}
