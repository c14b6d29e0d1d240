import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ArchiveSummary } from '@/domain/archives';
import { app, ctext, moment, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/** How far the filling of a workspace is: the step, and the line or record of it behind the last committed batch. */
export interface LoadCursor {
  step: string;
  line: number;
  after?: string;
}

/**
 * An archive of the whole workspace that was made here, or one that was brought to fill it. The file is there until
 * `expiresAt`. A workspace that is being filled has such a row too, under the same id: its cursor is what counts.
 */
export const archives = app.table(
  'archive',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    /** None while the workspace that is being filled has no members yet. */
    memberId: uuid(),
    kind: ctext().notNull(),
    status: ctext().notNull(),
    name: text().notNull(),
    fileId: uuid(),
    bytes: bigint({ mode: 'number' }),
    sha256: ctext(),
    /** What the job is at, and how far: rows or bytes. */
    stage: ctext(),
    done: bigint({ mode: 'number' }).notNull().default(0),
    total: bigint({ mode: 'number' }).notNull().default(0),
    /** What is in it, as its manifest says. */
    summary: jsonb().$type<ArchiveSummary>(),
    /** The workspace that is being filled. */
    loadingId: uuid(),
    /** In the filled one: the workspace it has replaced, until that one's files are gone. */
    replacedId: uuid(),
    cursor: jsonb().$type<LoadCursor>(),
    /** A code of messages' errors, and the member of the archive it is about. */
    error: ctext(),
    errorIn: text(),
    /** The link to the file works for a minute after it was asked for. */
    fetchUntil: moment(),
    createdAt: moment().notNull().default(sql`now()`),
    finishedAt: moment(),
    expiresAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check('archive_kind', sql`${t.kind} in ('make', 'load')`),
    check(
      'archive_status',
      sql`${t.status} in ('queued', 'running', 'checking', 'checked', 'loading', 'done', 'failed')`,
    ),
    index().on(t.tenantId, t.memberId, t.createdAt),
    index('archive_file').on(t.tenantId, t.fileId).where(sql`${t.fileId} is not null`),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);
