import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId } from './_tenant';
import { tenants } from './tenants';

export const pipelines = app.table(
  'pipeline',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    version: integer().notNull().default(1),
    name: text().notNull(),
    position: integer().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    updatedAt: moment().notNull().default(sql`now()`),
    deletedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const stages = app.table(
  'stage',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    version: integer().notNull().default(1),
    pipelineId: uuid().notNull(),
    name: text().notNull(),
    kind: ctext().notNull(),
    probability: integer().notNull(),
    colour: ctext().notNull(),
    position: integer().notNull(),
    requiredFields: text().array().notNull().default([]),
    createdAt: moment().notNull().default(sql`now()`),
    updatedAt: moment().notNull().default(sql`now()`),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check('stage_kind', sql`${t.kind} in ('open', 'won', 'lost')`),
    check('stage_colour', sql`${t.colour} in ('slate', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet')`),
    index().on(t.tenantId, t.pipelineId),
    foreignKey({ columns: [t.tenantId, t.pipelineId], foreignColumns: [pipelines.tenantId, pipelines.id] }),
  ],
);
