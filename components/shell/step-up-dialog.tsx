'use client';

import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { SecretInput } from '@/components/ui/secret-input';
import { useCodeText, useFieldErrors, useRefusalText } from './errors';
import { answerStepUp } from './step-up';
import { createClient } from './trpc';

/** “Confirm it is you”: opens by itself when a change needs it, and the change goes on after it. */
export function StepUpDialog({ open }: { open: boolean }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && answerStepUp(false)}>
      {open && <Content />}
    </Dialog>
  );
}

function Content() {
  const t = useTranslations('shell.stepUp');
  const c = useTranslations('common');
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const code = useCodeText();
  const [account] = useState(() => createClient('-').account);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!password) return setProblem(code('required'));
    setBusy(true);
    try {
      await account.stepUp.mutate({ password });
      answerStepUp(true);
    } catch (error) {
      setProblem(errors(error).password ?? refusal(error));
      setBusy(false);
    }
  };
  return (
    <DialogContent closeLabel={c('close')} className="sm:max-w-sm">
      <DialogHeader>
        <DialogTitle>{t('title')}</DialogTitle>
        <DialogDescription>{t('help')}</DialogDescription>
      </DialogHeader>
      <form onSubmit={submit} noValidate className="contents">
        <DialogBody>
          <Field
            label={t('password')}
            error={problem}
            aside={
              <a
                href="/forgot"
                target="_blank"
                rel="noreferrer"
                className="rounded-xs font-medium text-link text-sm underline-offset-4 hover:underline"
              >
                {t('forgot')}
              </a>
            }
          >
            <SecretInput
              autoFocus
              autoComplete="current-password"
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                setProblem(undefined);
              }}
            />
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={() => answerStepUp(false)}>
            {c('cancel')}
          </Button>
          <Button type="submit" busy={busy}>
            {t('button')}
          </Button>
        </DialogFooter>
      </form>
    </DialogContent>
  );
}
