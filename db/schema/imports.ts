import { sql } from 'drizzle-orm';
import { bigint, foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/** A file a person brought; its bytes lie in the data directory under the tenant's folder. */
export const files = app.table(
  'file',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    name: text().notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    sha256: ctext().notNull(),
    memberId: uuid().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.memberId),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** An import and how far it is: `cursor` is the last row whose batch was committed, so a killed worker resumes there. */
export const imports = app.table(
  'import',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    fileId: uuid().notNull(),
    memberId: uuid().notNull(),
    object: ctext().notNull(),
    status: ctext().notNull(),
    plan: jsonb().notNull(),
    rows: integer().notNull().default(0),
    cursor: integer().notNull().default(0),
    created: integer().notNull().default(0),
    updated: integer().notNull().default(0),
    unchanged: integer().notNull().default(0),
    refused: integer().notNull().default(0),
    /** Money per currency and stage as read from the file and as stored. */
    sums: jsonb().notNull().default({}),
    changeSetId: uuid(),
    error: text(),
    createdAt: moment().notNull().default(sql`now()`),
    startedAt: moment(),
    finishedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.createdAt),
    index().on(t.tenantId, t.fileId),
    index().on(t.tenantId, t.memberId),
    foreignKey({ columns: [t.tenantId, t.fileId], foreignColumns: [files.tenantId, files.id] }),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** Rows an import refused or wants looked at, with reasons; row numbers are those a spreadsheet shows. */
export const importProblems = app.table(
  'import_problem',
  {
    tenantId: tenantId().references(() => tenants.id),
    importId: uuid().notNull(),
    row: integer().notNull(),
    problems: jsonb().notNull(),
    cells: jsonb().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.importId, t.row] }),
    foreignKey({ columns: [t.tenantId, t.importId], foreignColumns: [imports.tenantId, imports.id] }),
  ],
);
