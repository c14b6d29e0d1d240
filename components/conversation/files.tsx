'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Download, File as FileIcon, FileImage, FileText, MoreHorizontal, Paperclip } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Dialog } from '@/components/ui/dialog';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input } from '@/components/ui/input';
import { Progress } from '@/components/ui/progress';
import { fileSize } from '@/domain/attachments';
import { PreviewDialog, useFileAddress } from './file-preview';
import { useSendFiles } from './send-file';

export type Attachment = Outputs['attachments']['list']['items'][number];

/** The files of a record, or of one of its fields: dropped or chosen, looked at, renamed, deleted. */
export function Files({ object, recordId, field }: { object: ObjectKey; recordId: string; field?: string }) {
  const t = useTranslations('conversation.files');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const can = useCan();
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { data, isError, refetch } = useQuery(trpc.attachments.list.queryOptions({ object, recordId }));
  const { sending, sendAll } = useSendFiles(object, recordId, field);
  const may = can('files.write');
  const items = (data?.items ?? []).filter((item) => item.field === (field ?? null));
  const drag = (event: DragEvent) => {
    if (!may || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type !== 'dragleave');
  };
  const drop = (event: DragEvent) => {
    drag(event);
    setOver(false);
    if (may) void sendAll([...event.dataTransfer.files]);
  };
  return (
    <section
      aria-label={t('title')}
      onDragEnter={drag}
      onDragOver={drag}
      onDragLeave={drag}
      onDrop={drop}
      className={cn('grid gap-1 rounded-md', over && 'outline-2 outline-primary outline-dashed')}
    >
      {items.map((item) => (
        <FileRow key={item.id} file={item} />
      ))}
      {sending.map(({ key, name, done }) => (
        <div key={key} className="grid gap-1 px-2 py-1 text-muted-foreground text-sm">
          <span className="truncate">{t('sending', { name })}</span>
          <Progress value={done * 100} aria-label={t('sending', { name })} />
        </div>
      ))}
      {data && items.length === 0 && sending.length === 0 && (
        <p className="px-2 py-1 text-muted-foreground text-sm">{over ? t('drop') : t('none')}</p>
      )}
      {isError && !data && (
        <p role="alert" className="flex items-center gap-2 px-2 py-1 text-muted-foreground text-sm">
          {c('loadFailed')}
          <Button variant="secondary" size="sm" onClick={() => void refetch()}>
            {c('retry')}
          </Button>
        </p>
      )}
      {may && (
        <>
          <Button variant="quiet" size="sm" className="w-fit" onClick={() => chooser.current?.click()}>
            <Paperclip />
            {t('add')}
          </Button>
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={t('add')}
            onChange={(event) => {
              void sendAll([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </>
      )}
    </section>
  );
}

export function FileRow({ file }: { file: Attachment }) {
  const t = useTranslations('conversation.files');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const { user, member } = useBoot();
  const format = useFormat();
  const undoToast = useUndoToast();
  const download = useFileAddress(file.id);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const rename = useMutation(trpc.attachments.rename.mutationOptions());
  const remove = useMutation(
    trpc.attachments.remove.mutationOptions({
      onSuccess: ({ changeSetId }) => undoToast(changeSetId, t('removed', { name: file.name })),
    }),
  );
  const Icon = file.mediaType.startsWith('image/') ? FileImage : /pdf|text/.test(file.mediaType) ? FileText : FileIcon;
  const mine = file.by?.id === member.id || ['owner', 'admin', 'manager'].includes(member.role);
  const save = () => {
    const next = name?.trim();
    if (next && next !== file.name) rename.mutate({ id: file.id, name: next });
    setName(null);
  };
  if (name !== null) {
    return (
      <Input
        aria-label={t('name')}
        autoFocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) save();
          if (event.key === 'Escape') setName(null);
        }}
      />
    );
  }
  return (
    <div className="group/file flex items-center gap-2 rounded-md px-2 py-1 hover:bg-accent">
      <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      <span className="min-w-0 flex-1">
        <button
          type="button"
          className="block max-w-full truncate text-left text-link text-sm hover:underline"
          onClick={() => setOpen(true)}
        >
          {file.name}
        </button>
        <span className="block truncate text-muted-foreground text-xs">
          {fileSize(file.bytes, user.locale)} ·{' '}
          {t('by', { name: file.by?.name ?? '', at: format.relative(file.createdAt) })}
        </span>
      </span>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={t('menu', { name: file.name })}
            className="opacity-0 focus-visible:opacity-100 group-hover/file:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
          >
            <MoreHorizontal />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem asChild>
            <a href={download}>
              <Download />
              {t('download')}
            </a>
          </DropdownMenuItem>
          {mine && (
            <>
              <DropdownMenuItem onSelect={() => setTimeout(() => setName(file.name))}>{t('rename')}</DropdownMenuItem>
              <DropdownMenuItem variant="destructive" onSelect={() => remove.mutate({ id: file.id })}>
                {c('delete')}
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <Dialog open={open} onOpenChange={setOpen}>
        <PreviewDialog file={file} />
      </Dialog>
    </div>
  );
}
