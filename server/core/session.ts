import * as global from '@/db/global';
import type { TenantDb } from '@/db/tenant';
import { afterCommit } from './after-commit';
import { hashSecret, newSecret } from './ids';

/** Name of the cookie that carries the opaque session id; the prefix makes browsers insist on Secure and Path=/. */
export const sessionCookie = (secure: boolean) => (secure ? '__Host-guanxi.session' : 'guanxi.session');
/** Days after which a session ends however much it is used (ASVS 7.3.2); the cookie lives no longer. */
export const sessionDays = 30;

/**
 * The tables are the truth; this is a second's memory of them, so that one page's calls ask once. Only while this
 * process hears of every change (core/session-listener.ts): else nothing is remembered. The server's bundle and Next's
 * share the process, so it hangs on the global object.
 */
interface Memory {
  listening: boolean;
  ms: number;
  sessions: Map<string, Remembered<global.SessionRow>>;
  keys: Map<string, Remembered<global.ApiKeyRow>>;
  /** Told whenever what is remembered is forgotten. */
  watchers: Set<() => void>;
}
interface Remembered<T> {
  row: Promise<T | undefined>;
  /** When it was read. */
  at: number;
}
const holder = globalThis as typeof globalThis & { guanxiSessions?: Memory };
holder.guanxiSessions ??= { listening: false, ms: 1000, sessions: new Map(), keys: new Map(), watchers: new Set() };
const memory = holder.guanxiSessions;

/** How much this process remembers: for whoever measures. */
export const rememberedFigures = () => ({ sessions: memory.sessions.size, keys: memory.keys.size });

/** Who a cookie's session id is; undefined when there is no such session or it has ended by now. */
export function readSession(sid: string | undefined, now = new Date()): Promise<global.SessionRow | undefined> {
  if (!sid || sid.length > 100) return Promise.resolve(undefined);
  const hash = hashSecret(sid);
  return remembered(memory.sessions, hash, now, async () => {
    const row = await global.sessionRead(hash, now);
    if (row && now.getTime() - Date.parse(row.lastSeenAt) > 60_000) void global.sessionSeen(hash, now).catch(() => {});
    return row;
  });
}

const keyShape = /^gx_[\w-]{43}$/;

/** Whose an API key is and what it may do; undefined when there is no such key, or it was revoked or has ended. */
export function readApiKey(secret: string, now = new Date()): Promise<global.ApiKeyRow | undefined> {
  if (!keyShape.test(secret)) return Promise.resolve(undefined);
  const hash = hashSecret(secret);
  return remembered(memory.keys, hash, now, async () => {
    const row = await global.apiKeyRead(hash, now);
    if (row) void global.apiKeyTouch(row.tenantId, row.keyId).catch(() => {});
    return row;
  });
}

/** What was read within the last second, or is being read; an answer under way when something changes is not kept. */
function remembered<T>(
  map: Map<string, Remembered<T>>,
  hash: string,
  now: Date,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!memory.listening) return read();
  const known = map.get(hash);
  const age = known ? now.getTime() - known.at : memory.ms;
  if (known && age >= 0 && age < memory.ms) return known.row;
  const row = read();
  row.catch(() => map.delete(hash));
  if (map.size > 20_000) map.clear();
  map.set(hash, { row, at: now.getTime() });
  return row;
}

/**
 * Everybody's sessions and keys are asked for afresh, here and in every other process, as soon as the transaction that
 * changes memberships, roles, keys or tenants is committed.
 * @param db the transaction; without one it is done at once
 */
export async function forgetSessions(db?: TenantDb): Promise<void> {
  await global.sessionsChanged(db?.client);
  if (db) afterCommit(db, forgetHere);
  forgetHere();
}

/** Forgets what this process remembers. */
export function forgetHere(): void {
  memory.sessions.clear();
  memory.keys.clear();
  for (const watcher of memory.watchers) watcher();
}

/**
 * Has somebody told whenever sessions, memberships or rights may have changed anywhere, for what outlives a request.
 * @returns ends it
 */
export function onSessionsChanged(watcher: () => void): () => void {
  memory.watchers.add(watcher);
  return () => {
    memory.watchers.delete(watcher);
  };
}

/** Whether this process hears of changes: who does not must ask again and again. */
export const hearsOfSessions = (): boolean => memory.listening;

/** Whether this process hears of changes: only then it remembers anything. */
export function setListening(listening: boolean): void {
  memory.listening = listening;
  forgetHere();
}

/** Sets how long answers are remembered; tests make it long, so that nothing grows old by itself. */
export function rememberFor(ms: number): void {
  memory.ms = ms;
}

/** A new session of 256 random bits, of which only the hash is stored (security S1). */
export async function startSession(
  userId: string,
  methods: string[],
  ip: string | null,
  userAgent: string | null,
  { now = new Date(), requestId = null }: { now?: Date; requestId?: string | null } = {},
): Promise<string> {
  const sid = newSecret();
  await global.sessionStart(hashSecret(sid), userId, methods, userAgent?.slice(0, 300) ?? null, { now, requestId, ip });
  return sid;
}

/** The session that asks, and how its browser is given another id; absent for programs. */
export interface OwnSession {
  sid?: string;
  setSession?: (sid: string | null) => void;
}

/** The session that asks goes on under a new id, once the transaction is committed; the old one is dead (security S1). */
export async function renewSession(db: TenantDb, { sid, setSession }: OwnSession, now: Date): Promise<void> {
  if (!sid) return;
  const next = newSecret();
  if (await global.sessionRotate(hashSecret(sid), hashSecret(next), now, db.client))
    afterCommit(db, () => setSession?.(next));
}

/** Ends a session: its id is dead from now on. */
export async function endSession(sid: string, origin: global.Origin): Promise<void> {
  await global.sessionEnd(hashSecret(sid), origin);
  forgetHere();
}
