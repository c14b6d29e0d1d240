import { context, SpanKind as Kind, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Attributes, OpenSpan, SpanKind } from './telemetry';

const kinds: Record<SpanKind, Kind> = {
  server: Kind.SERVER,
  consumer: Kind.CONSUMER,
  client: Kind.CLIENT,
  internal: Kind.INTERNAL,
};

/** Makes spans and sends them to a collector. Loaded only where there is one (`core/telemetry.ts`). */
export function otlpTracer(endpoint: string, service: string) {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: 5000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1000 })],
  });
  const made = provider.getTracer('guanxi');
  return {
    tracer(name: string, kind: SpanKind, parent: string, attributes: Attributes): OpenSpan {
      const span = made.startSpan(name, { kind: kinds[kind], attributes }, under(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end({ error, status, name: better }) {
          if (better) span.updateName(better);
          if (status !== undefined) span.setAttribute('http.response.status_code', status);
          // An error's words may quote a customer's values: its kind is enough here, the log has the rest.
          if (error instanceof Error) span.setAttribute('error.type', error.name);
          if (error !== undefined || (status ?? 0) >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    stop: () => provider.shutdown(),
  };
}

/** The context of a step below the one that a traceparent names; the root's when it names none. */
function under(traceparent: string) {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  if (!trace.isSpanContextValid({ traceId, spanId, traceFlags: 0 })) return ROOT_CONTEXT;
  return trace.setSpanContext(context.active(), {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
  });
}
