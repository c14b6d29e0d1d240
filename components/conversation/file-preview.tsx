'use client';

import { useQuery } from '@tanstack/react-query';
import { Download, ExternalLink, FileQuestion } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useRouter } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { DialogContent, DialogDescription, DialogTitle } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { fileSize, isPreviewed } from '@/domain/attachments';
import type { Attachment } from './files';

/** So many characters of a text are shown. */
const longest = 200_000;

/** Where a file's bytes are. */
export function useFileAddress(id: string, inline = false): string {
  const { slug } = useRouter();
  return `/api/attachments/${encodeURIComponent(slug)}/${id}${inline ? '?inline=1' : ''}`;
}

/** A file as it is, as far as a browser may show it; else that it cannot, and how to have it. */
export function PreviewDialog({ file }: { file: Attachment }) {
  const t = useTranslations('conversation.files');
  const { user } = useBoot();
  const shown = useFileAddress(file.id, true);
  const download = useFileAddress(file.id);
  const opens = isPreviewed(file.mediaType);
  return (
    <DialogContent
      closeLabel={t('close')}
      className="gap-3 p-4 pt-2.5 sm:top-[4dvh] sm:max-h-[92dvh] sm:max-w-5xl"
      data-kind={file.mediaType}
    >
      <header className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 pr-9">
        <DialogTitle className="min-w-0 flex-1 truncate">{file.name}</DialogTitle>
        <DialogDescription className="shrink-0 text-xs">{fileSize(file.bytes, user.locale)}</DialogDescription>
        {opens && (
          <Button asChild variant="quiet" size="sm">
            <a href={shown} target="_blank" rel="noopener noreferrer">
              <ExternalLink />
              <span className="max-sm:sr-only">{t('open')}</span>
            </a>
          </Button>
        )}
        <Button asChild variant="secondary" size="sm">
          <a href={download}>
            <Download />
            <span className="max-sm:sr-only">{t('download')}</span>
          </a>
        </Button>
      </header>
      <Content file={file} address={shown} />
    </DialogContent>
  );
}

function Content({ file, address }: { file: Attachment; address: string }) {
  const t = useTranslations('conversation.files');
  const [broken, setBroken] = useState(false);
  if (broken) return <Unseen text={t('unreadable')} />;
  if (file.mediaType === 'text/plain') return <Text id={file.id} address={address} />;
  if (!isPreviewed(file.mediaType)) return <Unseen text={t('noPreview')} />;
  if (file.mediaType.startsWith('image/'))
    return (
      // biome-ignore lint/performance/noImgElement: a file of the tenant's own, behind sign-in, of any size
      <img
        src={address}
        alt={file.name}
        onError={() => setBroken(true)}
        className="min-h-0 max-w-full self-center object-contain"
      />
    );
  // Phones and some browsers have no viewer of their own to put into a page.
  if (!navigator.pdfViewerEnabled) return <Unseen text={t('noViewer')} />;
  return (
    <iframe
      src={address}
      title={file.name}
      // The viewer takes the focus when it is there, and with it the key that closes the dialog.
      onLoad={({ currentTarget }) => currentTarget.closest<HTMLElement>('[role=dialog]')?.focus()}
      className="h-[78dvh] w-full rounded-md border bg-muted"
    />
  );
}

function Text({ id, address }: { id: string; address: string }) {
  const t = useTranslations('conversation.files');
  const text = useQuery({
    queryKey: ['attachment text', id],
    queryFn: async () => {
      const answer = await fetch(address);
      if (!answer.ok || !answer.body) throw new Error(String(answer.status));
      return beginningOf(answer.body, longest);
    },
  });
  if (text.isError) return <Unseen text={t('unreadable')} />;
  if (!text.isSuccess) return <Skeleton className="h-40" />;
  return (
    <>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="scroll-quiet min-h-0 overflow-auto whitespace-pre-wrap break-words rounded-md bg-muted p-3 font-mono text-xs"
      >
        {text.data.text}
      </pre>
      {text.data.more && <p className="text-muted-foreground text-sm">{t('tooLong')}</p>}
    </>
  );
}

/** The first characters of a text that comes in pieces, and whether there are more; what follows is not waited for. */
export async function beginningOf(
  bytes: ReadableStream<Uint8Array>,
  most: number,
): Promise<{ text: string; more: boolean }> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    if (done) return { text, more: false };
    if (text.length <= most) continue;
    await reader.cancel();
    return { text: text.slice(0, most).toWellFormed(), more: true };
  }
}

function Unseen({ text }: { text: string }) {
  return (
    <p role="status" className="grid justify-items-center gap-2 px-4 py-12 text-center text-muted-foreground text-sm">
      <FileQuestion aria-hidden className="size-6" />
      {text}
    </p>
  );
}
