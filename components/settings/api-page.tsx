'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { BookOpen, KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';
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
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import { KeyDialog } from './key-dialog';
import { rowsClasses, Section } from './section';

type ApiKeyView = Outputs['apiKeys']['list'][number];

/** Keys for programs, and where the description of the interface is. */
export function ApiPage() {
  const t = useTranslations('settings.api');
  const trpc = useTRPC();
  const keys = useQuery(trpc.apiKeys.list.queryOptions());
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Section
        title={t('title')}
        description={t('description')}
        aside={
          <Button onClick={() => setCreating(true)}>
            <Plus />
            {t('add')}
          </Button>
        }
      >
        {keys.isPending ? (
          <Skeleton className="h-24" />
        ) : keys.data?.length ? (
          <ul className={rowsClasses}>
            {keys.data.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </ul>
        ) : (
          <Empty icon={<KeyRound />} title={t('empty')} description={t('emptyHelp')} className="py-8" />
        )}
      </Section>
      <Section title={t('reference')} description={t('referenceHelp')}>
        <Button asChild variant="secondary" className="w-fit">
          <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
            <BookOpen />
            {t('openReference')}
          </a>
        </Button>
      </Section>
      {creating && <KeyDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKeyView }) {
  const t = useTranslations('settings.api');
  const format = useFormat();
  const [revoking, setRevoking] = useState(false);
  const facts = [
    t('created', { when: format.day(apiKey.createdAt) }),
    apiKey.lastUsedAt ? t('lastUsed', { when: format.relative(apiKey.lastUsedAt) }) : t('neverUsed'),
    apiKey.expiresAt ? t('expires', { when: format.day(apiKey.expiresAt) }) : null,
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex items-center gap-2 font-medium text-sm">
          <span className="truncate">{apiKey.name}</span>
          <Badge variant={apiKey.access === 'read' ? 'secondary' : 'primary'}>
            {t(apiKey.access === 'read' ? 'read' : 'write')}
          </Badge>
        </p>
        <p className="text-muted-foreground text-sm">
          <code className="font-mono">{apiKey.prefix}…</code> · {facts.filter(Boolean).join(' · ')}
        </p>
      </div>
      <Button variant="ghost" size="sm" onClick={() => setRevoking(true)}>
        {t('revoke')}
      </Button>
      {revoking && <RevokeDialog apiKey={apiKey} onClose={() => setRevoking(false)} />}
    </li>
  );
}

/** One of the few things that cannot be taken back, so it asks. */
function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKeyView; onClose: () => void }) {
  const t = useTranslations('settings.api');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSuccess: () => {
        onClose();
        toast(t('revoked', { name: apiKey.name }));
      },
    }),
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('revokeTitle', { name: apiKey.name })}</DialogTitle>
          <DialogDescription>{t('revokeHelp')}</DialogDescription>
        </DialogHeader>
        <DialogBody />
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('cancel')}
          </Button>
          <Button variant="destructive" busy={revoke.isPending} onClick={() => revoke.mutate({ id: apiKey.id })}>
            {t('revoke')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
