import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { inTenant } from '@/db/tenant';
import type { Permission } from '@/domain/permissions';
import { Refusal, type RefusalKind, refusalStatus } from '@/domain/refusals';
import { actorOf, type RequestContext, requirePermission } from './context';
import { toRefusal } from './errors';
import { tenantKey } from './keys';
import { RateLimit } from './limits';
import type { Work } from './work';

interface Meta {
  permission?: Permission;
  /** Why a procedure needs no permission. */
  reason?: string;
}

const codes: Record<RefusalKind, TRPCError['code']> = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  notFound: 'NOT_FOUND',
  conflict: 'CONFLICT',
  tooMany: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
};

const t = initTRPC
  .context<RequestContext>()
  .meta<Meta>()
  .create({
    isServer: true,
    errorFormatter({ shape, error, ctx }) {
      const { status: _, ...refusal } = refusalView(error);
      // Neither a stack nor a driver's words leave the server.
      return {
        ...shape,
        message: refusal.code,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          refusal: { ...refusal, requestId: ctx?.requestId },
        },
      };
    },
  });

export const router = t.router;
export const createCaller = t.createCallerFactory;

const perMember = new RateLimit(600, 3000);

/** Translates whatever a procedure throws into one error with a status, once. */
const translate = t.middleware(async ({ ctx, next, path }) => {
  const result = await next();
  if (result.ok) return result;
  // What zod found stays as it is: the formatter names each field.
  if (zodOf(result.error)) throw result.error;
  const unreadable = result.error.code === 'PARSE_ERROR' || result.error.cause instanceof SyntaxError;
  const refusal =
    refusalOf(result.error) ??
    toRefusal(result.error.cause) ??
    (unreadable ? new Refusal('invalid', 'badJson') : undefined);
  if (refusal) throw new TRPCError({ code: codes[refusal.kind], message: refusal.detail.code, cause: refusal });
  if (result.error.code !== 'INTERNAL_SERVER_ERROR') throw result.error;
  ctx.log.error({ err: result.error.cause ?? result.error, path }, 'procedure failed');
  throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: 'internal' });
});

/**
 * The only constructor of a tenant's procedure: who, member of this tenant, permission, rate limit, then the one
 * door's transaction, READ ONLY for queries. The procedure finds its `work` in the context.
 */
export function procedure(permission: Permission) {
  return t.procedure
    .meta({ permission })
    .use(translate)
    .use(async ({ ctx, type, next }) => {
      const actor = actorOf(ctx);
      requirePermission(actor, permission);
      if (ctx.apiKey?.access === 'read' && type === 'mutation') throw new Refusal('forbidden', 'readOnlyKey');
      perMember.take(tenantKey(actor.tenantId, 'calls', actor.memberId));
      return inTenant(actor.tenantId, type === 'query' ? 'read' : 'write', async (db) => {
        const work: Work = { db, actor, now: ctx.now(), requestId: ctx.requestId, ip: ctx.ip, enqueue: ctx.enqueue };
        const result = await next({ ctx: { ...ctx, actor, work } });
        // next() answers {ok: false} instead of throwing; without this a failed mutation would commit.
        if (!result.ok) throw result.error;
        return result;
      });
    });
}

/** A procedure for what precedes a tenant; says why nobody need be asked. */
export function publicProcedure(reason: string) {
  return t.procedure.meta({ reason }).use(translate);
}

/** A procedure for a signed-in person, in no tenant. */
export function personProcedure(reason: string) {
  return publicProcedure(reason).use(({ ctx, next }) => {
    if (!ctx.session || !ctx.sid) throw new Refusal('unauthenticated', 'unauthenticated');
    return next({ ctx: { ...ctx, session: ctx.session, sid: ctx.sid } });
  });
}

function refusalOf(error: TRPCError): Refusal | undefined {
  if (error.cause instanceof Refusal) return error.cause;
  if (error.cause instanceof TRPCError) return refusalOf(error.cause);
  if (zodOf(error)) return new Refusal('invalid', 'invalid');
  return undefined;
}

function zodOf(error: TRPCError): ZodError | undefined {
  return error.cause instanceof ZodError ? error.cause : undefined;
}

/** What either door tells about an error: never more than a refusal, `internal` for everything else. */
export interface RefusalView {
  kind: RefusalKind | 'internal';
  status: number;
  code: string;
  params?: Record<string, string | number>;
  field?: string;
  fields?: FieldProblem[];
  retryAfter?: number;
}

export interface FieldProblem {
  /** Path of the input: `values.name`. */
  field: string;
  /** A key of `messages/*\/errors.json`. */
  code: string;
  params?: Record<string, string | number>;
}

export function refusalView(error: TRPCError): RefusalView {
  const refusal = refusalOf(error);
  if (!refusal) return { kind: 'internal', status: 500, code: 'internal' };
  const { kind, detail, retryAfter } = refusal;
  return { kind, status: refusalStatus[kind], ...detail, fields: fieldProblems(error), retryAfter };
}

/** Which inputs were wrong and how. */
function fieldProblems(error: TRPCError): FieldProblem[] | undefined {
  const zod = zodOf(error);
  if (!zod) {
    const refusal = refusalOf(error);
    return refusal?.detail.field
      ? [{ field: refusal.detail.field, code: refusal.detail.code, params: refusal.detail.params }]
      : undefined;
  }
  return zod.issues
    .flatMap((issue): FieldProblem[] => {
      const path = issue.path.map(String);
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({ field: [...path, key].join('.'), code: 'unknownField' }));
      const code = /^[a-zA-Z]+$/.test(issue.message) ? issue.message : zodCode(issue.code);
      const params: FieldProblem['params'] =
        'maximum' in issue
          ? { max: Number(issue.maximum) }
          : 'minimum' in issue
            ? { min: Number(issue.minimum) }
            : undefined;
      return [{ field: path.join('.'), code, params }];
    })
    .slice(0, 50);
}

function zodCode(code: string | undefined): string {
  if (code === 'too_big') return 'tooLong';
  if (code === 'too_small') return 'tooShort';
  return 'invalid';
}
