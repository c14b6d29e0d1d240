import { TRPCError } from '@trpc/server';
import type { FastifyReply } from 'fastify';
import { Refusal } from '@/domain/refusals';
import { toRefusal } from './errors';
import { say, waiting } from './say';
import { noteRefusal } from './security-signals';
import { type FieldProblem, type RefusalView, refusalView } from './trpc';

/** An error as REST tells it (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params?: Record<string, string | number>;
  fields?: (FieldProblem & { detail: string })[];
  requestId: string;
}

const titles: Record<number, string> = {
  400: 'Invalid request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

export interface Circumstances {
  requestId: string;
  /** Language of the answer; anything but Chinese is English. */
  locale: string;
  /** What the door calls an input that the procedure knows by another name. */
  rename?: (field: string) => string;
}

/** Answers an error, whatever it is: a procedure's, Fastify's own, or a fault. */
export function sendProblem(reply: FastifyReply, error: unknown, about: Circumstances): FastifyReply {
  const view = viewOf(error);
  noteRefusal(view.code);
  const problem = toProblem(view, about);
  if (view.retryAfter) reply.header('retry-after', String(view.retryAfter));
  return reply.code(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

function toProblem(view: RefusalView, { requestId, locale, rename = (field) => field }: Circumstances): Problem {
  const values = { requestId, ...waiting(view.retryAfter), ...view.params };
  return {
    type: `urn:guanxi:problem:${view.code}`,
    title: titles[view.status] ?? 'Error',
    status: view.status,
    detail: say(locale, view.code, values),
    code: view.code,
    params: view.params,
    fields: view.fields?.map((f) => ({ ...f, field: rename(f.field), detail: say(locale, f.code, f.params) })),
    requestId,
  };
}

function viewOf(error: unknown): RefusalView {
  if (error instanceof TRPCError) return refusalView(error);
  const refusal = toRefusal(error);
  if (refusal) return refusalView(new TRPCError({ code: 'BAD_REQUEST', cause: refusal }));
  // Fastify's own: a body it cannot take.
  const status = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return { kind: 'invalid', status, code: 'tooLarge' };
  if (status === 415) return { kind: 'invalid', status, code: 'mediaType' };
  if (status >= 400 && status < 500) return { kind: 'invalid', status: 400, code: 'badJson' };
  return { kind: 'internal', status: 500, code: 'internal' };
}

/** The refusal of an address nobody answers at. */
export const noSuchRoute = () => new Refusal('notFound', 'noSuchRoute');
