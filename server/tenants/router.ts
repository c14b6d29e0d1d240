import { z } from 'zod';
import { lineSchema } from '@/domain/fields';
import { timeZone } from '../accounts/router';
import { procedure, router } from '../core/trpc';
import { boot, checklist, sessionPolicy, setPreference, setSessionPolicy, updateTenant } from './tenants';

export const tenantRouter = router({
  boot: procedure('members.read').query(({ ctx }) => boot(ctx.work, ctx.session)),
  checklist: procedure('members.read').query(({ ctx }) => checklist(ctx.work)),
  update: procedure('tenant.configure')
    .input(
      z.strictObject({
        name: lineSchema(120).optional(),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, { error: 'currency' })
          .optional(),
        timeZone: timeZone.optional(),
        locale: z.enum(['en', 'zh']).optional(),
      }),
    )
    .mutation(({ ctx, input }) => updateTenant(ctx.work, input)),
  sessionPolicy: procedure('tenant.configure').query(({ ctx }) => sessionPolicy(ctx.work)),
  setSessionPolicy: procedure('tenant.configure', { stepUp: true })
    .input(
      z.strictObject({
        idleMinutes: z.int().min(15).max(720).nullable(),
        days: z.int().min(1).max(30).nullable(),
      }),
    )
    .mutation(({ ctx, input }) => setSessionPolicy(ctx.work, input)),
});

/** A JSON value of at most 20 kB. */
const small = z
  .json()
  .refine((value) => JSON.stringify(value).length <= 20_000, { error: 'tooLong' })
  // Escaped are only characters that Postgres cannot hold.
  .refine((value) => !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value)), { error: 'unstorable' })
  .meta({ maxBytes: 20_000 });

export const preferencesRouter = router({
  set: procedure('members.read')
    .input(z.strictObject({ key: z.string().regex(/^[\w.:-]{1,100}$/), value: small }))
    .mutation(({ ctx, input }) => setPreference(ctx.work, input.key, input.value)),
});
