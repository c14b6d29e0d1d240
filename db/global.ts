import { Refusal } from '@/domain/refusals';
import { textArray } from './arrays';
import { homePool, isHome, pool } from './pool';
import { fromShards, inShard, isElsewhere, poolOf, shardNames } from './shards';

/**
 * What precedes a tenant: sign-in, sign-up, sessions, tokens, keys. Only definer functions in schema `auth` answer
 * here, each returning named columns; the application's roles cannot read the tables behind them.
 */
export interface Membership {
  tenantId: string;
  slug: string;
  name: string;
  memberId: string;
  role: string;
  teamId: string | null;
}

export interface SessionRow {
  userId: string;
  email: string;
  name: string;
  locale: string;
  theme: string;
  emailConfirmed: boolean;
  authTime: string;
  lastSeenAt: string;
  tenants: Membership[];
}

export interface LoginRow {
  id: string;
  email: string;
  name: string;
  passwordHash: string | null;
  locale: string;
  disabled: boolean;
  /** Whether they have signed in with this browser before. */
  knownDevice: boolean;
}

/** Who did something to a person's account, from where and when: goes into the audits of their tenants. */
export interface Origin {
  now: Date;
  requestId: string | null;
  ip: string | null;
}

/** A session as its person sees it in a list. */
export interface ListedSession {
  /** Names the session without opening it. */
  id: string;
  createdAt: string;
  lastSeenAt: string;
  ip: string | null;
  userAgent: string | null;
  methods: string[];
}

export interface UserRow {
  id: string;
  email: string;
  name: string;
  passwordHash: string | null;
  locale: string;
  theme: string;
  emailConfirmed: boolean;
}

export interface InvitationRow {
  tenantId: string;
  slug: string;
  company: string;
  invitationId: string;
  email: string;
  role: string;
  inviter: string;
  locale: string;
  userId: string | null;
}

export interface ApiKeyRow {
  tenantId: string;
  slug: string;
  keyId: string;
  access: string;
  memberId: string;
  userId: string | null;
  role: string;
  teamId: string | null;
  locale: string;
  /** Null for the key of a member without a login. */
  emailConfirmed?: boolean | null;
}

export interface MemberRow {
  slug: string;
  userId: string | null;
  role: string;
  teamId: string | null;
  locale: string;
}

/** A token bucket of the database, shared by all processes: `burst` at once, refilled at `perMinute`. */
export interface Bucket {
  /** A hash: it names nobody. */
  key: string;
  burst: number;
  perMinute: number;
}

type Runner = {
  query(q: { name: string; text: string; values: unknown[] }): Promise<{ rows: Record<string, unknown>[] }>;
};

/** People, their sessions, links and attempts are on the server that the installation began with, whatever tenants have moved. */
const personal =
  /^(user_(?!known)|(sign_in|session|token|device|attempts|password|email|step_up|login)(_|$)|sessions_(end|stale)$)/;

/** Where a function is asked: a transaction on another server cannot be that of a person's account. */
const runnerOf = (name: string, given: Runner | undefined): Runner =>
  personal.test(name) ? (given && !isElsewhere(given) ? given : homePool()) : (given ?? pool());

/** Calls `auth.<name>(…)` by position and gives its rows with camelCase names. */
async function call<T>(name: string, args: unknown[], given?: Runner): Promise<T[]> {
  const runner = runnerOf(name, given);
  const text = `select * from auth.${name}(${args.map((_, i) => `$${i + 1}`).join(', ')})`;
  const { rows } = await runner.query({ name: `auth.${name}`, text, values: args });
  return rows.map((row) => camelRow<T>(row));
}

/** A row as the function that gave it says it is, with camelCase names. */
const camelRow = <T>(row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value])) as T;

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const first = <T>(rows: T[]): T | undefined => rows[0];

/** Tells the audits of a person's tenants on other servers; those here are told by the function that did it. */
async function tellShards(
  userId: string,
  action: string,
  detail: object | null,
  { now, requestId, ip }: Origin,
): Promise<void> {
  const args = [userId, action, detail, now, requestId, ip];
  await Promise.all(shardNames().map((name) => inShard(name, () => call('person_event', args))));
}

/** @param deviceHash hash of what the browser keeps of earlier sign-ins */
export const signInFind = async (email: string, deviceHash: string | null = null) =>
  first(await call<LoginRow>('sign_in_find', [email, deviceHash]));
export const loginLookup = (email: string) => signInFind(email);
export const userGet = async (userId: string) => first(await call<UserRow>('user_get', [userId]));
/** @returns false when the e-mail is taken */
export const userCreate = async (
  user: { id: string; email: string; name: string; passwordHash: string; locale: string },
  runner?: Runner,
) => {
  const rows = await call<{ userCreate: string | null }>(
    'user_create',
    [user.id, user.email, user.name, user.passwordHash, user.locale],
    runner,
  );
  return Boolean(rows[0]?.userCreate);
};
/** Where a tenant is on another server, its members' accounts are known there by their ids. */
export const userKnown = async (userId: string, runner: Runner) => {
  if (isElsewhere(runner)) await call('user_known', [userId], runner);
};
export const userUpdate = (userId: string, name?: string, locale?: string, theme?: string) =>
  call('user_update', [userId, name ?? null, locale ?? null, theme ?? null]);
export const userConfirmEmail = (userId: string, runner?: Runner) => call('user_confirm_email', [userId], runner);
/** @returns false when the person has another address by now */
export const emailConfirm = async (userId: string, email: string, { now, requestId, ip }: Origin) =>
  first(await call<{ emailConfirm: boolean }>('email_confirm', [userId, email, now, requestId, ip]))?.emailConfirm ===
  true;
/** Ends sessions and open links but one session. @returns the old address, undefined when the new one is taken */
export const emailChange = async (userId: string, email: string, keepSidHash: string | null, origin: Origin) => {
  const args = [userId, email, keepSidHash, origin.now, origin.requestId, origin.ip];
  const old = first(await call<{ emailChange: string | null }>('email_change', args))?.emailChange ?? undefined;
  if (old !== undefined) await tellShards(userId, 'emailChanged', null, origin);
  return old;
};
/** Ends every session and open link; the session to keep goes on under a new id. */
export const passwordChange = async (
  userId: string,
  hash: string,
  keep: { old: string; new: string } | null,
  action: 'passwordChanged' | 'passwordReset',
  origin: Origin,
) => {
  const { now, requestId, ip } = origin;
  await call('password_change', [userId, hash, keep?.old ?? null, keep?.new ?? null, action, now, requestId, ip]);
  await tellShards(userId, action, null, origin);
};
export const passwordRenew = (userId: string, oldHash: string, newHash: string) =>
  call('password_renew', [userId, oldHash, newHash]);

/** Takes a token from each bucket or from none. @returns 0, or seconds until there is one again */
export const attemptsTake = async (buckets: Bucket[], now: Date) =>
  first(
    await call<{ attemptsTake: number }>('attempts_take', [
      buckets.map(({ key }) => key),
      buckets.map(({ burst }) => burst),
      buckets.map(({ perMinute }) => perMinute),
      now,
    ]),
  )?.attemptsTake ?? 0;
export const attemptsGive = (buckets: Bucket[]) =>
  call('attempts_give', [buckets.map(({ key }) => key), buckets.map(({ burst }) => burst)]);
export const signInFailed = async (userId: string, origin: Origin) => {
  await call('sign_in_failed', [userId, origin.now, origin.requestId, origin.ip]);
  await tellShards(userId, 'signInFailed', null, origin);
};
/** @returns true when the browser keeps the id it brought, false when it is to keep the new one */
export const deviceKeep = async (userId: string, broughtHash: string | null, newHash: string, now: Date) =>
  first(await call<{ deviceKeep: boolean }>('device_keep', [userId, broughtHash, newHash, now]))?.deviceKeep === true;

export const sessionStart = async (
  sidHash: string,
  userId: string,
  methods: string[],
  userAgent: string | null,
  origin: Origin,
) => {
  await call('session_start', [sidHash, userId, methods, origin.ip, userAgent, origin.now, origin.requestId]);
  await tellShards(userId, 'signIn', { methods }, origin);
};
export const sessionRead = async (sidHash: string, now: Date) => {
  const [row] = await call<SessionRow>('session_read', [sidHash, now]);
  return row && withShards(row, sidHash, now);
};

/** What `auth.memberships_read` tells of a tenant on another server. */
interface ElsewhereRow extends Membership {
  locale: string;
  /** How long a session there may last; null where the tenant does not say. */
  idleMinutes: number | null;
  days: number | null;
}

const membershipsElsewhere = (userId: string) => fromShards(() => call<ElsewhereRow>('memberships_read', [userId]));

/** A session with the memberships in tenants on other servers; undefined when one of those lets no session last so long. */
async function withShards(row: SessionRow, sidHash: string, now: Date): Promise<SessionRow | undefined> {
  if (shardNames().length === 0) return row;
  const elsewhere = await membershipsElsewhere(row.userId);
  if (elsewhere.length === 0) return row;
  const [begun] = await call<{ sessionBegun: string }>('session_begun', [sidHash]);
  const [idle, age] = [row.lastSeenAt, begun?.sessionBegun ?? 0].map((at) => now.getTime() - new Date(at).getTime());
  const minute = 60_000;
  const ended = elsewhere.some(
    ({ idleMinutes, days }) =>
      (idle ?? 0) >= (idleMinutes ?? Infinity) * minute || (age ?? 0) >= (days ?? Infinity) * 24 * 60 * minute,
  );
  if (ended) return undefined;
  const added = elsewhere.map(({ tenantId, slug, name, memberId, role, teamId }) => ({
    tenantId,
    slug,
    name,
    memberId,
    role,
    teamId,
  }));
  return { ...row, tenants: [...row.tenants, ...added].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Those of these sessions that stand, by hash, in one call; nothing of it counts as being used. */
export async function sessionsRead(sidHashes: string[], now: Date): Promise<Map<string, SessionRow>> {
  const { rows } = await homePool().query({
    name: 'auth.sessions_read',
    text: `select h.hash as sid_hash, s.* from unnest($1::text[]) h (hash) cross join lateral auth.session_read(h.hash, $2) s`,
    values: [textArray(sidHashes), now],
  });
  const standing = await Promise.all(
    rows.map(async ({ sid_hash: hash, ...row }) => ({
      hash: String(hash),
      row: await withShards(camelRow<SessionRow>(row), String(hash), now),
    })),
  );
  return new Map(standing.flatMap(({ hash, row }) => (row ? [[hash, row]] : [])));
}
export const sessionSeen = (sidHash: string, now: Date) => call('session_seen', [sidHash, now]);
export const sessionList = (userId: string, now: Date) => call<ListedSession>('session_list', [userId, now]);
export const sessionEnd = async (sidHash: string, origin: Origin) => {
  const [row] = shardNames().length > 0 ? await call<SessionRow>('session_read', [sidHash, origin.now]) : [];
  await call('session_end', [sidHash, origin.now, origin.requestId, origin.ip]);
  if (row) await tellShards(row.userId, 'signOut', null, origin);
};
/**
 * Ends one session of a person, or all but one.
 * @param told the audits of the person's tenants tell of it
 * @returns how many ended
 */
export const sessionsEnd = async (
  userId: string,
  which: { id?: string; keepSidHash?: string; told: boolean },
  origin: Origin,
  runner?: Runner,
) => {
  const { now, requestId, ip } = origin;
  const args = [userId, which.id ?? null, which.keepSidHash ?? null, which.told, now, requestId, ip];
  const count = first(await call<{ sessionsEnd: number }>('sessions_end', args, runner))?.sessionsEnd ?? 0;
  if (which.told && count > 0) await tellShards(userId, 'sessionsRevoked', { count }, origin);
  return count;
};
/** The session goes on under another id. @returns false when it had ended */
export const sessionRotate = async (oldHash: string, newHash: string, now: Date, runner?: Runner) =>
  first(await call<{ sessionRotate: boolean }>('session_rotate', [oldHash, newHash, false, now], runner))
    ?.sessionRotate === true;
/** The same, and the person has just proved who they are. */
export const stepUp = async (oldHash: string, newHash: string, userId: string, origin: Origin) => {
  const args = [oldHash, newHash, userId, origin.now, origin.requestId, origin.ip];
  const isDone = first(await call<{ stepUp: boolean }>('step_up', args))?.stepUp === true;
  if (isDone) await tellShards(userId, 'stepUp', null, origin);
  return isDone;
};
/** The person has to prove anew who they are before what asks for it. */
export const sessionsStale = (userId: string, runner?: Runner) => call('sessions_stale', [userId], runner);
/** Every process forgets what it remembers of sessions, once the transaction is committed. */
export const sessionsChanged = (runner?: Runner) => call('sessions_changed', [], runner);

export const tokenMake = (
  hash: string,
  kind: string,
  userId: string,
  subject: string | null,
  minutes: number,
  now: Date,
) => call('token_make', [hash, kind, userId, subject, minutes, now]);
/** Whose a token is, without using it. @returns also the words a password of theirs must not be made of */
export const tokenRead = async (hash: string, kind: string, now: Date) =>
  first(await call<{ userId: string; words: string[] }>('token_read', [hash, kind, now]));
/** @returns whose token it was, or undefined when it is unknown, used or too old, or its person is disabled */
export const tokenTake = async (hash: string, kinds: string[], now: Date) =>
  first(await call<{ userId: string; kind: string; subject: string | null }>('token_take', [hash, kinds, now]));
/** @returns false when the slug is taken */
export const tenantCreate = async (id: string, slug: string, runner?: Runner) =>
  first(await call<{ tenantCreate: boolean }>('tenant_create', [id, slug], runner))?.tenantCreate ?? false;
/** Which tenant has an address; one that has moved to another server is what it is there. */
export const tenantBySlug = async (slug: string) => {
  const found = first(await call<{ id: string; status: string }>('tenant_by_slug', [slug], homePool()));
  if (found?.status !== 'moved') return found;
  return first(await call<{ id: string; status: string }>('tenant_by_slug', [slug], poolOf(found.id)));
};
/** Suspends an open workspace, or opens it again. */
export const tenantSetStatus = (id: string, status: 'active' | 'suspended') =>
  call('tenant_status_set', [id, status], poolOf(id));
/** Makes a workspace for an archive to fill, which nobody can come into. */
export const tenantFill = async (id: string, runner: Runner) => {
  // Addresses are given out at home: what is made elsewhere nobody would find.
  if (isElsewhere(runner)) throw new Refusal('conflict', 'archiveElsewhere');
  await call('tenant_fill', [id], runner);
};
/** A workspace that was filled takes the place of an empty one; in its own transaction. @returns the address they share now */
export const tenantReplace = async (oldId: string, newId: string, runner: Runner) =>
  first(await call<{ tenantReplace: string }>('tenant_replace', [oldId, newId], runner))?.tenantReplace;
/** Gives up a workspace that is being filled; in its own transaction. @returns false for one that has opened or is gone */
export const tenantGiveUp = async (id: string, runner: Runner) =>
  first(await call<{ tenantGiveUp: boolean }>('tenant_give_up', [id], runner))?.tenantGiveUp === true;
/** Removes so much of the history of a workspace that will never open; in its own transaction. @returns 0 when all is gone */
export const tenantDiscard = async (id: string, limit: number, runner: Runner) =>
  first(await call<{ tenantDiscard: number }>('tenant_discard', [id, limit], runner))?.tenantDiscard ?? 0;
export const invitationGet = async (tokenHash: string, now: Date) => {
  const ask = () => call<InvitationRow>('invitation_get', [tokenHash, now]);
  const here = first(await ask());
  if (here || shardNames().length === 0) return here;
  const there = first(await fromShards(ask));
  // Who has an account is known here only.
  return there && { ...there, userId: (await signInFind(there.email))?.id ?? null };
};
export const apiKeyRead = async (hash: string, now: Date) => {
  const ask = () => call<ApiKeyRow>('api_key_read', [hash, now]);
  const here = first(await ask());
  if (here || shardNames().length === 0) return here;
  const there = first(await fromShards(ask));
  if (!there?.userId) return there;
  const user = await userGet(there.userId);
  return user && { ...there, emailConfirmed: user.emailConfirmed };
};
export const apiKeyTouch = (tenantId: string, keyId: string) =>
  call('api_key_touch', [tenantId, keyId], poolOf(tenantId));
/** @returns undefined when the tenant is suspended or the member has left */
export const memberGet = async (tenantId: string, memberId: string) => {
  const found = first(await call<MemberRow>('member_get', [tenantId, memberId], poolOf(tenantId)));
  // Whose account is closed is known here only.
  const isClosed = found?.userId && !isHome(poolOf(tenantId)) && !(await userGet(found.userId));
  return isClosed ? undefined : found;
};
/** Where a person is an active member. */
export const membershipsOf = async (userId: string) => [
  ...(await call<Omit<MemberRow, 'userId'> & { tenantId: string; memberId: string }>(
    'memberships_of',
    [userId],
    homePool(),
  )),
  ...(await membershipsElsewhere(userId)),
];
/** Ids of active tenants after `after`, in order: what a cron job goes through. */
export const tenantIds = async (after: string | null, limit: number) =>
  (await call<{ id: string }>('tenant_ids', [after, limit])).map(({ id }) => id);
/** Removes what serves nobody any more, at most so many of each. */
export const prune = async (now: Date, limit: number) =>
  first(await call<{ sessions: number; tokens: number; attempts: number; devices: number }>('prune', [now, limit]));

/** Of these, the ones in which something was written since a moment. */
export const tenantIdsWritten = async (after: string | null, limit: number, since: Date) =>
  (await call<{ id: string }>('tenant_ids_written', [after, limit, since])).map(({ id }) => id);

/** Of these, the ones in which a mail is to tell of something of that time that was not read. */
export const tenantIdsUnmailed = async (after: string | null, limit: number, since: Date, until: Date) =>
  (await call<{ id: string }>('tenant_ids_unmailed', [after, limit, since, until])).map(({ id }) => id);

/** Of these, the ones in which somebody is to be reminded of a task by now. */
export const tenantIdsReminding = async (after: string | null, limit: number, now: Date) =>
  (await call<{ id: string }>('tenant_ids_reminding', [after, limit, now])).map(({ id }) => id);
