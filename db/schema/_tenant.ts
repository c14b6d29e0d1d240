import { sql } from 'drizzle-orm';
import { customType, integer, jsonb, type PgColumnBuilderBase, pgSchema, uuid } from 'drizzle-orm/pg-core';

/** Everything a tenant's people work with. Row policies on every table with a `tenant_id`. */
export const app = pgSchema('app');

/** Sign-in, sessions, tokens: no grants to the application's roles, reached through definer functions only. */
export const auth = pgSchema('auth');

/**
 * Text compared byte by byte. Under row policies only leakproof operators use an index, and prefix search
 * (`^@`, `>=`/`<`) needs the C collation.
 */
export const ctext = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

/**
 * The tenant a row belongs to; the door's `SET LOCAL app.tenant_id` fills it, so domain code never names it. Tables whose
 * rows come by the dozen with each record (search keys, match keys, changes, copies of own values) do not reference it: the
 * same tenant would be looked up for every one of them, and their record or change set has the reference.
 */
export const tenantId = () => uuid('tenant_id').notNull().default(sql`current_setting('app.tenant_id')::uuid`);

/** `2026-11-23 05:27:30.12+00` as Postgres prints it to ISO 8601 `2026-11-23T05:27:30.12Z`; the roles' time zone is UTC. */
export function isoMoment(value: string): string {
  return `${value.slice(0, 10)}T${value.slice(11).replace(/\+00(:00)?$/, 'Z')}`;
}

/** A moment in time, ISO 8601 in UTC on our side. */
export const moment = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: isoMoment,
});

/**
 * When the transaction that wrote a row began, by the database's clock: the audit seals rows by it. Not `at`, which is
 * the application's moment and may lie in the past (imports, samples).
 */
export const writtenAt = () => moment('written_at').notNull().default(sql`now()`);

/** Columns every record has besides its fields. */
export const recordColumns = {
  tenantId: tenantId(),
  id: uuid().notNull(),
  version: integer().notNull().default(1),
  createdAt: moment().notNull().default(sql`now()`),
  updatedAt: moment().notNull().default(sql`now()`),
  createdBy: uuid(),
  updatedBy: uuid(),
  /** screen, api, import, system: where the record came from. */
  origin: ctext(),
  deletedAt: moment(),
  deletedBy: uuid(),
} satisfies Record<string, PgColumnBuilderBase>;

/** Values of the tenant's own fields by key, those that are set; `field_value` holds copies to filter and sort by. */
export const custom = () => jsonb().$type<Record<string, unknown>>().notNull().default({});
