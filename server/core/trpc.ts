import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { inTenant, type TenantDb } from '@/db/tenant';
import type { Permission } from '@/domain/permissions';
import { Refusal, type RefusalKind, refusalStatus } from '@/domain/refusals';
import { committed } from './after-commit';
import {
  actorOf,
  type RequestContext,
  requireConfirmedEmail,
  requirePermission,
  requireStepUp,
  workOf,
} from './context';
import { toRefusal } from './errors';
import { once } from './idempotency';
import { globalKey, tenantKey } from './keys';
import { type Heavy, heavyLimits, limits, spend } from './limits';
import { noteRefusal } from './security-signals';
import { inSpan } from './telemetry';
import type { Actor, InSteps } from './work';

interface Meta {
  permission?: Permission;
  /** Why a procedure needs no permission. */
  reason?: string;
  /** Who may call: anybody, whoever is signed in, or members of the tenant. */
  door: 'public' | 'person' | 'tenant';
  stepUp?: boolean;
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
      noteRefusal(refusal.code);
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

/** Translates whatever a procedure throws into one error with a status, once. */
const translate = t.middleware(async ({ ctx, next, path }) => {
  const result = await inSpan(path, 'internal', () => next());
  if (result.ok) return result;
  // What zod found stays as it is: the formatter names each field.
  const zod = zodOf(result.error);
  if (zod) {
    if (result.error.code === 'BAD_REQUEST') throw result.error;
    throw new TRPCError({ code: 'BAD_REQUEST', message: zod.message, cause: zod });
  }
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

export interface ProcedureOptions {
  /** Work that has a limit of its own. */
  heavy?: Heavy;
  /** Only for a person who has just proved who they are, so never by a key. */
  stepUp?: boolean;
  /** Only for a person whose e-mail is confirmed. */
  confirmedEmail?: boolean;
  /** The answer holds what nobody is told twice, so it is not kept under a key of the caller's. */
  secretAnswer?: boolean;
}

/**
 * The constructor of a tenant's procedure: who, member of this tenant, permission, rate limit, then the one
 * door's transaction, READ ONLY for queries. The procedure finds its `work` in the context.
 */
export function procedure(permission: Permission, options: ProcedureOptions = {}) {
  return guarded(permission, options).use(({ ctx, next, type, path, getRawInput }) =>
    ctx.inSteps(async (work) => {
      const run = async () => {
        const result = await next({ ctx: { work } });
        // next() answers {ok: false} instead of throwing; without this a failed mutation would commit.
        if (!result.ok) throw result.error;
        return result;
      };
      const key = type === 'mutation' ? ctx.idempotencyKey : undefined;
      if (key === undefined) return run();
      const done = await once(work, { key, path, input: await getRawInput() }, run, ({ data }) => data);
      // As next() answers; the mark the rest of it has is for the types alone.
      return 'fresh' in done ? done.fresh : ({ ok: true, data: done.stored } as Awaited<ReturnType<typeof run>>);
    }),
  );
}

/**
 * The same for what reads a file on the way: it finds `inSteps` in the context and opens its transactions itself, so that
 * none of them waits for the storage.
 */
export function steppedProcedure(permission: Permission, options: ProcedureOptions = {}) {
  return guarded(permission, options, true);
}

function guarded(permission: Permission, options: ProcedureOptions, stepped = false) {
  return t.procedure
    .meta({ permission, door: 'tenant', stepUp: options.stepUp })
    .use(translate)
    .use(({ ctx, type, next }) => {
      const actor = actorOf(ctx);
      spendCall(ctx, actor, options.heavy);
      requirePermission(actor, permission);
      if (ctx.apiKey?.access === 'read' && type === 'mutation') throw new Refusal('forbidden', 'readOnlyKey');
      // Answers with secrets are not kept, and what is done in several transactions is not done in one with its key.
      if (
        ctx.idempotencyKey !== undefined &&
        type === 'mutation' &&
        (options.stepUp || options.secretAnswer || stepped)
      )
        throw new Refusal('invalid', 'keyNotTaken');
      if (options.stepUp) requireStepUp(ctx);
      if (options.confirmedEmail) requireConfirmedEmail(ctx);
      const inSteps: InSteps = async (run) => {
        let transaction: TenantDb | undefined;
        const answer = await inTenant(actor.tenantId, type === 'query' ? 'read' : 'write', async (db) => {
          transaction = db;
          return run(await workOf(ctx, actor, db));
        });
        if (transaction) committed(transaction);
        return answer;
      };
      return next({ ctx: { actor, inSteps } });
    });
}

/** Forbidden calls count too. The tenant's limit comes last, so that one person over theirs does not use up the others'. */
function spendCall({ tell }: RequestContext, actor: Actor, heavy: Heavy | undefined): void {
  const own = tenantKey(actor.tenantId, 'calls', actor.memberId);
  spend(limits.user, own, tell);
  if (heavy) spend(heavyLimits[heavy], own, tell);
  spend(limits.tenant, tenantKey(actor.tenantId, 'calls'), tell);
}

/** A procedure for what precedes a tenant; says why nobody need be asked. */
export function publicProcedure(reason: string) {
  return t.procedure.meta({ reason, door: 'public' }).use(translate);
}

/** A procedure for a signed-in person, in no tenant. */
export function personProcedure(reason: string, { stepUp }: Pick<ProcedureOptions, 'stepUp'> = {}) {
  return t.procedure
    .meta({ reason, door: 'person', stepUp })
    .use(translate)
    .use(({ ctx, next }) => {
      if (!ctx.session || !ctx.sid) throw new Refusal('unauthenticated', 'unauthenticated');
      spend(limits.user, globalKey('calls', ctx.session.userId), ctx.tell);
      if (stepUp) requireStepUp(ctx);
      return next({ ctx: { session: ctx.session, sid: ctx.sid } });
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
      const code = /^[a-zA-Z]+$/.test(issue.message) ? issue.message : zodCode(issue);
      const params: FieldProblem['params'] =
        'maximum' in issue
          ? { max: Number(issue.maximum) }
          : 'minimum' in issue
            ? { min: Number(issue.minimum) }
            : issue.code === 'custom'
              ? issue.params
              : undefined;
      return [{ field: path.join('.'), code, params }];
    })
    .slice(0, 50);
}

/** A number is too big, a list has too many, a text is too long. */
function zodCode(issue: ZodError['issues'][number]): string {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return 'invalid';
  const [big, small] = sizeCodes[issue.origin] ?? ['tooLong', 'tooShort'];
  return issue.code === 'too_big' ? big : small;
}

const sizeCodes: Record<string, [big: string, small: string]> = {
  number: ['numberTooBig', 'numberTooSmall'],
  int: ['numberTooBig', 'numberTooSmall'],
  array: ['tooMany', 'tooFew'],
  set: ['tooMany', 'tooFew'],
};
