import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { activities } from '@/db/schema/records';
import { activityFields, type LogCallInput, maxAttendees, type PlanMeetingInput } from '@/domain/activities';
import { notFound, Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { applySet, type Entry } from '../core/changes';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord } from '../core/record-verbs';
import { inScope, requireInScope, requireVisible } from '../core/scope';
import { leadsToTopic, topicsOf, topicTitle } from '../core/topics';
import type { Work } from '../core/work';

export const activityType = defineRecord({
  object: 'activity' as const,
  table: activities,
  tableName: 'activity',
  fields: activityFields,
  title: 'subject',
  permission: 'activity.write',
  owner: 'ownerId',
  derive: (row) => ({
    sortKey: sortKey(String(row.subject)),
    attendeeIds: row.attendeeIds ?? [],
    attendeeEmails: row.attendeeEmails ?? [],
  }),
  searchTexts: (row) => [String(row.subject), typeof row.location === 'string' ? row.location : null],
  shownOn: ['companyId', 'contactId', 'dealId'],
  shownOnAny: ['aboutId'],
  leadsTo: leadsToTopic,
  applied: requireOrder,
});

/** A call or meeting, held or planned. */
export function createActivity(work: Work, values: RecordValues, id?: string) {
  return createRecord(work, activityType, values.kind === 'call' ? { direction: 'out', ...values } : values, id);
}

/**
 * However a change comes about, no activity ends before it begins.
 * @throws Refusal invalid `endBeforeStart` at `endsAt`
 */
async function requireOrder(work: Work, entries: Entry[]): Promise<void> {
  const moved = entries.filter(({ after }) => after && ('startsAt' in after || 'endsAt' in after));
  if (moved.length === 0) return;
  const ids = moved.map(({ id }) => id);
  const turned = and(inArray(activities.id, ids), lt(activities.endsAt, activities.startsAt));
  if ((await work.db.find(activities, turned, { limit: 1 })).length > 0)
    throw new Refusal('invalid', { code: 'endBeforeStart', field: 'endsAt' });
}

const hour = 3_600_000;
/** There is no later moment that an input can name. */
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A call that has just been made, with how it went and how long it took.
 * @returns the call's id, and when it began, which follows from its length
 */
export async function logCall(
  work: Work,
  { minutes, startsAt, subject, ...rest }: LogCallInput,
): Promise<{ id: string; changeSetId: string }> {
  const end = startsAt ? Math.min(Date.parse(startsAt) + minutes * 60_000, lastMoment) : work.now.getTime();
  const start = startsAt ? Date.parse(startsAt) : end - minutes * 60_000;
  return createActivity(work, {
    ...rest,
    kind: 'call',
    subject: subject ?? (await callSubject(work, rest)),
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(end).toISOString(),
  });
}

/** A call is called by whoever was called, where it was given no name. */
async function callSubject(work: Work, about: RecordValues): Promise<string> {
  for (const name of ['contactId', 'companyId', 'dealId'] as const) {
    const id = about[name];
    const type = work.types.find(name.slice(0, -2));
    if (typeof id !== 'string' || !type) continue;
    const scope = inScope(work, type, 'read');
    const [row] = await work.db.rows<{ name: string }>(
      sql`select t.name from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = ${id} ${scope ? sql`and ${scope}` : sql``}`,
    );
    if (row) return row.name;
  }
  const topic = typeof about.aboutId === 'string' ? (await topicsOf(work, [about.aboutId])).get(about.aboutId) : null;
  if (topic?.title) return topic.title;
  throw new Refusal('invalid', { code: 'required', field: 'subject' });
}

/** A meeting to come. @throws Refusal invalid `noSuchRecord` at `attendeeIds` for somebody who is not there */
export async function planMeeting(
  work: Work,
  { attendeeIds, attendeeEmails, endsAt, ...values }: PlanMeetingInput,
): Promise<{ id: string; changeSetId: string }> {
  await requireAttendees(work, attendeeIds);
  const emails = addresses(attendeeEmails);
  requireFew(attendeeIds, emails);
  const { ownerId, ...rest } = values;
  return createActivity(work, {
    ...rest,
    ...(ownerId ? { ownerId } : {}),
    kind: 'meeting',
    endsAt: endsAt ?? new Date(Math.min(Date.parse(values.startsAt) + hour, lastMoment)).toISOString(),
    attendeeIds: [...new Set(attendeeIds)],
    attendeeEmails: emails,
  });
}

/**
 * Who takes part from now on: contacts and members, and others by their mail address, who stay where none are given. So do
 * those whom `attendeesOf` does not show the actor, for nobody can take out whom they do not see.
 * @throws Refusal notFound; invalid `noSuchRecord` or `tooMany` at `attendeeIds`
 */
export async function setAttendees(
  work: Work,
  { id, attendeeIds, attendeeEmails }: { id: string; attendeeIds: string[]; attendeeEmails?: string[] },
): Promise<{ changeSetId: string }> {
  work.db.requires(requireInScope(work, activityType, 'write', [id]));
  const live = and(eq(activities.id, id), isNull(activities.deletedAt));
  const [row] = await work.db.find(activities, live, { lock: true });
  if (!row) throw notFound();
  const known = new Set(row.attendeeIds);
  await requireAttendees(
    work,
    attendeeIds.filter((each) => !known.has(each)),
  );
  const shown = new Set((await peopleOf(work, row.attendeeIds)).map((person) => person.id));
  const ids = [...new Set([...attendeeIds, ...row.attendeeIds.filter((each) => !shown.has(each))])];
  const emails = attendeeEmails ? addresses(attendeeEmails) : row.attendeeEmails;
  requireFew(ids, emails);
  const values = { attendeeIds: ids, attendeeEmails: emails };
  return applySet(work, 'update', [{ type: activityType, op: 'update', id, values }]);
}

/** One address is one person, however it is written. */
const addresses = (given: readonly string[]): string[] => [...new Set(given.map((each) => each.toLowerCase()))];

export interface Attendee {
  /** Of somebody who is neither contact nor member, the address. */
  id: string;
  object: 'contact' | 'member' | 'email';
  name: string;
}

/** Who takes part in an activity, in the order they were named, addresses last; contacts that are gone are left out. */
export async function attendeesOf(work: Work, id: string): Promise<Attendee[]> {
  work.db.requires(requireVisible(work, activityType, id));
  const [row] = await work.db.find(activities, eq(activities.id, id));
  const ids = row?.attendeeIds ?? [];
  const people = new Map((await peopleOf(work, ids)).map((person) => [person.id, person]));
  const others = (row?.attendeeEmails ?? []).map((email): Attendee => ({ id: email, object: 'email', name: email }));
  return [...ids.flatMap((each) => people.get(each) ?? []), ...others];
}

function requireFew(ids: readonly string[], emails: readonly string[]): void {
  if (new Set(ids).size + emails.length > maxAttendees)
    throw new Refusal('invalid', { code: 'tooMany', field: 'attendeeIds' });
}

async function requireAttendees(work: Work, ids: string[]): Promise<void> {
  const wanted = new Set(ids);
  const found = await peopleOf(work, [...wanted]);
  if (found.length !== wanted.size) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'attendeeIds' });
}

/** Contacts in scope and members among ids. */
async function peopleOf(work: Work, ids: string[]): Promise<Attendee[]> {
  if (ids.length === 0) return [];
  const tenant = work.actor.tenantId;
  const scope = inScope(work, work.types.get('contact'), 'read');
  const wanted = sql`any(${sql.param(ids)}::uuid[])`;
  return work.db.rows<Attendee>(sql`
    select t.id, 'contact' as object, t.name from app.contact t
      where t.tenant_id = ${tenant} and t.id = ${wanted} and t.deleted_at is null ${scope ? sql`and ${scope}` : sql``}
    union all
    select m.id, 'member', m.name from app.member m
      where m.tenant_id = ${tenant} and m.id = ${wanted} and m.deleted_at is null`);
}

/** One of a person's own calls and meetings, or one they take part in. */
export interface AgendaItem {
  id: string;
  version: number;
  kind: string;
  subject: string;
  startsAt: string;
  endsAt: string | null;
  outcome: string | null;
  location: string | null;
  link: string | null;
  attendees: number;
  /** Whether the reader may open it: somebody else's meeting may be theirs alone. */
  open: boolean;
  contactId: string | null;
  companyId: string | null;
  dealId: string | null;
  aboutObject: string | null;
  aboutId: string | null;
  /** Whom or what it is about, unless that is its name already: the person, else the company, else a record of another kind. */
  about: string | null;
  /** The record of that name. */
  leadsTo: { object: string; id: string } | null;
}

const agendaMost = 200;
/** Whom or what an activity is called after in an agenda, the first that has a name. */
const named = [
  ['contact', 'contactId'],
  ['company', 'companyId'],
  ['topic', 'aboutId'],
] as const;

/**
 * The actor's calls and meetings that touch a span of time, in its order: the first 200, and of those that began before it
 * the ones that began at most 31 days before.
 */
export async function agenda(work: Work, { from, to }: { from: string; to: string }): Promise<AgendaItem[]> {
  const tenant = work.actor.tenantId;
  const me = work.actor.memberId;
  const scope = inScope(work, activityType, 'read');
  const open = scope ?? sql`true`;
  // Who only takes part may be kept out of what it is about.
  const topic = topicTitle(tenant, 'aboutId');
  const [person, company] = (['contact', 'company'] as const).map((name) => {
    const readable = inScope(work, work.types.get(name), 'read', name);
    return readable ? sql`and ${readable}` : sql``;
  });
  const rows = await work.db.rows<
    Omit<AgendaItem, 'about' | 'leadsTo'> & Record<(typeof named)[number][0], string | null>
  >(sql`
    select t.id, t.version, t.kind, t.subject, t.starts_at as "startsAt", t.ends_at as "endsAt", t.outcome, t.location, t.link,
      cardinality(t.attendee_ids) + cardinality(t.attendee_emails) as attendees, ${open} as open, t.contact_id as "contactId",
      t.company_id as "companyId", case when ${open} then t.deal_id end as "dealId",
      case when ${open} then t.about_object end as "aboutObject", case when ${open} then t.about_id end as "aboutId",
      nullif(contact.name, t.subject) as contact, company.name as company, case when ${open} then nullif(${topic}, t.subject) end as topic
    from app.activity t
    left join app.contact contact on contact.tenant_id = ${tenant} and contact.id = t.contact_id and contact.deleted_at is null ${person}
    left join app.company company on company.tenant_id = ${tenant} and company.id = t.company_id and company.deleted_at is null ${company}
    where t.tenant_id = ${tenant} and t.deleted_at is null and (t.owner_id = ${me} or t.attendee_ids @> array[${me}]::uuid[])
      and t.starts_at < ${to} and (t.starts_at >= ${from} or t.ends_at > ${from}) and t.starts_at > ${from}::timestamptz - interval '31 days'
    order by t.starts_at, t.id limit ${agendaMost}`);
  return rows.map(({ contact, company, topic, ...row }) => {
    const titles = { contact, company, topic };
    const [by, name] = named.find(([each]) => titles[each] !== null) ?? [];
    const id = name && row[name];
    const object = by === 'topic' ? row.aboutObject : by;
    return { ...row, about: by ? titles[by] : null, leadsTo: object && id ? { object, id } : null };
  });
}
