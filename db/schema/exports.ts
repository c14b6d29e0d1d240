import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/**
 * A list somebody takes away as a file. The file is there from the end of the job until `expiresAt`; `rows` says how
 * far a job is that still writes.
 */
export const listExports = app.table(
  'export',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    memberId: uuid().notNull(),
    object: ctext().notNull(),
    format: ctext().notNull(),
    status: ctext().notNull(),
    /** What was asked for: domain/exports.ts. */
    plan: jsonb().$type<Record<string, unknown>>().notNull(),
    name: text().notNull(),
    /** Records the list had when it was asked for. */
    total: integer().notNull(),
    rows: integer().notNull().default(0),
    /** How far the person could read while the file was written: server/exports/reach.ts. */
    reach: jsonb().$type<Record<string, unknown>>(),
    fileId: uuid(),
    bytes: bigint({ mode: 'number' }),
    error: text(),
    createdAt: moment().notNull().default(sql`now()`),
    finishedAt: moment(),
    expiresAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check('export_status', sql`${t.status} in ('queued', 'running', 'done', 'failed')`),
    index().on(t.tenantId, t.memberId, t.createdAt),
    index('export_file').on(t.tenantId, t.fileId).where(sql`${t.fileId} is not null`),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);
