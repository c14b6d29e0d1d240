import { sql } from 'drizzle-orm';
import {
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { app, auth, ctext, moment, tenantId } from './_tenant';

/** Global, a reference table when distributed: which tenants exist. No grants; read through auth.* functions. */
export const tenants = app.table('tenant', {
  id: uuid().primaryKey(),
  slug: ctext().notNull().unique(),
  status: ctext().notNull().default('active'),
  /** Name of the database server its rows have moved to (docs/scale.md); null where they are here. */
  shard: ctext(),
  /** Until when nothing is written, for the last of its rows are on their way. */
  movingUntil: moment(),
  createdAt: moment().notNull().default(sql`now()`),
});

/** Global: a person who can sign in, in any number of tenants. */
export const userAccounts = app.table('user_account', {
  id: uuid().primaryKey(),
  email: text().notNull(),
  emailNorm: ctext().notNull().unique(),
  name: text().notNull(),
  passwordHash: text(),
  locale: ctext().notNull().default('en'),
  theme: ctext().notNull().default('system'),
  emailConfirmedAt: moment(),
  disabledAt: moment(),
  createdAt: moment().notNull().default(sql`now()`),
});

/** Global: our session table is the truth; the cookie carries an opaque id of which only the hash is here. */
export const sessions = auth.table(
  'session',
  {
    sidHash: ctext().primaryKey(),
    userId: uuid().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    lastSeenAt: moment().notNull().default(sql`now()`),
    expiresAt: moment().notNull(),
    authTime: moment().notNull().default(sql`now()`),
    authMethods: text().array().notNull(),
    ip: text(),
    userAgent: text(),
    revokedAt: moment(),
  },
  (t) => [index().on(t.userId)],
);

/** Global: single-use tokens sent by mail (password reset, e-mail confirmation). */
export const tokens = auth.table(
  'token',
  {
    hash: ctext().primaryKey(),
    kind: ctext().notNull(),
    userId: uuid().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    expiresAt: moment().notNull(),
    usedAt: moment(),
    /** What the token is for besides its person: the new address of a change of e-mail. */
    subject: text(),
  },
  (t) => [index().on(t.userId)],
);

/** Global: browsers a person has signed in with; a third party's wrong passwords do not lock these out. */
export const devices = auth.table(
  'device',
  {
    hash: ctext().notNull(),
    userId: uuid().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    lastSeenAt: moment().notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.hash, t.userId] }), index().on(t.userId)],
);

/** Global: token buckets of sign-in and reset, shared by all processes. The key is a hash: it names nobody. */
export const attempts = auth.table('attempt', {
  key: ctext().primaryKey(),
  tokens: doublePrecision().notNull(),
  at: moment().notNull(),
});

/** What a tenant's admins set: name, currency, time zone, language. One row per tenant. */
export const tenantSettings = app.table(
  'tenant_settings',
  {
    tenantId: tenantId().references(() => tenants.id),
    /** The tenant's own id again, so that settings are a record with history and undo like any other. */
    id: uuid().notNull(),
    name: text().notNull(),
    currency: ctext().notNull(),
    timeZone: ctext().notNull(),
    locale: ctext().notNull(),
    /** Minutes without a request, and days in all, after which a member's session ends; null is the product's own. */
    sessionIdleMinutes: integer(),
    sessionDays: integer(),
    version: integer().notNull().default(1),
    updatedAt: moment().notNull().default(sql`now()`),
    deletedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] })],
);

export const teams = app.table(
  'team',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    version: integer().notNull().default(1),
    name: text().notNull(),
    nameNorm: ctext().notNull(),
    office: text(),
    managerId: uuid(),
    createdAt: moment().notNull().default(sql`now()`),
    updatedAt: moment().notNull().default(sql`now()`),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.nameNorm),
    index().on(t.tenantId, t.managerId),
  ],
);

/**
 * A person in a tenant. `placeholder` members have no login yet: owners that an import brought along; an invitation
 * may later turn one into a real person.
 */
export const members = app.table(
  'member',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    version: integer().notNull().default(1),
    userId: uuid().references(() => userAccounts.id),
    name: text().notNull(),
    nameNorm: ctext().notNull(),
    email: text(),
    emailNorm: ctext(),
    role: ctext().notNull(),
    status: ctext().notNull(),
    teamId: uuid(),
    createdAt: moment().notNull().default(sql`now()`),
    updatedAt: moment().notNull().default(sql`now()`),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    check('member_role', sql`${t.role} in ('owner', 'admin', 'manager', 'member', 'viewer')`),
    check('member_status', sql`${t.status} in ('active', 'invited', 'placeholder', 'inactive')`),
    unique().on(t.tenantId, t.userId),
    index('member_user_id_index').on(t.userId),
    index().on(t.tenantId, t.nameNorm),
    index().on(t.tenantId, t.emailNorm),
    index().on(t.tenantId, t.teamId),
    foreignKey({ columns: [t.tenantId, t.teamId], foreignColumns: [teams.tenantId, teams.id] }),
  ],
);

/** Small per-person settings: table columns, theme, last view. */
export const preferences = app.table(
  'preference',
  {
    tenantId: tenantId().references(() => tenants.id),
    memberId: uuid().notNull(),
    key: ctext().notNull(),
    value: jsonb().notNull(),
    updatedAt: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.memberId, t.key] }),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

export const invitations = app.table(
  'invitation',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    email: text().notNull(),
    emailNorm: ctext().notNull(),
    role: ctext().notNull(),
    locale: ctext().notNull(),
    teamId: uuid(),
    memberId: uuid(),
    tokenHash: ctext().notNull(),
    invitedBy: uuid().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    expiresAt: moment().notNull(),
    acceptedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('invitation_token_index').on(t.tokenHash),
    index().on(t.tenantId, t.teamId),
    index().on(t.tenantId, t.memberId),
    index().on(t.tenantId, t.invitedBy),
    foreignKey({ columns: [t.tenantId, t.teamId], foreignColumns: [teams.tenantId, teams.id] }),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.invitedBy], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/** REST keys. Only the hash is kept; `prefix` lets people recognise one in a list. */
export const apiKeys = app.table(
  'api_key',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    name: text().notNull(),
    prefix: ctext().notNull(),
    hash: ctext().notNull(),
    memberId: uuid().notNull(),
    access: ctext().notNull().default('write'),
    createdAt: moment().notNull().default(sql`now()`),
    expiresAt: moment(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('api_key_hash_index').on(t.hash),
    index().on(t.tenantId, t.memberId),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);
