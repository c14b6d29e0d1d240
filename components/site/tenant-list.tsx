'use client';

import { ChevronRight, Plus } from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { createClient, type Outputs } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';

/** The workspaces of the person signed in. */
export function TenantList() {
  const t = useTranslations('site.tenants');
  const text = useRefusalText();
  const [account] = useState(() => createClient('-').account);
  const [me, setMe] = useState<Outputs['account']['me']>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    account.me.query().then((found) => {
      if (found) setMe(found);
      else window.location.replace('/sign-in?next=/tenants');
    }, setError);
  }, [account]);
  if (error) {
    return (
      <Alert variant="destructive">
        <AlertDescription>{text(error)}</AlertDescription>
      </Alert>
    );
  }
  if (!me) {
    return (
      <div aria-busy className="grid gap-2">
        <Skeleton className="h-14" />
        <Skeleton className="h-14" />
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      {me.tenants.length === 0 ? (
        <div>
          <h2 className="font-medium text-base">{t('none')}</h2>
          <p className="mt-1 text-muted-foreground text-sm">{t('noneHelp')}</p>
        </div>
      ) : (
        <ul className="divide-y overflow-hidden rounded-lg border">
          {me.tenants.map((tenant) => (
            <li key={tenant.slug}>
              <a
                href={`/t/${tenant.slug}`}
                className="focus-inset flex h-14 items-center gap-3 px-3 transition-colors hover:bg-accent"
              >
                <Avatar name={tenant.name} seed={tenant.slug} size="lg" square className="rounded-md" />
                <span className="min-w-0 flex-1 truncate font-medium">{tenant.name}</span>
                <span className="text-muted-foreground text-sm">{t(`roles.${tenant.role}`)}</span>
                <ChevronRight aria-hidden className="size-4 text-muted-foreground" />
              </a>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button asChild variant="secondary">
          <a href="/sign-up">
            <Plus />
            {t('create')}
          </a>
        </Button>
        <Button
          variant="quiet"
          onClick={() => void signOut({ redirect: false }).finally(() => window.location.assign('/sign-in'))}
        >
          {t('signOut')}
        </Button>
      </div>
      <p className="text-muted-foreground text-sm">{t('signedInAs', { email: me.user.email })}</p>
    </div>
  );
}
