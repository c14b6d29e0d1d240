import pino from 'pino';
import { currentTrace, traceIdOf } from './trace';

/**
 * A log of JSON lines. Each carries the ids of the work it belongs to: request, trace, tenant, member. No value of a
 * customer's reaches it: secrets are cut by name, errors are reduced to what tells where and why.
 * @param write where a line goes; standard output when not given
 */
export function createLog(write?: (line: string) => void): pino.Logger {
  const options: pino.LoggerOptions = {
    level: 'info',
    base: undefined,
    redact: ['password', '*.password', 'token', '*.token', 'req.headers.cookie', 'req.headers.authorization'],
    serializers: { err: safeError },
    mixin: (_line, _level, logger) => circumstances(logger),
  };
  return write ? pino(options, { write }) : pino(options);
}

export const log = createLog();
export type Log = pino.Logger;

const bound = new WeakSet<object>();

/** A request's own log: its ids are worked out once, not for each line. */
export function requestLog(parent: pino.Logger, requestId: string): pino.Logger {
  const child = parent.child({ requestId });
  bound.add(child);
  return child;
}

function circumstances(logger: pino.Logger): object {
  const trace = currentTrace();
  if (!trace) return {};
  const { requestId, tenant, memberId } = trace;
  return { ...(bound.has(logger) ? {} : { requestId }), traceId: traceIdOf(trace), tenant, memberId };
}

const addresses = /[^\s<>"'(),;:=]+@[^\s<>"'(),;:=]+/g;
const withoutAddresses = (text: string) => text.replace(addresses, '[address]');

/**
 * What may be told of an error. Postgres quotes the values it objects to, and drizzle the parameters of the statement:
 * of theirs only the code and the names of what was hurt remain. Addresses are cut out of everything else.
 */
export function safeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? withoutAddresses(error) : undefined;
  const { name, stack = '', cause } = error;
  const told = {
    type: name,
    ...pick(error, 'code', 'severity', 'table', 'column', 'constraint', 'routine', 'syscall', 'responseCode'),
    ...(cause ? { cause: safeError(cause) } : {}),
  };
  const frames = stack.slice(Math.max(0, stack.search(/\n\s+at /)));
  if (quotesValues(error)) return { ...told, stack: frames };
  return { ...told, message: withoutAddresses(error.message), stack: withoutAddresses(frames) };
}

/** Whether an error's message holds values: a statement's that Postgres refused, or drizzle's with its parameters. */
function quotesValues(error: Error): boolean {
  return 'severity' in error || ('query' in error && 'params' in error) || error.name === 'SyntaxError';
}

function pick(error: Error, ...names: string[]): Record<string, unknown> {
  const values = error as unknown as Record<string, unknown>;
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
