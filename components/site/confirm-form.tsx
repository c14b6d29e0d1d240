'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { FormCard } from './form-card';
import { useSubmit } from './use-submit';
import { useHiddenToken } from './use-token';

/** Confirms the address a mailed link was sent to, at a click. */
export function ConfirmForm({ token }: { token: string }) {
  useHiddenToken();
  const t = useTranslations('site.confirm');
  const [account] = useState(() => createClient('-').account);
  const [confirmed, setConfirmed] = useState<string | null>(null);
  const { busy, problems, form } = useSubmit([], async () => {
    const { email } = await account.confirmEmail.mutate({ token });
    setConfirmed(email);
  });
  if (confirmed !== null) {
    return (
      <FormCard title={t('done')} lead={t('doneHelp', { email: confirmed })}>
        <Button asChild size="lg" className="w-full">
          {/* Whoever is signed in goes on from there by itself. */}
          <a href="/sign-in">{t('go')}</a>
        </Button>
      </FormCard>
    );
  }
  return (
    <FormCard title={t('title')} lead={t('lead')}>
      <form {...form} className="grid gap-4">
        {problems.form && (
          <Alert variant="destructive">
            <AlertDescription>{problems.form}</AlertDescription>
          </Alert>
        )}
        <Button type="submit" size="lg" busy={busy} autoFocus>
          {t('button')}
        </Button>
      </form>
    </FormCard>
  );
}
