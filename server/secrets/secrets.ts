import { randomBytes } from 'node:crypto';
import { eq, ne } from 'drizzle-orm';
import { tenantSecrets } from '@/db/schema/audit';
import type { TenantDb } from '@/db/tenant';
import { auditSystem } from '../core/audit';
import { currentKeyId, keyIdOf, type Place, seal, unseal } from '../core/secrets';

/** What a tenant keeps secret, by name; nothing but this module reads or writes `app.tenant_secret`. */
export type SecretName = 'audit' | 'auditHead';

const placeOf = (db: TenantDb, name: string): Place => [db.tenantId, 'tenant_secret', name];

/** A secret of the tenant, or undefined when it has none of the name. */
export async function readSecret(db: TenantDb, name: SecretName): Promise<Buffer | undefined> {
  const [row] = await db.find(tenantSecrets, eq(tenantSecrets.name, name));
  return row && unseal(placeOf(db, name), row.sealed);
}

/** Keeps a secret under a name, in place of what was there. */
export async function keepSecret(db: TenantDb, name: SecretName, value: Buffer): Promise<void> {
  const sealed = seal(placeOf(db, name), value);
  const row = { name, keyId: keyIdOf(sealed), sealed };
  await db.upsert(tenantSecrets, row, [tenantSecrets.tenantId, tenantSecrets.name], {
    keyId: row.keyId,
    sealed: row.sealed,
  });
}

/** A key of the tenant's own: 32 random bytes, made when first asked for. Two who ask at once get the same. */
export async function tenantKeyBytes(db: TenantDb, name: SecretName): Promise<Buffer> {
  const known = await readSecret(db, name);
  if (known) return known;
  const sealed = seal(placeOf(db, name), randomBytes(32));
  await db.insertMissing(tenantSecrets, [{ name, keyId: keyIdOf(sealed), sealed }]);
  const kept = await readSecret(db, name);
  if (!kept) throw new Error('A secret that was just kept is not there');
  return kept;
}

/**
 * Encrypts with the current key what an older one encrypted. Readers go on meanwhile: a row is in its old form or in
 * its new one, and the ring holds the keys of both.
 * @returns how many secrets were encrypted anew
 */
export async function rotateSecrets(db: TenantDb): Promise<number> {
  const rows = await db.find(tenantSecrets, ne(tenantSecrets.keyId, currentKeyId()), { lock: true });
  for (const { name, sealed } of rows) {
    const place = placeOf(db, name);
    const anew = seal(place, unseal(place, sealed));
    const rotatedAt = new Date().toISOString();
    await db.update(tenantSecrets, { sealed: anew, keyId: keyIdOf(anew), rotatedAt }, eq(tenantSecrets.name, name));
  }
  if (rows.length > 0) await auditSystem(db, 'secretRotated', undefined, { keyId: currentKeyId(), count: rows.length });
  return rows.length;
}
