import { z } from 'zod';
import { textSchema } from '@/domain/fields';
import { timeZone } from '../accounts/router';
import { procedure, router } from '../core/trpc';
import { boot, checklist, setPreference, updateTenant } from './tenants';

export const tenantRouter = router({
  boot: procedure('members.read').query(({ ctx }) => boot(ctx.work, ctx.session)),
  checklist: procedure('members.read').query(({ ctx }) => checklist(ctx.work)),
  update: procedure('tenant.configure')
    .input(
      z.strictObject({
        name: textSchema(120).trim().min(1, { error: 'required' }).optional(),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, { error: 'currency' })
          .optional(),
        timeZone: timeZone.optional(),
        locale: z.enum(['en', 'zh']).optional(),
      }),
    )
    .mutation(({ ctx, input }) => updateTenant(ctx.work, input)),
});

/** A JSON value of at most 20 kB. */
const small = z.json().refine((value) => JSON.stringify(value).length <= 20_000, { error: 'tooLong' });

export const preferencesRouter = router({
  set: procedure('members.read')
    .input(z.strictObject({ key: z.string().regex(/^[\w.:-]{1,100}$/), value: small }))
    .mutation(({ ctx, input }) => setPreference(ctx.work, input.key, input.value)),
});
