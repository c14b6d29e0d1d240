import { z } from 'zod';
import { emailSchema, textSchema } from '@/domain/fields';
import { roles } from '@/domain/permissions';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { invite, revokeInvitation } from './invitations';
import { deactivate, listMembers, reactivate, renameSelf, searchMembers, setRole, setTeam } from './members';

const id = z.uuid();

export const membersRouter = router({
  list: procedure('members.read').query(({ ctx }) => listMembers(ctx.work)),
  search: procedure('members.read')
    .input(z.strictObject({ q: z.string().max(200).default(''), limit: z.int().min(1).max(50).default(20) }))
    .query(({ ctx, input }) => searchMembers(ctx.work, input.q, input.limit)),
  invite: procedure('members.manage')
    .input(
      z.strictObject({
        email: emailSchema,
        role: z.enum(roles),
        teamId: id.optional(),
        memberId: id.optional(),
        locale: z.enum(['en', 'zh']).optional(),
      }),
    )
    .mutation(({ ctx, input }) => invite(ctx.work, input, ctx.publicUrl)),
  revokeInvitation: procedure('members.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => revokeInvitation(ctx.work, input.id)),
  setRole: procedure('members.manage')
    .input(z.strictObject({ id, role: z.enum(roles) }))
    .mutation(({ ctx, input }) => setRole(ctx.work, input)),
  renameSelf: procedure('members.read')
    .input(z.strictObject({ name: textSchema(120).trim().min(1, { error: 'required' }) }))
    .mutation(({ ctx, input }) => renameSelf(ctx.work, input.name)),
  setTeam: procedure('members.manage')
    .input(z.strictObject({ id, teamId: id.nullable() }))
    .mutation(({ ctx, input }) => setTeam(ctx.work, input)),
  deactivate: procedure('members.manage')
    .input(z.strictObject({ id, handTo: id.optional() }))
    .mutation(({ ctx, input }) => deactivate(ctx.work, input)),
  reactivate: procedure('members.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => reactivate(ctx.work, input)),
});
