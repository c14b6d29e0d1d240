import type { Metadata } from 'next';
import { FormCard } from '@/components/site/form-card';
import { TenantList } from '@/components/site/tenant-list';
import { siteWords } from '../words';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await siteWords())('tenants.title') };
}

export default async function TenantsPage() {
  const t = await siteWords();
  return (
    <FormCard title={t('tenants.title')}>
      <TenantList />
    </FormCard>
  );
}
