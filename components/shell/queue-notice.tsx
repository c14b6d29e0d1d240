'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CloudUpload, TriangleAlert, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { patchRecord } from '@/components/records/record-data';
import { later } from '@/components/ui/later';
import { isOwnObject } from '@/domain/custom-fields';
import { isRecordObject } from '@/domain/objects';
import { useBoot } from './boot';
import { useConnection } from './connection';
import { stay, useLeaving, useWaiting } from './outbox';
import { useTRPCClient } from './trpc';

const QueueDialog = later(async () => (await import('@/components/records/queue-dialog')).QueueDialog);

/** Keeps and sends what is changed without a connection, from the moment the product is shown. */
function useOutbox(): void {
  const { user, tenant } = useBoot();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const { slug } = tenant;
  const userId = user.id;
  useEffect(() => {
    let end: (() => void) | undefined;
    let ended = false;
    void import('./outbox-replay').then(({ startOutbox }) => {
      if (ended) return;
      const show = (object: string, id: string, values: Record<string, unknown>) => {
        if (isRecordObject(object) || isOwnObject(object)) patchRecord(queries, object, id, values, {});
      };
      end = startOutbox({ slug, userId, client, queries, show });
    });
    return () => {
      ended = true;
      end?.();
    };
  }, [slug, userId, client, queries]);
}

/** How many changes wait, are being sent, or could not be saved, and the way to them. */
export function QueueNotice() {
  const t = useTranslations('shell.queue');
  const isDown = useConnection() === 'down';
  const all = useWaiting();
  const [open, setOpen] = useState(false);
  const leaving = useLeaving();
  useOutbox();
  const refused = all.filter(({ refusal }) => refusal).length;
  const count = all.length - refused;
  const Icon = isDown ? WifiOff : refused > 0 ? TriangleAlert : CloudUpload;
  return (
    <>
      {all.length > 0 && (
        <p
          className={
            refused > 0 || isDown
              ? 'flex items-center justify-center gap-x-3 bg-warning-soft px-4 py-1 text-sm text-warning'
              : 'flex items-center justify-center gap-x-3 bg-subtle px-4 py-1 text-muted-foreground text-sm'
          }
        >
          <span className="flex min-w-0 items-center gap-2">
            <Icon aria-hidden className="size-4 shrink-0" />
            {isDown
              ? t('kept', { count: all.length })
              : refused > 0
                ? t('refused', { count: refused })
                : t('sending', { count })}
          </span>
          <button
            type="button"
            onClick={() => setOpen(true)}
            className="shrink-0 rounded-xs px-1 py-0.5 font-medium underline underline-offset-4 hover:no-underline pointer-coarse:py-2"
          >
            {refused > 0 ? t('decide') : t('look')}
          </button>
        </p>
      )}
      <QueueDialog
        open={open || leaving !== null}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) stay();
        }}
        onLeave={leaving}
      />
    </>
  );
}
