'use client';

import { Building2, CloudOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { refusalOf } from './errors';

/** Why the product cannot be shown: no such company, a suspended one, or no answer. */
export function BootFailure({ error, retry, busy }: { error: unknown; retry: () => void; busy: boolean }) {
  const t = useTranslations('shell.boot');
  const c = useTranslations('common');
  const refusal = refusalOf(error);
  const suspended = refusal?.code === 'tenantSuspended';
  const missing = refusal?.kind === 'notFound' || refusal?.kind === 'forbidden';
  return (
    <main className="grid h-dvh place-items-center">
      {suspended || missing ? (
        <Empty
          role="alert"
          heading="h1"
          icon={<Building2 />}
          title={t(suspended ? 'suspended' : 'noTenant')}
          description={t(suspended ? 'suspendedHelp' : 'noTenantHelp')}
        >
          <Button asChild>
            <a href="/tenants">{t('yours')}</a>
          </Button>
        </Empty>
      ) : (
        <Empty role="alert" heading="h1" icon={<CloudOff />} title={t('failed')} description={t('failedHelp')}>
          <Button onClick={retry} busy={busy}>
            {c('retry')}
          </Button>
        </Empty>
      )}
    </main>
  );
}
