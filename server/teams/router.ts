import { z } from 'zod';
import { lineSchema, textSchema } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { createTeam, listTeams, removeTeam, updateTeam } from './teams';

const teamInput = z.strictObject({
  name: lineSchema(120),
  office: textSchema(120).trim().nullish(),
  managerId: z.uuid().nullish(),
  memberIds: z.array(z.uuid()).max(1000).optional(),
});

export const teamsRouter = router({
  list: procedure('members.read').query(({ ctx }) => listTeams(ctx.work)),
  create: procedure('members.manage')
    .input(teamInput)
    .mutation(({ ctx, input }) => createTeam(ctx.work, input)),
  update: procedure('members.manage')
    .input(teamInput.partial().extend({ id: z.uuid() }))
    .mutation(({ ctx, input }) => updateTeam(ctx.work, input)),
  remove: procedure('members.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => removeTeam(ctx.work, input.id)),
});
