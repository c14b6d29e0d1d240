'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { routerName } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { useRefusalText } from '@/components/shell/errors';
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
      await post(url, file, (done) =>
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

/** fetch() does not tell how much has gone out. */
function post(url: string, file: File, onProgress: (done: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new Error('offline'));
    // A refusal arrives in the shape of tRPC's own.
    request.onload = () => (request.status < 300 ? resolve() : reject({ data: request.response?.error?.data }));
    const body = new FormData();
    body.append('file', file, file.name);
    request.send(body);
  });
}
