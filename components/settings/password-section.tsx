'use client';

import { useMutation } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCodeText, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { createClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
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
          <Secret
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
            autoComplete="current-password"
          />
        </Field>
        <Field label={t('next')} required error={problems.next} inline>
          <Secret value={next} onChange={(event) => setNext(event.target.value)} autoComplete="new-password" />
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

function Secret(props: ComponentProps<'input'>) {
  const c = useTranslations('common');
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative sm:max-w-sm">
      <Input {...props} type={shown ? 'text' : 'password'} maxLength={128} className="pr-9" />
      <button
        type="button"
        aria-label={c(shown ? 'hide' : 'show')}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 grid w-9 place-items-center rounded-md text-muted-foreground hover:text-foreground"
      >
        <Icon className="size-4" />
      </button>
    </div>
  );
}
