import { z } from 'zod';
import { emailSchema, textSchema } from '@/domain/fields';
import { isTimeZone } from '@/domain/time-zones';
import { globalKey } from '../core/keys';
import { RateLimit } from '../core/limits';
import { personProcedure, publicProcedure, router } from '../core/trpc';
import { acceptInvitation, readInvitation } from '../members/invitations';
import { signUp } from '../tenants/sign-up';
import { changePassword, requestReset, resetPassword, updateMe } from './accounts';

// One character more than allowed may come in, so that the refusal is ours and says the length.
const password = z.string().max(1000);
const personName = textSchema(120).trim().min(1, { error: 'required' });
const locale = z.enum(['en', 'zh']);
const token = z.string().min(20).max(100);
const signUps = new RateLimit(20, 2);

/** IANA time zones as this runtime knows them. */
export const timeZone = z.string().refine(isTimeZone, { error: 'timeZone' });

export const accountRouter = router({
  signUp: publicProcedure('nobody has an account before')
    .input(
      z.strictObject({
        company: textSchema(120).trim().min(1, { error: 'required' }),
        name: personName,
        email: emailSchema,
        password,
        locale,
        timeZone,
        currency: z.string().regex(/^[A-Z]{3}$/, { error: 'currency' }),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      signUps.take(globalKey('signUp', ctx.ip));
      const { slug } = await signUp(ctx, input);
      return { slug };
    }),
  requestReset: publicProcedure('whoever forgot the password cannot sign in')
    .input(z.strictObject({ email: emailSchema }))
    .mutation(({ ctx, input }) => requestReset(ctx, input.email, ctx.sendMail)),
  resetPassword: publicProcedure('the token from the mail is the proof')
    .input(z.strictObject({ token, password }))
    .mutation(({ input }) => resetPassword(input.token, input.password)),
  me: publicProcedure('answers null to a stranger').query(({ ctx }) => {
    if (!ctx.session) return null;
    const { userId, email, name, locale, theme, tenants } = ctx.session;
    return {
      user: { id: userId, email, name, locale, theme },
      tenants: tenants.map(({ slug, name, role }) => ({ slug, name, role })),
    };
  }),
  updateMe: personProcedure('a person sets their own name, language and theme')
    .input(
      z.strictObject({
        name: personName.optional(),
        locale: locale.optional(),
        theme: z.enum(['system', 'light', 'dark']).optional(),
      }),
    )
    .mutation(({ ctx, input }) => updateMe(ctx.session.userId, input)),
  changePassword: personProcedure('a person changes their own password, knowing the old one')
    .input(z.strictObject({ current: password, next: password }))
    .mutation(({ ctx, input }) => changePassword(ctx.session.userId, ctx.sid, input)),
  invitation: publicProcedure('the token in the link is the proof')
    .input(z.strictObject({ token }))
    .query(({ ctx, input }) => readInvitation(input.token, ctx.now())),
  acceptInvitation: publicProcedure('the token in the link is the proof')
    .input(z.strictObject({ token, name: personName.optional(), password: password.optional() }))
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
});
