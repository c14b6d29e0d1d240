import { sql } from 'drizzle-orm';
import { bigint, boolean, foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { DryRun } from '@/domain/imports/findings';
import type { MappingSettings } from '@/domain/imports/saved';
import { app, ctext, moment, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/**
 * A file a person brought, or a table found in one: a sheet of a workbook, a member of a zip, the people of a vCard file.
 * Whatever it was, a file that is imported is delimited text. The bytes lie in the data directory under the tenant's folder.
 */
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
    /** `text`, or `sheet` and `people` for tables made of others; `workbook`, `vcard` and `zip` have parts that are. */
    format: ctext().notNull().default('text'),
    /** What the text of the people in it, or of the names in a zip, was read as; null where nothing depends on it. */
    encoding: ctext(),
    /** `reading` while its parts are being written, `failed` with an `error`, else `ready`. */
    state: ctext().notNull().default('ready'),
    /** The file it was found in; null for what a person brought. */
    parentId: uuid(),
    /** Where in its parent: the sheet, or the path within a zip. */
    part: text(),
    /** Why it could not be read: a refusal's code and what fills its text. */
    error: jsonb(),
    /** What of it was left aside, and why. */
    leftAside: jsonb().notNull().default([]),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.memberId),
    index().on(t.tenantId, t.parentId),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** Files imported together, one after the other: those of a folder, a zip, a workbook. What they hold finds each other by `source`. */
export const importSets = app.table(
  'import_set',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    memberId: uuid().notNull(),
    /** The file they were found in; null for files brought one by one. */
    name: text(),
    source: ctext().notNull(),
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
    /** What its dry run has found. */
    found: jsonb().$type<DryRun>(),
    changeSetId: uuid(),
    /** The set it belongs to, in whose order it waits for its turn. */
    setId: uuid(),
    /** Change sets of what was decided afterwards about rows that could mean several records. */
    reviews: jsonb().$type<string[]>().notNull().default([]),
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
    index().on(t.tenantId, t.setId),
    foreignKey({ columns: [t.tenantId, t.fileId], foreignColumns: [files.tenantId, files.id] }),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** How a person has files of one kind read, kept under a name; `shared`: for everybody who imports. */
export const importMappings = app.table(
  'import_mapping',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    memberId: uuid().notNull(),
    name: text().notNull(),
    object: ctext().notNull(),
    shared: boolean().notNull().default(false),
    settings: jsonb().$type<MappingSettings>().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    updatedAt: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.memberId),
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
    /** What became of the row, unless it was refused. */
    recordId: uuid(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.importId, t.row] }),
    foreignKey({ columns: [t.tenantId, t.importId], foreignColumns: [imports.tenantId, imports.id] }),
  ],
);
