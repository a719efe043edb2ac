import type { OnApplicationShutdown } from '@nestjs/common';
import { ROOT_CONTEXT, trace, type Tracer } from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';
type Attributes = Record<string, string | number | boolean>;

export interface Span {
  /** W3C trace context that names this span as the parent. */
  traceparent: string;
  end(attributes?: Attributes, error?: unknown): void;
}

const KINDS: Record<SpanKind, number> = { server: 1, client: 2, producer: 3, consumer: 4 };
const STATUS_ERROR = 2;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Spans through W3C traceparent; they leave as OTLP/HTTP when an endpoint is set. Parents are passed by hand
 * (Context.traceparent), so nothing is patched and nothing global is registered: several services can share a process.
 */
export class Tracing implements OnApplicationShutdown {
  private provider?: NodeTracerProvider;
  private tracer?: Tracer;

  constructor(
    private readonly service: string,
    private readonly endpoint?: string,
  ) {}

  /** The exporter is loaded only when it is wanted: it costs memory. */
  async start(): Promise<void> {
    if (!this.endpoint) return;
    const [{ NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
      await Promise.all([
        import('@opentelemetry/sdk-trace-node'),
        import('@opentelemetry/exporter-trace-otlp-http'),
        import('@opentelemetry/resources'),
      ]);
    const exporter = new OTLPTraceExporter({ url: `${this.endpoint.replace(/\/$/, '')}/v1/traces` });
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': `doorstep-${this.service}` }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer('doorstep');
  }

  get isOn(): boolean {
    return this.tracer !== undefined;
  }

  /** Opens a span under `parent`; undefined when tracing is off, and then the parent's traceparent travels on. */
  span(
    name: string,
    kind: SpanKind,
    parent: string | undefined,
    attributes: Attributes = {},
  ): Span | undefined {
    if (!this.tracer) return undefined;
    const span = this.tracer.startSpan(name, { kind: KINDS[kind], attributes }, parentContext(parent));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      end: (more, error) => {
        if (more) span.setAttributes(more);
        if (error !== undefined) span.setStatus({ code: STATUS_ERROR, message: errorName(error) });
        span.end();
      },
    };
  }

  /** Sends what is left; bounded by the exporter's own time limit. */
  async onApplicationShutdown(): Promise<void> {
    await this.provider?.shutdown();
  }
}

function parentContext(traceparent: string | undefined) {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    isRemote: true,
  });
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'error';
}
