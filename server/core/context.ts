import type { ApiKeyRow, SessionRow } from '@/db/global';
import type { Channel } from '@/domain/changes';
import { can, type Permission, type Role } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import type { Enqueue } from './jobs';
import type { Log } from './log';
import type { MailJob } from './mail/templates';
import type { Actor } from './work';

/** One request as the doors hand it over. */
export interface RequestContext {
  requestId: string;
  ip: string;
  userAgent: string | null;
  /** The tenant in the address, if any. */
  tenantSlug: string | null;
  /** The session id of the cookie; its session is asked for once per request. */
  sid: string | undefined;
  session: SessionRow | undefined;
  apiKey: ApiKeyRow | undefined;
  channel: Channel;
  log: Log;
  now: () => Date;
  enqueue: Enqueue;
  /** Sends a mail outside any transaction, for what precedes a tenant. */
  sendMail: (job: MailJob) => Promise<void>;
  /** Address people reach the site under, without a trailing slash: for links in mails. */
  publicUrl: string;
  /** Language of an answer to somebody who is not signed in. */
  locale: string;
}

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

/** @throws Refusal forbidden when the role has not the permission in any scope */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!can(actor.role, permission)) throw new Refusal('forbidden', { code: 'forbidden' });
}
