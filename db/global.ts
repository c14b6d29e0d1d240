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
}

export interface MemberRow {
  slug: string;
  userId: string | null;
  role: string;
  teamId: string | null;
  locale: string;
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

export const loginLookup = async (email: string) => first(await call<LoginRow>('login_lookup', [email]));
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
export const userConfirmEmail = (userId: string) => call('user_confirm_email', [userId]);
export const passwordSet = (userId: string, hash: string, keepSidHash: string | null) =>
  call('password_set', [userId, hash, keepSidHash]);
export const passwordRehash = (userId: string, hash: string) => call('password_rehash', [userId, hash]);
export const sessionCreate = (
  sidHash: string,
  userId: string,
  days: number,
  methods: string[],
  ip: string | null,
  userAgent: string | null,
) => call('session_create', [sidHash, userId, days, methods, ip, userAgent]);
export const sessionGet = async (sidHash: string) => first(await call<SessionRow>('session_get', [sidHash]));
export const sessionTouch = (sidHash: string) => call('session_touch', [sidHash]);
export const sessionRevoke = (sidHash: string) => call('session_revoke', [sidHash]);
export const tokenCreate = (hash: string, kind: string, userId: string, minutes: number) =>
  call('token_create', [hash, kind, userId, minutes]);
/** @returns whose token it was, or undefined when it is unknown, used or too old */
export const tokenUse = async (hash: string, kind: string) =>
  first(await call<{ tokenUse: string | null }>('token_use', [hash, kind]))?.tokenUse ?? undefined;
/** @returns false when the slug is taken */
export const tenantCreate = async (id: string, slug: string, runner?: Runner) =>
  first(await call<{ tenantCreate: boolean }>('tenant_create', [id, slug], runner))?.tenantCreate ?? false;
export const tenantBySlug = async (slug: string) =>
  first(await call<{ id: string; status: string }>('tenant_by_slug', [slug]));
export const tenantSetStatus = (id: string, status: string) => call('tenant_set_status', [id, status]);
export const invitationGet = async (tokenHash: string, now: Date) =>
  first(await call<InvitationRow>('invitation_get', [tokenHash, now]));
export const apiKeyGet = async (hash: string) => first(await call<ApiKeyRow>('api_key_get', [hash]));
export const apiKeyTouch = (tenantId: string, keyId: string) => call('api_key_touch', [tenantId, keyId]);
/** @returns undefined when the tenant is suspended or the member has left */
export const memberGet = async (tenantId: string, memberId: string) =>
  first(await call<MemberRow>('member_get', [tenantId, memberId]));
/** Ids of active tenants after `after`, in order: what a cron job goes through. */
export const tenantIds = async (after: string | null, limit: number) =>
  (await call<{ id: string }>('tenant_ids', [after, limit])).map(({ id }) => id);
