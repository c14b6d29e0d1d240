'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { routerName } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { useRefusalText } from '@/components/shell/errors';
import { postFile } from '@/components/shell/post-file';
import { useRouter } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { toast } from '@/components/ui/toaster';

export interface Sending {
  key: string;
  name: string;
  /** 0 to 1. */
  done: number;
}

/** Puts files on a record, three at a time, and says how far each is. */
export function useSendFiles(object: ObjectKey, recordId: string, field?: string) {
  const t = useTranslations('conversation.files');
  const { slug } = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const text = useRefusalText();
  const [sending, setSending] = useState<Sending[]>([]);
  const target = new URLSearchParams({ object, record: recordId, ...(field && { field }) });
  const url = `/api/attachments/${encodeURIComponent(slug)}?${target}`;

  const send = async (file: File) => {
    const key = crypto.randomUUID();
    setSending((before) => [...before, { key, name: file.name, done: 0 }]);
    try {
      await postFile(url, file, (done) =>
        setSending((before) => before.map((each) => (each.key === key ? { ...each, done } : each))),
      );
    } catch (error) {
      toast.error(t('failed', { name: file.name, reason: text(error) }));
    } finally {
      setSending((before) => before.filter((each) => each.key !== key));
      void queries.invalidateQueries({ queryKey: trpc.attachments.pathKey() });
      void queries.invalidateQueries({ queryKey: trpc.changes.pathKey() });
      // The record itself has changed where its field holds the file.
      if (field) void queries.invalidateQueries({ queryKey: [[routerName(object)]] });
    }
  };
  const sendAll = async (files: readonly File[]) => {
    const waiting = [...files];
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await send(next);
    };
    await Promise.all([lane(), lane(), lane()]);
  };
  return { sending, sendAll };
}
