import { observer } from '@/db/observe';
import type { Env } from './env';
import { currentTrace, inTrace, nextTraceparent, type Trace } from './trace';

/** A piece of work while it is being measured. */
export interface OpenSpan {
  /** Names this piece as the parent of what it causes. */
  traceparent: string;
  end(outcome: { error?: unknown; status?: number; name?: string }): void;
}

export type SpanKind = 'server' | 'consumer' | 'internal' | 'client';
export type Attributes = Record<string, string | number>;
type Tracer = (name: string, kind: SpanKind, parent: string, attributes: Attributes) => OpenSpan;

let tracer: Tracer | undefined;

/**
 * Sends spans to the OpenTelemetry collector that OTEL_EXPORTER_OTLP_ENDPOINT names. Without it nothing is loaded and
 * nothing is measured.
 * @returns how to send what is left and end it
 */
export async function startTelemetry(
  env: Pick<Env, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_SERVICE_NAME'>,
): Promise<(() => Promise<void>) | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service } = env;
  if (!endpoint) return undefined;
  const { otlpTracer } = await import('./telemetry-otlp');
  const exporter = otlpTracer(endpoint, service);
  tracer = exporter.tracer;
  observer.transaction = (mode, run) =>
    inSpan(`transaction ${mode}`, 'client', run, { 'db.system.name': 'postgresql' });
  return async () => {
    tracer = undefined;
    observer.transaction = undefined;
    await exporter.stop();
  };
}

/**
 * Begins a request's trace: a step of its own in the caller's, measured when spans are.
 * @param given the caller's traceparent, if any
 */
export function openRequest(requestId: string, given: unknown, name: string): { trace: Trace; span?: OpenSpan } {
  const traceparent = nextTraceparent(given);
  if (!tracer) return { trace: { requestId, traceparent } };
  const span = tracer(name, 'server', typeof given === 'string' ? given : '', { 'guanxi.request_id': requestId });
  return { trace: { requestId, traceparent: span.traceparent }, span };
}

/** Runs something as a step of its own of the current trace. Free where no spans are made. */
export async function inSpan<T>(
  name: string,
  kind: SpanKind,
  run: () => Promise<T>,
  attributes: Attributes = {},
): Promise<T> {
  const trace = currentTrace();
  if (!tracer || !trace) return run();
  const span = tracer(name, kind, trace.traceparent, attributes);
  try {
    const result = await inTrace({ ...trace, traceparent: span.traceparent }, run);
    span.end({});
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
