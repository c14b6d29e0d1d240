import { inTenant } from '@/db/tenant';
import { rotateSecrets } from './secrets';

/** Brings a tenant's secrets to the installation's current key; nothing to do on most nights. */
export async function rotateTenant(tenantId: string): Promise<number> {
  return inTenant(tenantId, 'write', rotateSecrets);
}
