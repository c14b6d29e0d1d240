import type { ApiKeyRow, SessionRow } from '@/db/global';
import type { TenantDb } from '@/db/tenant';
import type { Channel } from '@/domain/changes';
import { can, type Permission, type Role } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import type { Enqueue } from './jobs';
import type { Tell } from './limits';
import type { Log } from './log';
import type { AccountMail } from './mail/account-mail';
import { typesOf } from './types';
import type { Actor, Work } from './work';

/** One request as the doors hand it over. */
export interface RequestContext {
  requestId: string;
  ip: string;
  userAgent: string | null;
  /** The tenant in the address, if any. */
  tenantSlug: string | null;
  /** The session id of the cookie; its session is asked for once per request. */
  sid: string | undefined;
  /** What the browser's device cookie holds: it has been here before. */
  device?: string;
  /** Gives the browser another session id, or takes its cookie back; missing where no browser asks. */
  setSession?: (sid: string | null) => void;
  session: SessionRow | undefined;
  apiKey: ApiKeyRow | undefined;
  channel: Channel;
  /** Header `Idempotency-Key`: what the caller calls this change, so that sending it again does nothing twice. */
  idempotencyKey?: string;
  /** Told where the caller stands with each limit, for the answer's headers. */
  tell?: Tell;
  log: Log;
  now: () => Date;
  enqueue: Enqueue;
  /** Asks for a mail to a person, outside any transaction: it is written and sent by a job. */
  sendMail: (mail: AccountMail) => Promise<void>;
  /** Address people reach the site under, without a trailing slash: for links in mails. */
  publicUrl: string;
  /** Language of an answer to somebody who is not signed in. */
  locale: string;
}

/** A request of somebody who is signed in. */
export type PersonContext = RequestContext & { session: SessionRow; sid: string };

/**
 * The member of this tenant behind a request.
 * @throws Refusal unauthenticated without a session or key, notFound when not a member: a stranger does not learn
 *   which tenants exist
 */
export function actorOf(context: RequestContext): Actor {
  if (context.apiKey) return keyActor(context.apiKey, context.channel);
  const { session, tenantSlug } = context;
  if (!session) throw new Refusal('unauthenticated', 'unauthenticated');
  const membership = session.tenants.find((t) => t.slug === tenantSlug);
  if (!membership) throw notFound();
  return {
    tenantId: membership.tenantId,
    tenantSlug: membership.slug,
    memberId: membership.memberId,
    userId: session.userId,
    // The table's check constraint holds roles to these.
    role: membership.role as Role,
    teamId: membership.teamId,
    locale: session.locale,
    channel: context.channel,
    fresh: isFresh(session, context.now()),
  };
}

function keyActor(key: ApiKeyRow, channel: Channel): Actor {
  return {
    tenantId: key.tenantId,
    tenantSlug: key.slug,
    memberId: key.memberId,
    userId: key.userId,
    // A key never has more rights than its maker has now; a read key has a viewer's hands.
    role: key.role as Role,
    teamId: key.teamId,
    locale: key.locale,
    channel,
  };
}

/** What a verb is called with in a transaction of the request's. */
export async function workOf(context: RequestContext, actor: Actor, db: TenantDb): Promise<Work> {
  const { requestId, ip, enqueue } = context;
  return { db, actor, types: await typesOf(db), now: context.now(), requestId, ip, enqueue };
}

/** @throws Refusal forbidden when the role has not the permission in any scope */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor.role, permission)) throw new Refusal('forbidden', { code: 'forbidden' });
}

/** Minutes after proving who they are in which a person is not asked again (ASVS 7.5.1). */
export const freshMinutes = 10;

/** Until when somebody is not asked again who they are. */
export const freshUntil = (session: SessionRow): Date => new Date(Date.parse(session.authTime) + freshMinutes * 60_000);

const isFresh = (session: SessionRow, now: Date) => now < freshUntil(session);

/**
 * For what a stolen session must not be enough for (security S4).
 * @throws Refusal forbidden: `stepUpNeeded` when the last proof is too old, `notByKey` for programs, who can give none
 */
export function requireStepUp(context: Pick<RequestContext, 'apiKey' | 'session' | 'now'>): void {
  if (context.apiKey || !context.session) throw new Refusal('forbidden', 'notByKey');
  if (!isFresh(context.session, context.now())) throw new Refusal('forbidden', 'stepUpNeeded');
}

/** For what reaches out to others. @throws Refusal forbidden `confirmEmailFirst` for a person whose address nobody confirmed */
export function requireConfirmedEmail({ apiKey, session }: Pick<RequestContext, 'apiKey' | 'session'>): void {
  const confirmed = apiKey ? apiKey.emailConfirmed : session?.emailConfirmed;
  if (!confirmed) throw new Refusal('forbidden', 'confirmEmailFirst');
}

/** Who did something to an account, for its audit. */
export const originOf = ({ now, requestId, ip }: RequestContext) => ({ now: now(), requestId, ip });
