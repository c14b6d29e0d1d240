'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CornerDownRight, MoreHorizontal, Reply } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { show } from '@/components/shell/optimistic';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { plainText } from '@/domain/rich-text';
import { Reactions } from './reactions';
import { RichInput, useMentionable } from './rich-input';
import { RichText } from './rich-text';

type Said = Outputs['conversation']['list'];
export type Comment = Said['items'][number];

/** A comment where it stands: read, answered, edited, taken back. */
export function CommentCard({
  comment,
  answered,
  object,
  recordId,
  onReply,
}: {
  comment: Comment;
  /** The comment it answers, while that is there. */
  answered?: Comment;
  object: string;
  recordId: string;
  onReply?: (comment: Comment) => void;
}) {
  const t = useTranslations('conversation');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const can = useCan();
  const { member } = useBoot();
  const format = useFormat();
  const text = useRefusalText();
  const undoToast = useUndoToast();
  const people = useMentionable(object, recordId);
  const [draft, setDraft] = useState<string | null>(null);
  const queries = useQueryClient();
  const said = trpc.conversation.list.queryFilter({ object, recordId });
  const edit = useMutation(
    trpc.conversation.edit.mutationOptions({
      meta: { quiet: true },
      onMutate: ({ id, body }) =>
        show<Said>(queries, said, (list) => ({
          ...list,
          items: list.items.map((each) => (each.id === id ? { ...each, body } : each)),
        })),
    }),
  );
  const remove = useMutation(
    trpc.conversation.remove.mutationOptions({
      onMutate: ({ id }) =>
        show<Said>(queries, said, (list) => ({ ...list, items: list.items.filter((each) => each.id !== id) })),
      onSuccess: ({ changeSetId }) => undoToast(changeSetId, t('removed')),
    }),
  );
  const mine = comment.by.id === member.id && can('conversation.write');
  const removable = mine || member.role === 'owner' || member.role === 'admin';
  const save = () => {
    const body = draft?.trim();
    if (!body || body === comment.body) return setDraft(null);
    setDraft(null);
    // What was refused comes back to where it was written.
    edit.mutateAsync({ id: comment.id, body, version: comment.version }).catch(() => setDraft(body));
  };
  return (
    <article className="group/comment relative my-1.5 rounded-md border bg-card px-3 py-2 text-sm">
      {answered && (
        <p className="mb-1 flex min-w-0 items-center gap-1 text-muted-foreground text-xs">
          <CornerDownRight aria-hidden className="size-3 shrink-0" />
          <span className="shrink-0">{t('answers', { name: answered.by.name })}</span>
          <span className="truncate">{plainText(answered.body, 80)}</span>
        </p>
      )}
      {draft === null ? (
        <RichText text={comment.body} className="pr-7" />
      ) : (
        <>
          <RichInput
            label={t('comment')}
            value={draft}
            onChange={setDraft}
            onSubmit={save}
            onEscape={() => setDraft(null)}
            people={people}
            autoFocus
            className="-mx-3 -mt-2"
          />
          {edit.isError && (
            <p role="alert" className="py-1 text-destructive text-xs">
              {text(edit.error)}
            </p>
          )}
          <div className="flex justify-end gap-2">
            <Button variant="quiet" size="sm" onClick={() => setDraft(null)}>
              {c('cancel')}
            </Button>
            <Button size="sm" disabled={!draft.trim() || edit.isPending} onClick={save}>
              {c('save')}
            </Button>
          </div>
        </>
      )}
      {draft === null && (
        <div className="mt-1.5 flex flex-wrap items-center gap-1">
          <Reactions target="comment" id={comment.id} reactions={comment.reactions} />
          {onReply && can('conversation.write') && (
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('reply')}
              title={t('reply')}
              onClick={() => onReply(comment)}
            >
              <Reply />
            </Button>
          )}
          {comment.editedAt && (
            <span className="ml-auto text-muted-foreground text-xs" title={format.dateTime(comment.editedAt)}>
              {t('edited')}
            </span>
          )}
        </div>
      )}
      {draft === null && removable && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('menu')}
              className="absolute top-1.5 right-1.5 opacity-0 focus-visible:opacity-100 group-hover/comment:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
            >
              <MoreHorizontal />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            {mine && (
              <DropdownMenuItem onSelect={() => setTimeout(() => setDraft(comment.body))}>{c('edit')}</DropdownMenuItem>
            )}
            <DropdownMenuItem variant="destructive" onSelect={() => remove.mutate({ id: comment.id })}>
              {c('delete')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </article>
  );
}
