'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useBoot } from '@/components/shell/boot';
import { refusalOf } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';

export interface Upload {
  key: string;
  name: string;
  /** Sent so far, 0 to 1. */
  progress: number;
  /** The answer of a server that refused, in the shape of every refusal; set once it failed. */
  error: unknown;
}

interface Sent {
  fileId: string;
  name: string;
  /** `reading`: its tables are being taken out of it, and wait for their imports as files of their own. */
  state: 'reading' | 'ready' | 'failed';
}

/** Times that a file is sent again when the server asks to wait: a folder may hold more than it takes in a minute. */
const mostTries = 20;

/** Sends files, one after the other, and knows how far each is. */
export function useUpload(onSent: (files: Sent[]) => void) {
  const { tenant } = useBoot();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const change = (key: string, next: Partial<Upload> | null) =>
    setUploads((list) =>
      list.flatMap((upload) => (upload.key !== key ? [upload] : next ? [{ ...upload, ...next }] : [])),
    );

  const send = async (files: readonly File[]) => {
    const queued = files.map((file) => ({ file, key: crypto.randomUUID() }));
    setUploads((list) => [
      ...list,
      ...queued.map(({ file, key }) => ({ key, name: file.name, progress: 0, error: null })),
    ]);
    const sent: Sent[] = [];
    for (const { file, key } of queued) {
      try {
        sent.push(await patiently(() => post(tenant.slug, file, (progress) => change(key, { progress }))));
        change(key, null);
      } catch (error) {
        change(key, { error });
      }
    }
    await queries.invalidateQueries(trpc.imports.list.queryFilter());
    if (sent.length > 0) onSent(sent);
  };
  return {
    uploads,
    send,
    dismiss: (key: string) => change(key, null),
    busy: uploads.some(({ error }) => error === null),
  };
}

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      const seconds = refusalOf(error)?.retryAfter;
      if (seconds === undefined || tries === mostTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}

// fetch tells nothing about what has been sent; XMLHttpRequest does.
function post(slug: string, file: File, onProgress: (share: number) => void): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/upload/${encodeURIComponent(slug)}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status === 200 ? resolve(request.response) : reject(request.response?.error ?? request.response ?? {});
    request.onerror = () => reject(new TypeError('The server was not reached'));
    const body = new FormData();
    body.append('file', file);
    request.send(body);
  });
}
