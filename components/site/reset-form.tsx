'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { TextLink } from './form-card';
import { NewPasswordField } from './new-password-field';
import { demand, useSubmit } from './use-submit';
import { useHiddenToken } from './use-token';

/** Sets a new password with the token of a mailed link. */
export function ResetForm({ token }: { token: string }) {
  useHiddenToken();
  const t = useTranslations('site.reset');
  const [account] = useState(() => createClient('-').account);
  const { busy, problems, form } = useSubmit(['password'], async (values) => {
    demand(values, ['password']);
    await account.resetPassword.mutate({ token, password: values.password ?? '' });
    window.location.assign('/sign-in?reset=1');
  });
  return (
    <form {...form} className="grid gap-4">
      <NewPasswordField label={t('password')} error={problems.fields.password} />
      {problems.form && (
        <Alert variant="destructive">
          <AlertDescription>
            {problems.form} <TextLink href="/forgot">{t('ask')}</TextLink>
          </AlertDescription>
        </Alert>
      )}
      <Button type="submit" size="lg" busy={busy}>
        {t('button')}
      </Button>
    </form>
  );
}
