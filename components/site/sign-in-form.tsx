'use client';

import { signIn } from 'next-auth/react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { TextLink } from './form-card';
import { safeNext } from './next-address';
import { PasswordInput } from './password-input';
import { demand, FormProblem, useSubmit } from './use-submit';

/** Signs in and goes where the person wanted to, else to their only workspace, else to the choice. */
export function SignInForm({ next, email, notice }: { next?: string; email?: string; notice?: string }) {
  const t = useTranslations('site.signIn');
  const [account] = useState(() => createClient('-').account);
  const { busy, problems, form } = useSubmit(['email', 'password'], async (values) => {
    demand(values, ['email', 'password']);
    await signInWith(values.email ?? '', values.password ?? '');
    window.location.assign(safeNext(next) ?? (await firstAddress(account)));
  });
  useEffect(() => {
    // Somebody signed in already goes on; an invitation names the account to use, so it keeps the form.
    if (email) return;
    account.me.query().then(
      (me) => me && firstAddress(account).then((address) => window.location.replace(safeNext(next) ?? address)),
      () => {},
    );
  }, [account, email, next]);
  return (
    <form {...form} className="grid gap-4">
      {notice && (
        <Alert>
          <AlertDescription>{notice}</AlertDescription>
        </Alert>
      )}
      <Field label={t('email')} error={problems.fields.email}>
        <Input
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          maxLength={254}
          defaultValue={email}
          autoFocus={!email}
          className="h-10"
        />
      </Field>
      <Field
        label={t('password')}
        error={problems.fields.password}
        aside={<TextLink href="/forgot">{t('forgot')}</TextLink>}
      >
        <PasswordInput name="password" autoComplete="current-password" autoFocus={Boolean(email)} />
      </Field>
      {problems.form && (
        <Alert variant="destructive">
          <AlertDescription>{problems.form}</AlertDescription>
        </Alert>
      )}
      <Button type="submit" size="lg" busy={busy}>
        {t('button')}
      </Button>
    </form>
  );
}

/** @throws FormProblem when the server says no */
export async function signInWith(email: string, password: string): Promise<void> {
  const answer = await signIn('credentials', { email: email.trim(), password, redirect: false });
  if (answer?.ok && !answer.error) return;
  if (answer?.status === 429 || answer?.error === 'rateLimited') throw new FormProblem('rateLimited');
  if (!answer || answer.status >= 500) throw new FormProblem('unavailable');
  throw new FormProblem('badCredentials');
}

/** The only workspace there is, or the page to choose one. */
export async function firstAddress(account: ReturnType<typeof createClient>['account']): Promise<string> {
  const me = await account.me.query();
  const only = me?.tenants.length === 1 ? me.tenants[0] : undefined;
  return only ? `/t/${only.slug}` : '/tenants';
}
