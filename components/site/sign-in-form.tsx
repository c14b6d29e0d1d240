'use client';

import { type SignInResponse, signIn } from 'next-auth/react';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { SecretInput } from '@/components/ui/secret-input';
import { TextLink } from './form-card';
import { LinkSent } from './link-sent';
import { safeNext } from './next-address';
import { demand, FormProblem, useSubmit } from './use-submit';

/** Signs in and goes where the person wanted to, else to their only workspace, else to the choice. */
export function SignInForm({ next, email, notice }: { next?: string; email?: string; notice?: string }) {
  const t = useTranslations('site.signIn');
  const [account] = useState(() => createClient('-').account);
  const [sentTo, setSentTo] = useState<string | null>(null);
  // Both buttons send the same form; which one was pressed decides what for.
  const byMail = useRef(false);
  const { busy, problems, form, done } = useSubmit(['email', 'password'], async (values) => {
    if (byMail.current) {
      demand(values, ['email']);
      const to = (values.email ?? '').trim();
      await account.requestMagicLink.mutate({ email: to });
      setSentTo(to);
      return done();
    }
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
  if (sentTo !== null) {
    return (
      <LinkSent
        title={t('linkSent')}
        help={t('linkSentHelp', { email: sentTo })}
        back={t('usePassword')}
        onBack={() => setSentTo(null)}
      />
    );
  }
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
        <SecretInput className="h-10" name="password" autoComplete="current-password" autoFocus={Boolean(email)} />
      </Field>
      {problems.form && (
        <Alert variant="destructive">
          <AlertDescription>{problems.form}</AlertDescription>
        </Alert>
      )}
      <Button
        type="submit"
        size="lg"
        busy={busy && !byMail.current}
        disabled={busy}
        onClick={() => {
          byMail.current = false;
        }}
      >
        {t('button')}
      </Button>
      <p aria-hidden className="flex items-center gap-3 text-muted-foreground text-sm">
        <span className="h-px flex-1 bg-border" />
        {t('or')}
        <span className="h-px flex-1 bg-border" />
      </p>
      <Button
        type="submit"
        variant="secondary"
        size="lg"
        busy={busy && byMail.current}
        disabled={busy}
        title={t('mailLinkHelp')}
        onClick={() => {
          byMail.current = true;
        }}
      >
        {t('mailLink')}
      </Button>
    </form>
  );
}

/** @throws FormProblem when the server says no */
export async function signInWith(email: string, password: string): Promise<void> {
  orThrow(await signIn('credentials', { email: email.trim(), password, redirect: false }), 'badCredentials');
}

/** @throws FormProblem what next-auth's answer means; `wrong` when what was given does not open the door */
export function orThrow(answer: SignInResponse | undefined, wrong: string): void {
  if (answer?.ok && !answer.error) return;
  const seconds = /^rateLimited:(\d+)$/.exec(answer?.error ?? '')?.[1];
  if (seconds) throw new FormProblem('rateLimited', [], { seconds: Number(seconds) });
  if (answer?.status === 429) throw new FormProblem('rateLimited');
  if (answer?.error === 'busy') throw new FormProblem('busy');
  if (!answer || answer.status >= 500) throw new FormProblem('unavailable');
  throw new FormProblem(wrong);
}

/** The only workspace there is, or the page to choose one. */
export async function firstAddress(account: ReturnType<typeof createClient>['account']): Promise<string> {
  const me = await account.me.query();
  const only = me?.tenants.length === 1 ? me.tenants[0] : undefined;
  return only ? `/t/${only.slug}` : '/tenants';
}
