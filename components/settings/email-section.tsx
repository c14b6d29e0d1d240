'use client';

import { useMutation } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useCodeText, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { ConfirmNotice } from './confirm-notice';
import { Section } from './section';
import { useMe } from './use-me';

/** The address one signs in with: whether it is confirmed, and another one. */
export function EmailSection() {
  const t = useTranslations('settings.security.email');
  const { user } = useBoot();
  const me = useMe();
  const confirmed = me.data?.user.emailConfirmed;
  const email = me.data?.user.email ?? user.email;
  return (
    <Section title={t('title')} description={t('description')}>
      <ConfirmNotice />
      <Field label={t('current')} inline>
        {() => (
          <p className="flex min-h-8 flex-wrap items-center gap-2 text-sm">
            <span className="min-w-0 break-all">{email}</span>
            {confirmed !== undefined && (
              <Badge variant={confirmed ? 'success' : 'warning'}>{t(confirmed ? 'confirmed' : 'unconfirmed')}</Badge>
            )}
          </p>
        )}
      </Field>
      <ChangeForm current={email} />
    </Section>
  );
}

function ChangeForm({ current }: { current: string }) {
  const t = useTranslations('settings.security.email');
  const trpc = useTRPC();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const code = useCodeText();
  const [email, setEmail] = useState('');
  const [early, setEarly] = useState<string>();
  const change = useMutation(
    trpc.account.changeEmail.mutationOptions({ meta: { quiet: true }, onSuccess: () => setEmail('') }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = email.trim();
    const problem =
      wanted === ''
        ? code('required')
        : !/^\S+@\S+\.\S+$/.test(wanted)
          ? code('email')
          : wanted.toLowerCase() === current.toLowerCase()
            ? t('same')
            : undefined;
    setEarly(problem);
    if (!problem) change.mutate({ email: wanted });
  };
  const refused = change.error ? (errors(change.error).email ?? refusal(change.error)) : undefined;
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label={t('next')} error={early ?? refused} inline>
        <Input
          type="email"
          inputMode="email"
          autoComplete="email"
          maxLength={254}
          value={email}
          onChange={(event) => {
            setEmail(event.target.value);
            setEarly(undefined);
          }}
          className="sm:max-w-sm"
        />
      </Field>
      {change.isSuccess && (
        <Alert variant="success">
          <MailCheck aria-hidden />
          <AlertDescription className="text-foreground">
            {t('pending', { email: change.variables.email })}
          </AlertDescription>
        </Alert>
      )}
      <Button type="submit" variant="secondary" busy={change.isPending} className="w-fit sm:ml-44">
        {t('change')}
      </Button>
    </form>
  );
}
