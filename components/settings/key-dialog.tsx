'use client';

import { useMutation } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
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
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { CopyField, useCopied } from './copy-field';

const lifetimes = ['30', '90', '365', 'never'] as const;

/** Makes a key and shows its secret, this once. */
export function KeyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.api');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const [name, setName] = useState('');
  const [access, setAccess] = useState<'read' | 'write'>('read');
  const [lifetime, setLifetime] = useState<string>('365');
  const create = useMutation(trpc.apiKeys.create.mutationOptions({ meta: { quiet: true } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, access, days: lifetime === 'never' ? undefined : Number(lifetime) });
  };
  const found: Record<string, string> = create.error ? errors(create.error) : {};
  const problem = create.error ? (found.name ?? refusal(create.error)) : undefined;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{create.data ? t('made', { name }) : t('add')}</DialogTitle>
          <DialogDescription>{t(create.data ? 'madeHelp' : 'addHelp')}</DialogDescription>
        </DialogHeader>
        {create.data ? (
          <>
            <DialogBody className="grid gap-4">
              <Alert variant="warning">
                <AlertDescription>{t('once')}</AlertDescription>
              </Alert>
              <CopyField label={t('secret')} value={create.data.secret} />
              <Example secret={create.data.secret} />
            </DialogBody>
            <DialogFooter>
              <Button onClick={onClose}>{c('done')}</Button>
            </DialogFooter>
          </>
        ) : (
          <form onSubmit={submit} noValidate className="contents">
            <DialogBody className="grid gap-4">
              <Field label={t('name')} help={t('nameHelp')} required error={problem}>
                <Input autoFocus value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
              </Field>
              <Field label={t('access')} help={t(access === 'read' ? 'readHelp' : 'writeHelp')}>
                <Segmented
                  aria-label={t('access')}
                  value={access}
                  onValueChange={setAccess}
                  options={[
                    { value: 'read', label: t('read') },
                    { value: 'write', label: t('write') },
                  ]}
                />
              </Field>
              <Field label={t('lifetime')}>
                <Select value={lifetime} onValueChange={setLifetime}>
                  <SelectTrigger>
                    <SelectValue />
                  </SelectTrigger>
                  <SelectContent>
                    {lifetimes.map((days) => (
                      <SelectItem key={days} value={days}>
                        {days === 'never' ? t('never') : t('days', { count: Number(days) })}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </Field>
            </DialogBody>
            <DialogFooter>
              <Button variant="ghost" onClick={onClose}>
                {c('cancel')}
              </Button>
              <Button type="submit" busy={create.isPending}>
                {c('create')}
              </Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}

function Example({ secret }: { secret: string }) {
  const t = useTranslations('settings.api');
  const c = useTranslations('common');
  const { copied, copy } = useCopied();
  const line = `curl ${window.location.origin}/api/v1/deals \\\n  -H "Authorization: Bearer ${secret}"`;
  return (
    <div className="grid gap-1.5">
      <div className="flex items-center justify-between">
        <p className="font-medium text-sm">{t('try')}</p>
        <Button variant="ghost" size="sm" onClick={() => copy(line)}>
          {copied ? <Check className="text-success" /> : <Copy />}
          {c(copied ? 'copied' : 'copy')}
        </Button>
      </div>
      <pre className="whitespace-pre-wrap break-all rounded-md border bg-subtle p-3 font-mono text-xs">{line}</pre>
    </div>
  );
}
