'use client';

import { signIn } from 'next-auth/react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { firstAddress, orThrow } from './sign-in-form';
import { useSubmit } from './use-submit';
import { useHiddenToken } from './use-token';

/** Signs in with the token of a mailed link, at a click. */
export function MagicForm({ token }: { token: string }) {
  useHiddenToken();
  const t = useTranslations('site.magic');
  const [account] = useState(() => createClient('-').account);
  const { busy, problems, form } = useSubmit([], async () => {
    orThrow(await signIn('magic', { token, redirect: false }), 'tokenInvalid');
    window.location.assign(await firstAddress(account));
  });
  return (
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
  );
}
