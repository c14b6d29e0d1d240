import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What follows one piece of work wherever it goes: from the browser's call through its log lines and change sets into
 * the jobs it causes and the mails those send.
 */
export interface Trace {
  requestId: string;
  /** W3C trace context (https://www.w3.org/TR/trace-context/): `00-<trace id>-<parent id>-<flags>`. */
  traceparent: string;
}

const storage = new AsyncLocalStorage<Trace>();

/** The trace of whatever is running now; undefined outside of a request or a job. */
export const currentTrace = (): Trace | undefined => storage.getStore();

/** Runs something under a trace. */
export const inTrace = <T>(trace: Trace, run: () => T): T => storage.run(trace, run);
