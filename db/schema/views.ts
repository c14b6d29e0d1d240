import { sql } from 'drizzle-orm';
import { check, doublePrecision, foreignKey, index, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, recordColumns, tenantId } from './_tenant';
import { members, teams, tenants } from './tenants';

/** Saved views of an object's records: one's own, a team's, everyone's. */
export const views = app.table(
  'view',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    name: text().notNull(),
    kind: ctext().notNull(),
    audience: ctext().notNull(),
    teamId: uuid(),
    ownerId: uuid().notNull(),
    /** Filter, order, grouping, columns with widths, density: domain/views.ts. */
    config: jsonb().$type<Record<string, unknown>>().notNull(),
    position: doublePrecision().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check('view_kind', sql`${t.kind} in ('table', 'board', 'calendar')`),
    check('view_audience', sql`${t.audience} in ('mine', 'team', 'everyone')`),
    index().on(t.tenantId, t.object),
    index().on(t.tenantId, t.ownerId),
    index().on(t.tenantId, t.teamId),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.teamId], foreignColumns: [teams.tenantId, teams.id] }),
  ],
);

/** How a record's page is laid out: for all, or for one role. */
export const layouts = app.table(
  'layout',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    /** A role, or `all`. */
    role: ctext().notNull(),
    config: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique().on(t.tenantId, t.object, t.role)],
);
