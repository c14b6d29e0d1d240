import { and, desc, eq, isNull } from 'drizzle-orm';
import { apiKeys } from '@/db/schema/tenants';
import { notFound } from '@/domain/refusals';
import { audit } from '../core/audit';
import { hashSecret, newId, newSecret } from '../core/ids';
import { forgetSessions } from '../core/session';
import type { Work } from '../core/work';

export interface ApiKeyView {
  id: string;
  name: string;
  prefix: string;
  access: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}

/** Keys that still work, newest first. */
export async function listApiKeys(work: Work): Promise<ApiKeyView[]> {
  const rows = await work.db.find(apiKeys, isNull(apiKeys.revokedAt), { orderBy: desc(apiKeys.createdAt), limit: 200 });
  return rows.map(({ id, name, prefix, access, createdAt, expiresAt, lastUsedAt }) => ({
    id,
    name,
    prefix,
    access,
    createdAt,
    expiresAt,
    lastUsedAt,
  }));
}

/** A new key in the actor's name and never with more rights than the actor has. The secret is shown this once. */
export async function createApiKey(
  work: Work,
  input: { name: string; access: 'read' | 'write'; days?: number },
): Promise<{ id: string; secret: string }> {
  const id = newId();
  const secret = `gx_${newSecret()}`;
  await work.db.insert(apiKeys, {
    id,
    name: input.name,
    prefix: secret.slice(0, 9),
    hash: hashSecret(secret),
    memberId: work.actor.memberId,
    access: input.access,
    createdAt: work.now.toISOString(),
    expiresAt: input.days ? new Date(work.now.getTime() + input.days * 86_400_000).toISOString() : null,
  });
  const detail = { access: input.access, days: input.days ?? null };
  await audit(work, 'apiKeyCreated', { object: 'apiKey', id, name: input.name }, detail);
  return { id, secret };
}

export async function revokeApiKey(work: Work, id: string): Promise<{ ok: true }> {
  const live = and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt));
  const [key] = await work.db.find(apiKeys, live, { lock: true });
  if (!key) throw notFound();
  await work.db.update(apiKeys, { revokedAt: work.now.toISOString() }, live);
  await audit(work, 'apiKeyRevoked', { object: 'apiKey', id, name: key.name });
  await forgetSessions(work.db);
  return { ok: true };
}
