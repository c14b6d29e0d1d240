import { pool } from './pool';

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

/** Calls `auth.<name>(…)` by position and gives its rows with camelCase names. */
async function call<T>(name: string, args: unknown[], runner: Runner = pool()): Promise<T[]> {
  const text = `select * from auth.${name}(${args.map((_, i) => `$${i + 1}`).join(', ')})`;
  const { rows } = await runner.query({ name: `auth.${name}`, text, values: args });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value])) as T);
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const first = <T>(rows: T[]): T | undefined => rows[0];

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
export const userUpdate = (userId: string, name?: string, locale?: string, theme?: string) =>
  call('user_update', [userId, name ?? null, locale ?? null, theme ?? null]);
export const userConfirmEmail = (userId: string, runner?: Runner) => call('user_confirm_email', [userId], runner);
/** @returns false when the person has another address by now */
export const emailConfirm = async (userId: string, email: string, { now, requestId, ip }: Origin) =>
  first(await call<{ emailConfirm: boolean }>('email_confirm', [userId, email, now, requestId, ip]))?.emailConfirm ===
  true;
/** Ends sessions and open links but one session. @returns the old address, undefined when the new one is taken */
export const emailChange = async (
  userId: string,
  email: string,
  keepSidHash: string | null,
  { now, requestId, ip }: Origin,
) =>
  first(await call<{ emailChange: string | null }>('email_change', [userId, email, keepSidHash, now, requestId, ip]))
    ?.emailChange ?? undefined;
/** Ends every session and open link; the session to keep goes on under a new id. */
export const passwordChange = (
  userId: string,
  hash: string,
  keep: { old: string; new: string } | null,
  action: 'passwordChanged' | 'passwordReset',
  { now, requestId, ip }: Origin,
) => call('password_change', [userId, hash, keep?.old ?? null, keep?.new ?? null, action, now, requestId, ip]);
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
export const signInFailed = (userId: string, { now, requestId, ip }: Origin) =>
  call('sign_in_failed', [userId, now, requestId, ip]);
/** @returns true when the browser keeps the id it brought, false when it is to keep the new one */
export const deviceKeep = async (userId: string, broughtHash: string | null, newHash: string, now: Date) =>
  first(await call<{ deviceKeep: boolean }>('device_keep', [userId, broughtHash, newHash, now]))?.deviceKeep === true;

export const sessionStart = (
  sidHash: string,
  userId: string,
  methods: string[],
  userAgent: string | null,
  { now, requestId, ip }: Origin,
) => call('session_start', [sidHash, userId, methods, ip, userAgent, now, requestId]);
export const sessionRead = async (sidHash: string, now: Date) =>
  first(await call<SessionRow>('session_read', [sidHash, now]));
export const sessionSeen = (sidHash: string, now: Date) => call('session_seen', [sidHash, now]);
export const sessionList = (userId: string, now: Date) => call<ListedSession>('session_list', [userId, now]);
export const sessionEnd = (sidHash: string, { now, requestId, ip }: Origin) =>
  call('session_end', [sidHash, now, requestId, ip]);
/**
 * Ends one session of a person, or all but one.
 * @param told the audits of the person's tenants tell of it
 * @returns how many ended
 */
export const sessionsEnd = async (
  userId: string,
  which: { id?: string; keepSidHash?: string; told: boolean },
  { now, requestId, ip }: Origin,
  runner?: Runner,
) => {
  const args = [userId, which.id ?? null, which.keepSidHash ?? null, which.told, now, requestId, ip];
  return first(await call<{ sessionsEnd: number }>('sessions_end', args, runner))?.sessionsEnd ?? 0;
};
/** The session goes on under another id. @returns false when it had ended */
export const sessionRotate = async (oldHash: string, newHash: string, now: Date, runner?: Runner) =>
  first(await call<{ sessionRotate: boolean }>('session_rotate', [oldHash, newHash, false, now], runner))
    ?.sessionRotate === true;
/** The same, and the person has just proved who they are. */
export const stepUp = async (oldHash: string, newHash: string, userId: string, { now, requestId, ip }: Origin) =>
  first(await call<{ stepUp: boolean }>('step_up', [oldHash, newHash, userId, now, requestId, ip]))?.stepUp === true;
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
export const tenantBySlug = async (slug: string) =>
  first(await call<{ id: string; status: string }>('tenant_by_slug', [slug]));
/** Suspends an open workspace, or opens it again. */
export const tenantSetStatus = (id: string, status: 'active' | 'suspended') => call('tenant_status_set', [id, status]);
/** Makes a workspace for an archive to fill, which nobody can come into. */
export const tenantFill = (id: string, runner: Runner) => call('tenant_fill', [id], runner);
/** A workspace that was filled takes the place of an empty one; in its own transaction. @returns the address they share now */
export const tenantReplace = async (oldId: string, newId: string, runner: Runner) =>
  first(await call<{ tenantReplace: string }>('tenant_replace', [oldId, newId], runner))?.tenantReplace;
/** Gives up a workspace that is being filled; in its own transaction. @returns false for one that has opened or is gone */
export const tenantGiveUp = async (id: string, runner: Runner) =>
  first(await call<{ tenantGiveUp: boolean }>('tenant_give_up', [id], runner))?.tenantGiveUp === true;
/** Removes so much of the history of a workspace that will never open; in its own transaction. @returns 0 when all is gone */
export const tenantDiscard = async (id: string, limit: number, runner: Runner) =>
  first(await call<{ tenantDiscard: number }>('tenant_discard', [id, limit], runner))?.tenantDiscard ?? 0;
export const invitationGet = async (tokenHash: string, now: Date) =>
  first(await call<InvitationRow>('invitation_get', [tokenHash, now]));
export const apiKeyRead = async (hash: string, now: Date) => first(await call<ApiKeyRow>('api_key_read', [hash, now]));
export const apiKeyTouch = (tenantId: string, keyId: string) => call('api_key_touch', [tenantId, keyId]);
/** @returns undefined when the tenant is suspended or the member has left */
export const memberGet = async (tenantId: string, memberId: string) =>
  first(await call<MemberRow>('member_get', [tenantId, memberId]));
/** Where a person is an active member. */
export const membershipsOf = (userId: string) =>
  call<Omit<MemberRow, 'userId'> & { tenantId: string; memberId: string }>('memberships_of', [userId]);
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
