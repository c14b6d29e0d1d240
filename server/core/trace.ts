import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFillSync } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { newId } from './ids';

/**
 * What follows one piece of work wherever it goes: from the browser's call through its log lines and change sets into
 * the jobs it causes and the mails those send.
 */
export interface Trace {
  requestId: string;
  /** W3C trace context (https://www.w3.org/TR/trace-context/): `00-<trace id>-<parent id>-<flags>`. */
  traceparent: string;
  /** Slug of the tenant the work is for, and the member in whose name, once they are known. */
  tenant?: string;
  memberId?: string;
}

const storage = new AsyncLocalStorage<Trace>();

/** The trace of whatever is running now; undefined outside of a request or a job. */
export const currentTrace = (): Trace | undefined => storage.getStore();

/** Runs something under a trace. */
export const inTrace = <T>(trace: Trace, run: () => T): T => storage.run(trace, run);

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a request: the caller's `x-request-id` where it is a UUID, for it goes into logs and history; else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && uuid.test(given) ? given : newId();
}

const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/;

/**
 * A step of its own in the trace that the caller's `traceparent` names, or in a new one. Our own traces are marked as
 * recorded, so that whoever they go to keeps them too.
 */
export function nextTraceparent(given?: unknown): string {
  const [, traceId, flags] = (typeof given === 'string' && shape.exec(given)) || [];
  if (traceId) return `00-${traceId}-${random(8)}-${flags}`;
  const both = random(24);
  return `00-${both.slice(0, 32)}-${both.slice(32)}-01`;
}

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Random bytes as hexadecimals; many are fetched at once, for asking costs as much as they do. They are no secrets. */
function random(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** The id that all steps of a trace share. */
export const traceIdOf = (trace: Trace): string => trace.traceparent.slice(3, 35);
