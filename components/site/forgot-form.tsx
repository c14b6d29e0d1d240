'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { LinkSent } from './link-sent';
import { demand, useSubmit } from './use-submit';

/** Asks for a reset link; the answer is the same whether the address has an account or not. */
export function ForgotForm() {
  const t = useTranslations('site.forgot');
  const [account] = useState(() => createClient('-').account);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { busy, problems, form, done } = useSubmit(['email'], async (values) => {
    demand(values, ['email']);
    const email = values.email ?? '';
    await account.requestReset.mutate({ email });
    setSentTo(email);
    done();
  });
  if (sentTo !== null) {
    return (
      <LinkSent
        title={t('sent')}
        help={t('sentHelp', { email: sentTo })}
        back={t('again')}
        onBack={() => setSentTo(null)}
      />
    );
  }
  return (
    <form {...form} className="grid gap-4">
      <Field label={t('email')} error={problems.fields.email ?? problems.form}>
        <Input name="email" type="email" inputMode="email" autoComplete="username" autoFocus className="h-10" />
      </Field>
      <Button type="submit" size="lg" busy={busy}>
        {t('button')}
      </Button>
    </form>
  );
}
