'use client';

import { MoreHorizontal, Pin } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Reactions, type ShownReaction } from '@/components/conversation/reactions';
import { RichInput, useMentionable } from '@/components/conversation/rich-input';
import { RichText } from '@/components/conversation/rich-text';
import { useBoot, useCan } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { type RecordRow, useDeleteRecords, useRecordUpdate } from './record-data';

const noReactions: readonly ShownReaction[] = [];

/** A note, edited where it stands, with what others left on it. */
export function NoteCard({ note, reactions = noReactions }: { note: RecordRow; reactions?: readonly ShownReaction[] }) {
  const t = useTranslations('records.note');
  const c = useTranslations('common');
  const can = useCan();
  const { member } = useBoot();
  const update = useRecordUpdate('note');
  const remove = useDeleteRecords('note');
  const people = useMentionable(...anchorOf(note));
  const [draft, setDraft] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const refusalText = useRefusalText();
  const body = typeof note.body === 'string' ? note.body : '';
  const pinned = note.pinned === true;
  // Members change their own notes only; the server asks the same of the owner.
  const mine = can('note.write') && (note.ownerId === member.id || member.role === 'owner' || member.role === 'admin');
  const save = () => {
    const text = draft?.trim();
    setDraft(null);
    setRefusal(null);
    if (!text || text === body) return;
    // What was written comes back when the server refuses it.
    const onRefused = (error: unknown) => {
      setDraft(text);
      setRefusal(error);
    };
    update(note, { body: text }, { onRefused });
  };
  const leave = () => {
    setDraft(null);
    setRefusal(null);
  };
  if (draft !== null) {
    return (
      <div className="my-1.5 grid gap-2">
        <div className="rounded-md border bg-card focus-within:border-ring">
          <RichInput
            label={t('label')}
            autoFocus
            value={draft}
            onChange={setDraft}
            onSubmit={save}
            onEscape={leave}
            people={people}
          />
        </div>
        {refusal !== null && (
          <p role="alert" className="text-destructive text-xs">
            {refusalText(refusal)}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="quiet" size="sm" onClick={leave}>
            {c('cancel')}
          </Button>
          <Button size="sm" disabled={!draft.trim()} onClick={save}>
            {c('save')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="group/note relative my-1.5 rounded-md border bg-subtle px-3 py-2 pr-16 text-sm">
      {pinned && <Pin aria-label={t('pinned')} className="mr-1.5 inline size-3.5 text-link" />}
      <RichText text={body} />
      <div
        className={
          reactions.length > 0
            ? 'mt-1.5 -mr-13 flex flex-wrap items-center gap-1'
            : // A note nobody said anything to keeps its room for the text.
              `absolute top-1.5 ${mine ? 'right-8' : 'right-1.5'} focus-within:opacity-100 group-hover/note:opacity-100 has-data-[state=open]:opacity-100 pointer-fine:opacity-0`
        }
      >
        <Reactions target="note" id={note.id} reactions={reactions} />
      </div>
      {mine && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('menu')}
              className="absolute top-1.5 right-1.5 opacity-0 focus-visible:opacity-100 group-hover/note:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
            >
              <MoreHorizontal />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem onSelect={() => setTimeout(() => setDraft(body))}>{c('edit')}</DropdownMenuItem>
            <DropdownMenuItem onSelect={() => update(note, { pinned: !pinned })}>
              {pinned ? t('unpin') : t('pin')}
            </DropdownMenuItem>
            <DropdownMenuItem variant="destructive" onSelect={() => remove([note.id])}>
              {c('delete')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </div>
  );
}

/** What a note is on most of all, whose readers may be named in it. */
function anchorOf(note: RecordRow): [object: string, id: string] {
  if (typeof note.aboutId === 'string' && typeof note.aboutObject === 'string') return [note.aboutObject, note.aboutId];
  for (const [field, object] of [
    ['dealId', 'deal'],
    ['contactId', 'contact'],
    ['companyId', 'company'],
  ] as const) {
    const id = note[field];
    if (typeof id === 'string') return [object, id];
  }
  return ['note', note.id];
}
