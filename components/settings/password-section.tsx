'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCodeText, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { SecretInput } from '@/components/ui/secret-input';
import { toast } from '@/components/ui/toaster';
import { Section } from './section';

const shortest = 12;

/** Another password; other sessions of the person end. */
export function PasswordSection() {
  const t = useTranslations('settings.password');
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const code = useCodeText();
  const [account] = useState(() => createClient('-').account);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [early, setEarly] = useState<Record<string, string>>({});
  const change = useMutation({
    mutationFn: () => account.changePassword.mutate({ current, next }),
    meta: { quiet: true },
    onSuccess: () => {
      setCurrent('');
      setNext('');
      toast.success(t('saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const missing: Record<string, string> = {};
    if (!current) missing.current = code('required');
    if ([...next].length < shortest) missing.next = code('passwordTooShort', { min: shortest });
    else if (next === current) missing.next = code('samePassword');
    setEarly(missing);
    if (Object.keys(missing).length === 0) change.mutate();
  };
  const found = change.error ? errors(change.error) : {};
  const problems: Record<string, string | undefined> = { ...found, next: found.next ?? found.password, ...early };
  return (
    <Section title={t('title')} description={t('description', { min: shortest })}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t('current')} required error={problems.current} inline>
          <SecretInput
            className="sm:max-w-sm"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
            autoComplete="current-password"
          />
        </Field>
        <Field label={t('next')} required error={problems.next} inline>
          <SecretInput
            className="sm:max-w-sm"
            value={next}
            onChange={(event) => setNext(event.target.value)}
            autoComplete="new-password"
          />
        </Field>
        {change.error && Object.keys(found).length === 0 && (
          <Alert variant="destructive">
            <AlertDescription>{refusal(change.error)}</AlertDescription>
          </Alert>
        )}
        <Button type="submit" variant="secondary" busy={change.isPending} className="w-fit sm:ml-44">
          {t('button')}
        </Button>
      </form>
    </Section>
  );
}
