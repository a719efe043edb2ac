import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { type Observable, tap } from 'rxjs';
import { openContext } from '../context/context';
import type { Tracing } from './tracing';

interface TracedEvent {
  type: string;
  traceparent?: string;
}

/**
 * A span for each handler's share of a batch, under the trace of its first event; what the handler tells belongs to it.
 * Sending needs no span of its own: an event carries the trace of the work that told it through the outbox.
 */
export class EventSpans implements NestInterceptor {
  constructor(private readonly tracing: Tracing) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [first, ...others] = execution.getArgByIndex<TracedEvent[]>(0);
    const attributes = { 'messaging.system': 'kafka', 'messaging.batch.message_count': others.length + 1 };
    const span = this.tracing.span(`consume ${first.type}`, 'consumer', first.traceparent, attributes);
    const context = openContext();
    if (span && context) context.traceparent = span.traceparent;
    return next.handle().pipe(tap({ error: (error) => span?.end({}, error), complete: () => span?.end() }));
  }
}
