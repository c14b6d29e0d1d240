import { z } from 'zod';
import { activityCreate, activityUpdate, logCallInput, planMeetingInput, setAttendeesInput } from '@/domain/activities';
import { momentSchema } from '@/domain/fields';
import { idInput, recordProcedures } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { activityType, agenda, attendeesOf, createActivity, logCall, planMeeting, setAttendees } from './activities';

export const activitiesRouter = router({
  ...recordProcedures(activityType, activityCreate, activityUpdate, { create: createActivity }),
  agenda: procedure('activity.read')
    .input(z.strictObject({ from: momentSchema, to: momentSchema }))
    .query(async ({ ctx, input }) => ({ rows: await agenda(ctx.work, input), next: null })),
  attendees: procedure('activity.read')
    .input(idInput)
    .query(({ ctx, input }) => attendeesOf(ctx.work, input.id)),
  logCall: procedure('activity.write')
    .input(logCallInput)
    .mutation(({ ctx, input }) => logCall(ctx.work, input)),
  planMeeting: procedure('activity.write')
    .input(planMeetingInput)
    .mutation(({ ctx, input }) => planMeeting(ctx.work, input)),
  setAttendees: procedure('activity.write')
    .input(setAttendeesInput)
    .mutation(({ ctx, input }) => setAttendees(ctx.work, input)),
});
