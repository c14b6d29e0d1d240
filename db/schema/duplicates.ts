import { sql } from 'drizzle-orm';
import { index, integer, jsonb, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId } from './_tenant';
import { tenants } from './tenants';

/** What records are compared by: normalised names, domains, addresses, phones. Written with the record. */
export const matchKeys = app.table(
  'match_key',
  {
    tenantId: tenantId(),
    object: ctext().notNull(),
    rule: ctext().notNull(),
    key: ctext().notNull(),
    recordId: uuid().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.object, t.rule, t.key, t.recordId] }),
    index().on(t.tenantId, t.recordId),
  ],
);

/** Two records that are likely the same, the smaller id first. */
export const duplicatePairs = app.table(
  'duplicate_pair',
  {
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    a: uuid().notNull(),
    b: uuid().notNull(),
    /** 0 to 100. */
    score: integer().notNull(),
    reasons: jsonb().$type<string[]>().notNull(),
    foundAt: moment().notNull().default(sql`now()`),
    /** Somebody said that they are not the same. */
    dismissedAt: moment(),
    dismissedBy: uuid(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.object, t.a, t.b] }),
    index().on(t.tenantId, t.b),
    index('duplicate_pair_open').on(t.tenantId, t.object, t.score).where(sql`${t.dismissedAt} is null`),
  ],
);

/** A tenant's own choice of what makes two records of an object likely the same. */
export const matchRules = app.table(
  'match_rule',
  {
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    version: integer().notNull().default(1),
    config: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.object] })],
);

/** Rows a merge moved that have no history of their own, by kind. */
export interface MovedRows {
  /** `comment`, `attachment`, `notification`, `externalId`: the row's key and the record it was on. */
  rows?: { table: string; key: string; from: string }[];
  /** Members who follow the survivor since the merge. */
  followers?: string[];
}

/** A merge, so that it can be taken back weeks later. */
export const merges = app.table(
  'merge',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    object: ctext().notNull(),
    survivorId: uuid().notNull(),
    /** The records that went into it. */
    mergedIds: uuid().array().notNull(),
    changeSetId: uuid().notNull(),
    at: moment().notNull().default(sql`now()`),
    memberId: uuid(),
    unmergedAt: moment(),
    unmergeSetId: uuid(),
    /** What followed to the survivor and is no record with fields: comments, files, followers, ids of other systems. */
    moved: jsonb().$type<MovedRows>().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index().on(t.tenantId, t.survivorId)],
);

/** What was erased for good: that it was, never what it was. */
export const erasures = app.table(
  'erasure',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    at: moment().notNull().default(sql`now()`),
    memberId: uuid(),
    object: ctext().notNull(),
    count: integer().notNull(),
    /** `person` who asked for it, `expired` after 180 days in the bin. */
    why: ctext().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index().on(t.tenantId, t.at)],
);
