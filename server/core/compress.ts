import { promisify } from 'node:util';
import { constants, gzip as gzipWith } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const gzip = promisify(gzipWith);
/** What fits into one packet arrives no sooner for being smaller. */
const leastBytes = 1400;
/** The fastest: two more levels take twice the time for a twentieth of the size. */
const level = constants.Z_BEST_SPEED;

/**
 * Compresses what a read answers, on a thread of its own; a hook for the doors that answer in JSON. Never what a change
 * answers: links and keys are told there, once, and whoever may have a text of their own compressed beside a secret
 * learns it by the answer's length (BREACH, https://www.breachattack.com). Files go as they are.
 */
export async function compressed(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (request.method !== 'GET' || !accepts(request) || reply.hasHeader('content-encoding')) return payload;
  const text = payload instanceof Response ? await textOf(reply, payload) : payload;
  if (typeof text !== 'string' || text.length < leastBytes || reply.statusCode >= 300) return text;
  const vary = [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', ');
  reply.header('content-encoding', 'gzip').header('vary', vary).removeHeader('content-length');
  return gzip(text, { level });
}

/** Whether gzip is among what the caller can read (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3). */
const accepts = ({ headers }: FastifyRequest) =>
  /(?:^|[\s,])gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?(?:,|\s|$)))/i.test(headers['accept-encoding'] ?? '');

/** The answer of tRPC as a text, its status and headers moved to the reply; a stream stays one. */
async function textOf(reply: FastifyReply, answer: Response): Promise<unknown> {
  if (!/^application\/json(?:;|$)/.test(answer.headers.get('content-type') ?? '')) return answer;
  reply.code(answer.status);
  for (const [name, value] of answer.headers) reply.header(name, value);
  return answer.text();
}
