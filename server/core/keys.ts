/**
 * Keys of everything that is kept by key outside the tenant's tables: caches, rate limits, files, job singletons.
 * Only these two functions make them, so that a tenant's key cannot be had without naming the tenant (security T8).
 */
declare const brand: unique symbol;
export type TenantKey = string & { [brand]: 'tenant' };
export type GlobalKey = string & { [brand]: 'global' };
export type Key = TenantKey | GlobalKey;

/** A key of something a tenant has. */
export function tenantKey(tenantId: string, ...parts: string[]): TenantKey {
  // The brand is this function's word that the tenant is in the key.
  return `t/${tenantId}/${parts.map(encodeURIComponent).join('/')}` as TenantKey;
}

/** A key of something that precedes every tenant: an address, an e-mail that signs in. */
export function globalKey(...parts: string[]): GlobalKey {
  // The brand is this function's word that no tenant's data hangs on the key.
  return `g/${parts.map(encodeURIComponent).join('/')}` as GlobalKey;
}
