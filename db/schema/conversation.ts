import { sql } from 'drizzle-orm';
import { bigint, boolean, foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, recordColumns, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/** What people say to each other on a record. */
export const comments = app.table(
  'comment',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    recordId: uuid().notNull(),
    /** The comment it answers. */
    replyTo: uuid(),
    body: text().notNull(),
    ownerId: uuid().notNull(),
    mentions: uuid().array().notNull().default([]),
    /** When its text was last changed; null for one that stands as it was written. */
    editedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.recordId, t.createdAt),
    index().on(t.tenantId, t.ownerId),
    index('comment_reply').on(t.tenantId, t.replyTo).where(sql`${t.replyTo} is not null`),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.replyTo], foreignColumns: [t.tenantId, t.id] }),
  ],
);

/** A small sign somebody left on a comment or a note. */
export const reactions = app.table(
  'reaction',
  {
    tenantId: tenantId().references(() => tenants.id),
    /** The comment or note. */
    targetId: uuid().notNull(),
    memberId: uuid().notNull(),
    emoji: ctext().notNull(),
    at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.targetId, t.memberId, t.emoji] }),
    index().on(t.tenantId, t.memberId),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** Who wants to hear of what happens to a record, or does not: its owner hears of it without a row here. */
export const followers = app.table(
  'follower',
  {
    tenantId: tenantId().references(() => tenants.id),
    recordId: uuid().notNull(),
    memberId: uuid().notNull(),
    object: ctext().notNull(),
    muted: boolean().notNull().default(false),
    at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.recordId, t.memberId] }),
    index().on(t.tenantId, t.memberId),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** What a person is told of in the product: mentions, answers, assignments, reminders, changes of what they follow. */
export const notifications = app.table(
  'notification',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    memberId: uuid().notNull(),
    kind: ctext().notNull(),
    object: ctext(),
    recordId: uuid(),
    byId: uuid(),
    /** The comment it tells of: gone with it. */
    commentId: uuid(),
    /** Whether it stands in the product, and whether a mail is to tell of it. */
    shown: boolean().notNull().default(true),
    mail: boolean().notNull().default(false),
    mailedAt: moment(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    at: moment().notNull().default(sql`now()`),
    readAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.memberId, t.at),
    index('notification_unread').on(t.tenantId, t.memberId).where(sql`${t.readAt} is null`),
    index('notification_mail').on(t.tenantId, t.at).where(sql`${t.mail} and ${t.mailedAt} is null`),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** A file on a record, or in one of its fields of files. */
export const attachments = app.table(
  'attachment',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    recordId: uuid().notNull(),
    /** The own field it belongs to; none for a file on the record itself. */
    field: ctext(),
    fileId: uuid().notNull(),
    name: text().notNull(),
    mediaType: ctext().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    sha256: ctext().notNull(),
    width: integer(),
    height: integer(),
    ownerId: uuid(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.recordId, t.createdAt),
    index().on(t.tenantId, t.fileId),
    index().on(t.tenantId, t.ownerId),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
  ],
);
