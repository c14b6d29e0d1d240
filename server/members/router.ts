import { z } from 'zod';
import { emailSchema, lineSchema, searchText } from '@/domain/fields';
import { roles } from '@/domain/permissions';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { invite, revokeInvitation } from './invitations';
import {
  deactivate,
  listMembers,
  memberSessions,
  reactivate,
  renameSelf,
  revokeMemberSessions,
  searchMembers,
  setRole,
  setTeam,
} from './members';

const id = z.uuid();

export const membersRouter = router({
  list: procedure('members.read').query(({ ctx }) => listMembers(ctx.work)),
  search: procedure('members.read')
    .input(z.strictObject({ q: searchText.default(''), limit: z.int().min(1).max(50).default(20) }))
    .query(({ ctx, input }) => searchMembers(ctx.work, input.q, input.limit)),
  invite: procedure('members.manage', { confirmedEmail: true, secretAnswer: true })
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
    .mutation(({ ctx, input }) => setRole(ctx.work, input, ctx)),
  renameSelf: procedure('members.read')
    .input(z.strictObject({ name: lineSchema(120) }))
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
  sessions: procedure('sessions.manage')
    .input(idInput)
    .query(({ ctx, input }) => memberSessions(ctx.work, input.id)),
  revokeSessions: procedure('sessions.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => revokeMemberSessions(ctx.work, input.id)),
});
