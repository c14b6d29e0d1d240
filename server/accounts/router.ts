import { z } from 'zod';
import { emailSchema, lineSchema } from '@/domain/fields';
import { isTimeZone } from '@/domain/time-zones';
import { freshUntil } from '../core/context';
import { globalKey } from '../core/keys';
import { RateLimit } from '../core/limits';
import { personProcedure, publicProcedure, router } from '../core/trpc';
import { acceptInvitation, readInvitation } from '../members/invitations';
import { signUp } from '../tenants/sign-up';
import {
  changeEmail,
  changePassword,
  confirmEmail,
  requestConfirmation,
  requestMagicLink,
  requestReset,
  resetPassword,
  stepUp,
  updateMe,
} from './accounts';
import { listSessions, revokeOtherSessions, revokeSession, signOut } from './sessions';

// One character more than allowed may come in, so that the refusal is ours and says the length.
const password = z.string().max(1000);
const personName = lineSchema(120);
const locale = z.enum(['en', 'zh']);
const token = z.string().min(20).max(100);
/** What names a session in a list; it does not open it. */
const sessionId = z.string().regex(/^[0-9a-f]{32}$/);
const signUps = new RateLimit(20, 2);

/** IANA time zones as this runtime knows them. */
export const timeZone = z.string().max(60, { error: 'timeZone' }).refine(isTimeZone, { error: 'timeZone' });

export const accountRouter = router({
  signUp: publicProcedure('nobody has an account before')
    .input(
      z.strictObject({
        company: lineSchema(120),
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
    .mutation(({ ctx, input }) => requestReset(ctx, input.email)),
  resetPassword: publicProcedure('the token from the mail is the proof')
    .input(z.strictObject({ token, password }))
    .mutation(({ ctx, input }) => resetPassword(ctx, input)),
  requestMagicLink: publicProcedure('whoever wants in without a password is not in yet')
    .input(z.strictObject({ email: emailSchema }))
    .mutation(({ ctx, input }) => requestMagicLink(ctx, input.email)),
  confirmEmail: publicProcedure('the token from the mail is the proof')
    .input(z.strictObject({ token }))
    .mutation(({ ctx, input }) => confirmEmail(ctx, input.token)),
  me: publicProcedure('answers null to a stranger').query(({ ctx }) => {
    if (!ctx.session) return null;
    const { userId, email, name, locale, theme, emailConfirmed, tenants } = ctx.session;
    return {
      user: {
        id: userId,
        email,
        name,
        locale,
        theme,
        emailConfirmed,
        /** Until when what asks for a fresh proof does not ask. */
        freshUntil: freshUntil(ctx.session).toISOString(),
      },
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
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  stepUp: personProcedure('a person proves anew who they are')
    .input(z.strictObject({ password }))
    .mutation(({ ctx, input }) => stepUp(ctx, input.password)),
  requestConfirmation: personProcedure('a person asks for the link to their own address').mutation(({ ctx }) =>
    requestConfirmation(ctx),
  ),
  changeEmail: personProcedure('a person changes their own address', { stepUp: true })
    .input(z.strictObject({ email: emailSchema }))
    .mutation(({ ctx, input }) => changeEmail(ctx, input.email)),
  sessions: personProcedure('a person sees where they are signed in').query(({ ctx }) => listSessions(ctx)),
  revokeSession: personProcedure('a person ends a session of their own')
    .input(z.strictObject({ id: sessionId }))
    .mutation(({ ctx, input }) => revokeSession(ctx, input.id)),
  revokeOtherSessions: personProcedure('a person ends their other sessions').mutation(({ ctx }) =>
    revokeOtherSessions(ctx),
  ),
  signOut: personProcedure('a person ends this session').mutation(({ ctx }) => signOut(ctx)),
  invitation: publicProcedure('the token in the link is the proof')
    .input(z.strictObject({ token }))
    .query(({ ctx, input }) => readInvitation(input.token, ctx.now())),
  acceptInvitation: publicProcedure('the token in the link is the proof')
    .input(z.strictObject({ token, name: personName.optional(), password: password.optional() }))
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
});
