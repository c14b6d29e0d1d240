import { z } from 'zod';
import * as f from './fields';
import { emailSchema, link, momentSchema } from './fields';
import { addDays, isoWeekday } from './moments';

export const activityKinds = ['call', 'meeting'] as const;
export const callDirections = ['out', 'in'] as const;
export const activityOutcomes = [
  'reached',
  'noAnswer',
  'leftMessage',
  'callBack',
  'held',
  'noShow',
  'cancelled',
] as const;
export type ActivityKind = (typeof activityKinds)[number];
export type ActivityOutcome = (typeof activityOutcomes)[number];

/** Outcomes a kind can have, in the order offered. */
export const outcomesOf: Record<ActivityKind, readonly ActivityOutcome[]> = {
  call: ['reached', 'noAnswer', 'leftMessage', 'callBack'],
  meeting: ['held', 'noShow', 'cancelled'],
};

/** How many people one activity can name. */
export const maxAttendees = 100;

export const activityFields = {
  subject: f.text({ required: true, prominent: true, max: 300 }),
  kind: f.choice(activityKinds, { required: true, prominent: true }),
  startsAt: f.datetime({ required: true, prominent: true }),
  endsAt: f.datetime({ prominent: true }),
  direction: f.choice(callDirections),
  outcome: f.choice(activityOutcomes, { prominent: true }),
  location: f.text({ max: 300 }),
  link: f.link(),
  ownerId: f.member({ prominent: true }),
  companyId: f.reference('company'),
  contactId: f.reference('contact'),
  dealId: f.reference('deal'),
  ...f.about,
  description: f.longText(),
  createdAt: f.datetime({ readOnly: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const activityCreate = f.createSchema(activityFields);
export const activityUpdate = f.updateSchema(activityFields);

const id = z.uuid({ error: 'choice' });
const about = {
  companyId: id.nullish(),
  contactId: id.nullish(),
  dealId: id.nullish(),
  aboutId: id.nullish(),
};
/** Whole minutes, at most a day. */
const minutes = z
  .int({ error: 'integer' })
  .min(0)
  .max(24 * 60);
const attendeeIds = z.array(id).max(maxAttendees, { error: 'tooMany' });
/** Mail addresses of those who are neither contacts nor members. */
const attendeeEmails = z.array(emailSchema).max(maxAttendees, { error: 'tooMany' });

/** A call that was just made: it ended `minutes` after it began. */
export const logCallInput = z.strictObject({
  ...about,
  subject: activityFields.subject.schema.optional(),
  direction: z.enum(callDirections, { error: 'choice' }).default('out'),
  outcome: z.enum(outcomesOf.call, { error: 'choice' }).default('reached'),
  /** When it began; without it, `minutes` ago. */
  startsAt: momentSchema.optional(),
  minutes: minutes.default(0),
  description: activityFields.description.schema.optional(),
});
export type LogCallInput = z.infer<typeof logCallInput>;

/** A meeting to come, with those who take part: contacts, members, and whoever else by their mail address. */
export const planMeetingInput = z.strictObject({
  ...about,
  subject: f.text({ required: true, max: 300 }).schema,
  startsAt: momentSchema,
  /** Without one it lasts an hour. */
  endsAt: momentSchema.nullish(),
  location: activityFields.location.schema.optional(),
  link: link().schema.optional(),
  ownerId: id.nullish(),
  attendeeIds: attendeeIds.default([]),
  attendeeEmails: attendeeEmails.default([]),
  description: activityFields.description.schema.optional(),
});
export type PlanMeetingInput = z.infer<typeof planMeetingInput>;

/** Without `attendeeEmails` those who take part by their address stay as they are. */
export const setAttendeesInput = z.strictObject({
  id: z.uuid(),
  attendeeIds,
  attendeeEmails: attendeeEmails.optional(),
});

/** Hours at which meetings usually begin. */
const firstHour = 8;
const lastHour = 18;

/**
 * When a meeting is offered to begin: the next full hour of a working day.
 * @param clock what the clock shows, `YYYY-MM-DDTHH:mm`
 */
export function nextMeetingHour(clock: string): string {
  const next = new Date(Math.floor(Date.parse(`${clock}Z`) / 3_600_000 + 1) * 3_600_000).toISOString().slice(0, 16);
  let day = next.slice(0, 10);
  const hour = Number(next.slice(11, 13));
  if (hour > lastHour) day = addDays(day, 1);
  while (isoWeekday(day) > 5) day = addDays(day, 1);
  return day === next.slice(0, 10) && hour >= firstHour ? next : `${day}T09:00`;
}
