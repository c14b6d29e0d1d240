import { and, eq, isNull } from 'drizzle-orm';
import { invitationGet, loginLookup, userConfirmEmail, userCreate, userKnown } from '@/db/global';
import { invitations, members } from '@/db/schema/tenants';
import { inTenant } from '@/db/tenant';
import { grantableRoles, type Role } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { committed } from '../core/after-commit';
import { audit } from '../core/audit';
import { apply } from '../core/changes';
import type { RequestContext } from '../core/context';
import { hashSecret, newId, newSecret } from '../core/ids';
import { checkPassword, hashPassword } from '../core/passwords';
import { forgetSessions } from '../core/session';
import { throttleTokens } from '../core/throttle';
import { typesOf } from '../core/types';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { memberType, requireFreshForOwner } from './members';

const invitationDays = 14;

export interface InviteInput {
  email: string;
  role: Role;
  teamId?: string;
  /** The member without a login whom the invited person is. */
  memberId?: string;
  locale?: 'en' | 'zh';
}

/** Invites somebody by mail and gives the link to pass on by hand. Only the token's hash is kept. */
export async function invite(work: Work, input: InviteInput, publicUrl: string): Promise<{ id: string; link: string }> {
  if (!grantableRoles(work.actor.role).includes(input.role))
    throw new Refusal('forbidden', { code: 'forbidden', field: 'role' });
  requireFreshForOwner(work, input.role);
  const emailNorm = input.email.toLowerCase();
  const [already] = await work.db.find(
    members,
    and(eq(members.emailNorm, emailNorm), eq(members.status, 'active'), isNull(members.deletedAt)),
  );
  if (already) throw new Refusal('conflict', { code: 'alreadyMember', params: { name: already.name }, field: 'email' });
  if (input.memberId) {
    const [member] = await work.db.find(
      members,
      and(eq(members.id, input.memberId), isNull(members.userId), isNull(members.deletedAt)),
    );
    if (!member) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'memberId' });
  }
  const settings = await settingsOf(work);
  const token = newSecret();
  const id = newId();
  const locale = input.locale ?? settings.locale;
  // A second invitation to the same address replaces the first: one link works, not several.
  await work.db.update(
    invitations,
    { revokedAt: work.now.toISOString() },
    and(eq(invitations.emailNorm, emailNorm), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)),
  );
  await work.db.insert(invitations, {
    id,
    email: input.email,
    emailNorm,
    role: input.role,
    locale,
    teamId: input.teamId ?? null,
    memberId: input.memberId ?? null,
    tokenHash: hashSecret(token),
    invitedBy: work.actor.memberId,
    createdAt: work.now.toISOString(),
    expiresAt: new Date(work.now.getTime() + invitationDays * 86_400_000).toISOString(),
  });
  const link = `${publicUrl}/invite?token=${token}`;
  const [inviter] = await work.db.find(members, eq(members.id, work.actor.memberId));
  await work.enqueue(work.db, 'mail', {
    key: `invitation-${id}`,
    to: input.email,
    locale,
    template: 'invitation',
    params: { link, company: settings.name, inviter: inviter?.name ?? settings.name, days: invitationDays },
  });
  await audit(work, 'invitationCreated', { object: 'invitation', id, name: input.email }, { role: input.role });
  return { id, link };
}

export async function revokeInvitation(work: Work, id: string): Promise<{ ok: true }> {
  const open = and(eq(invitations.id, id), isNull(invitations.acceptedAt), isNull(invitations.revokedAt));
  const [invitation] = await work.db.find(invitations, open, { lock: true });
  if (!invitation) throw notFound();
  await work.db.update(invitations, { revokedAt: work.now.toISOString() }, open);
  await audit(work, 'invitationRevoked', { object: 'invitation', id, name: invitation.email });
  return { ok: true };
}

/** What the page behind an invitation's link shows. @throws Refusal notFound `tokenInvalid` when it no longer works */
export async function readInvitation(
  token: string,
  now: Date,
): Promise<{ company: string; email: string; inviter: string; hasAccount: boolean }> {
  const found = await invitationGet(hashSecret(token), now);
  if (!found) throw new Refusal('notFound', 'tokenInvalid');
  return { company: found.company, email: found.email, inviter: found.inviter, hasAccount: found.userId !== null };
}

export interface AcceptInput {
  token: string;
  name?: string;
  password?: string;
}

/**
 * Takes up an invitation: a new person sets a name and password, one with an account must be signed in with it.
 * The link came by mail, so it confirms the address.
 */
export async function acceptInvitation(context: RequestContext, input: AcceptInput): Promise<{ slug: string }> {
  await throttleTokens(context.ip, context.now());
  const hash = hashSecret(input.token);
  const found = await invitationGet(hash, context.now());
  if (!found) throw new Refusal('notFound', 'tokenInvalid');
  const account = await loginLookup(found.email);
  if (account && context.session?.userId !== account.id) throw new Refusal('unauthenticated', 'signInFirst');
  const name = input.name?.trim() || account?.name;
  if (!account) {
    if (!name) throw new Refusal('invalid', { code: 'required', field: 'name' });
    checkPassword(input.password ?? '', [found.company, name, found.email]);
  }
  const passwordHash = account ? '' : await hashPassword(input.password ?? '');
  const userId = account?.id ?? newId();
  const inside = await inTenant(found.tenantId, 'write', async (db) => {
    const [invitation] = await db.find(
      invitations,
      and(eq(invitations.id, found.invitationId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)),
      { lock: true },
    );
    if (!invitation) throw new Refusal('notFound', 'tokenInvalid');
    if (
      !account &&
      !(await userCreate(
        { id: userId, email: found.email, name: name ?? found.email, passwordHash, locale: found.locale },
        db.client,
      ))
    ) {
      throw new Refusal('unauthenticated', 'signInFirst');
    }
    await userKnown(userId, db.client);
    const memberId = invitation.memberId ?? newId();
    const work: Work = {
      db,
      types: await typesOf(db),
      now: context.now(),
      requestId: context.requestId,
      ip: context.ip,
      enqueue: context.enqueue,
      // The table's check constraint holds roles to the catalogue's.
      actor: {
        tenantId: found.tenantId,
        tenantSlug: found.slug,
        memberId,
        userId,
        role: invitation.role as Role,
        teamId: null,
        locale: found.locale,
        channel: 'system',
      },
    };
    const values = { name: name ?? found.email, email: found.email, role: invitation.role, status: 'active', userId };
    const team = invitation.teamId ? { teamId: invitation.teamId } : {};
    await (invitation.memberId
      ? apply(work, 'update', [
          {
            type: memberType,
            op: 'update',
            id: memberId,
            values: { ...values, name: input.name?.trim() || undefined, ...team },
          },
        ])
      : apply(work, 'create', [{ type: memberType, op: 'create', id: memberId, values: { ...values, ...team } }]));
    await db.update(invitations, { acceptedAt: context.now().toISOString() }, eq(invitations.id, invitation.id));
    await userConfirmEmail(userId, db.client);
    await forgetSessions(db);
    return db;
  });
  committed(inside);
  return { slug: found.slug };
}
