'use client';

import { signOut } from 'next-auth/react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { refusalOf, useRefusalText } from '@/components/shell/errors';
import { createClient, type Outputs } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { FormCard } from './form-card';
import { NewPasswordField } from './new-password-field';
import { signInWith } from './sign-in-form';
import { demand, useSubmit } from './use-submit';
import { reloadPage, useHiddenToken } from './use-token';

type Invitation = Outputs['account']['invitation'];
type Me = Outputs['account']['me'];

/** Joins a company: with a new account, or with the one the invited address has. */
export function InviteForm({ token }: { token: string }) {
  useHiddenToken();
  const t = useTranslations('site.invite');
  const [account] = useState(() => createClient('-').account);
  const [state, setState] = useState<{ invitation: Invitation; me: Me } | { error: unknown } | null>(null);
  const text = useRefusalText();
  useEffect(() => {
    Promise.all([account.invitation.query({ token }), account.me.query()]).then(
      ([invitation, me]) => setState({ invitation, me }),
      (error: unknown) => setState({ error }),
    );
  }, [account, token]);

  if (!state) {
    return (
      <FormCard title={t('loading')}>
        <div className="grid gap-4">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      </FormCard>
    );
  }
  if ('error' in state) {
    const gone = refusalOf(state.error) !== null;
    return <FormCard title={t('gone')} lead={gone ? t('goneHelp') : text(state.error)} />;
  }
  const { invitation, me } = state;
  const { company, email, inviter } = invitation;
  return (
    <FormCard
      title={t('title', { company })}
      lead={inviter ? t('lead', { inviter, email }) : t('leadPlain', { email })}
    >
      {me && me.user.email.toLowerCase() !== email.toLowerCase() ? (
        <OtherAccount email={me.user.email} />
      ) : me || !invitation.hasAccount ? (
        <Join token={token} invitation={invitation} newcomer={!me} />
      ) : (
        <KnownAccount token={token} email={email} />
      )}
    </FormCard>
  );
}

function Join({ token, invitation, newcomer }: { token: string; invitation: Invitation; newcomer: boolean }) {
  const t = useTranslations('site.invite');
  const [account] = useState(() => createClient('-').account);
  const { busy, problems, form } = useSubmit(['name', 'password'], async (values) => {
    const { name, password } = values;
    if (newcomer) demand(values, ['name', 'password']);
    const { slug } = await account.acceptInvitation.mutate(newcomer ? { token, name, password } : { token });
    if (newcomer) await signInWith(invitation.email, password ?? '');
    window.location.assign(`/t/${slug}`);
  });
  return (
    <form {...form} className="grid gap-4">
      {newcomer && (
        <>
          <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
          <Field label={t('name')} required error={problems.fields.name}>
            <Input name="name" autoComplete="name" maxLength={200} autoFocus className="h-10" />
          </Field>
          <NewPasswordField label={t('password')} error={problems.fields.password} />
        </>
      )}
      {problems.form && (
        <Alert variant="destructive">
          <AlertDescription>{problems.form}</AlertDescription>
        </Alert>
      )}
      <Button type="submit" size="lg" busy={busy}>
        {newcomer ? t('button') : t('accept', { company: invitation.company })}
      </Button>
    </form>
  );
}

function KnownAccount({ token, email }: { token: string; email: string }) {
  const t = useTranslations('site.invite');
  const back = `/invite?token=${encodeURIComponent(token)}`;
  return (
    <div className="grid gap-4">
      <p className="text-sm">{t('signInFirst', { email })}</p>
      <Button asChild size="lg">
        <a href={`/sign-in?email=${encodeURIComponent(email)}&next=${encodeURIComponent(back)}`}>{t('signIn')}</a>
      </Button>
    </div>
  );
}

function OtherAccount({ email }: { email: string }) {
  const t = useTranslations('site.invite');
  return (
    <div className="grid gap-4">
      <p className="text-sm">{t('other', { email })}</p>
      <Button size="lg" variant="secondary" onClick={() => void signOut({ redirect: false }).finally(reloadPage)}>
        {t('signOut')}
      </Button>
    </div>
  );
}
