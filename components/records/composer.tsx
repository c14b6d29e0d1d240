'use client';

import { useMutation } from '@tanstack/react-query';
import { Paperclip, X } from 'lucide-react';
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Comment } from '@/components/conversation/comment-card';
import { type EditorHandle, RichInput, useMentionable } from '@/components/conversation/rich-input';
import { useSendFiles } from '@/components/conversation/send-file';
import { useCan, usePreference } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { Segmented } from '@/components/ui/segmented';
import { Hint } from '@/components/ui/tooltip';
import { queuedKey } from '@/domain/queued';
import { plainText } from '@/domain/rich-text';
import { type RecordRow, useRecordCreate, type Values } from './record-data';
import { attachedBy } from './record-sections';
import type { ObjectKey } from './use-object';

export interface ComposerHandle {
  focus: (kind: Kind) => void;
}

type Kind = 'comment' | 'note' | 'task';

/** Writes a comment, a note or a task on a record. What was typed comes back when the server refuses. */
export function Composer({
  object,
  row,
  reply,
  onReplied,
  onSent,
  ref,
}: {
  object: ObjectKey;
  row: RecordRow;
  /** The comment that is being answered. */
  reply: Comment | null;
  onReplied: () => void;
  /** Shows the text at once; the answer tells the change set it became, or null when it was refused. */
  onSent: (text: string) => (changeSetId: string | null) => void;
  ref?: Ref<ComposerHandle>;
}) {
  const t = useTranslations('records.composer');
  const talk = useTranslations('conversation');
  const trpc = useTRPC();
  const can = useCan();
  const format = useFormat();
  const [kind, setKind] = usePreference<Kind>('composer', 'comment');
  const [texts, setTexts] = useState({ comment: '', note: '', task: '' });
  const [due, setDue] = useState<string | null>(null);
  const rich = useRef<EditorHandle>(null);
  const taskInput = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const people = useMentionable(object, row.id);
  const { sending, sendAll } = useSendFiles(object, row.id);
  const comment = useMutation(trpc.conversation.add.mutationOptions());
  const note = useRecordCreate('note');
  const task = useRecordCreate('task');
  const focus = (wanted: Kind) => {
    setKind(wanted);
    setTimeout(() => (wanted === 'task' ? taskInput : rich).current?.focus(), 30);
  };
  useImperativeHandle(ref, () => ({ focus }));
  const attached = attachedBy(object) !== null;
  const allowed = {
    comment: can('conversation.write'),
    note: attached && can('note.write'),
    task: attached && can('task.write'),
  };
  const kinds = (['comment', 'note', 'task'] as const).filter((each) => allowed[each]);
  const shown = reply && allowed.comment ? 'comment' : kinds.includes(kind) ? kind : kinds[0];
  if (!shown) return null;
  const text = texts[shown];
  const setText = (of: Kind, value: string) => setTexts((before) => ({ ...before, [of]: value }));

  const send = () => {
    const body = text.trim();
    if (!body) return;
    const settle = onSent(shown === 'task' ? body : plainText(body, 500));
    setText(shown, '');
    // By its promise: a mutation forgets the callbacks of one that is still under way when the next goes out.
    sent(shown, body).then(
      ({ changeSetId }) => {
        // What waits to be sent is shown by the timeline itself.
        settle(queuedKey(changeSetId) ? null : changeSetId);
        if (reply && shown === 'comment') onReplied();
      },
      () => {
        settle(null);
        setTexts((before) => (before[shown] === '' ? { ...before, [shown]: body } : before));
      },
    );
  };
  const sent = (what: Kind, body: string): Promise<{ changeSetId: string }> => {
    if (what === 'comment') return comment.mutateAsync({ object, recordId: row.id, body, replyTo: reply?.id ?? null });
    const about = attachments(object, row);
    return what === 'note' ? note({ ...about, body }) : task({ ...about, subject: body, dueOn: due });
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== 'Enter') return;
    event.preventDefault();
    send();
  };
  const words = { comment: talk('comment'), note: t('note'), task: t('task') };
  return (
    <div className="rounded-lg border bg-card focus-within:border-ring">
      {reply && shown === 'comment' && (
        <p className="flex items-center gap-2 border-b px-3 py-1 text-muted-foreground text-xs">
          <span className="min-w-0 flex-1 truncate">
            {talk('replyTo', { name: reply.by.name })}: {plainText(reply.body, 80)}
          </span>
          <Button variant="quiet" size="icon-xs" aria-label={talk('stopReply')} onClick={onReplied}>
            <X />
          </Button>
        </p>
      )}
      {shown === 'task' ? (
        <Input
          ref={taskInput}
          aria-label={t('task')}
          placeholder={t('taskPlaceholder')}
          maxLength={300}
          value={text}
          onChange={(event) => setText('task', event.target.value)}
          onKeyDown={press}
          className="h-14 border-0 bg-transparent px-3 focus-visible:outline-0"
        />
      ) : (
        <RichInput
          key={shown}
          ref={rich}
          label={words[shown]}
          placeholder={shown === 'comment' ? talk('commentPlaceholder') : t('notePlaceholder')}
          value={text}
          onChange={(value) => setText(shown, value)}
          onSubmit={send}
          people={people}
        />
      )}
      {sending.map(({ key, name, done }) => (
        <p key={key} className="px-3 py-1 text-muted-foreground text-xs">
          {talk('files.sending', { name })} {Math.round(done * 100)}%
        </p>
      ))}
      <div className="flex flex-wrap items-center gap-2 px-2 pb-2">
        {kinds.length > 1 && (
          <Segmented
            aria-label={talk('kind')}
            value={shown}
            onValueChange={focus}
            options={kinds.map((value) => ({ value, label: words[value] }))}
            className="h-7"
          />
        )}
        {can('files.write') && (
          <>
            <Hint label={talk('files.add')}>
              <Button
                variant="quiet"
                size="icon-xs"
                aria-label={talk('files.add')}
                onClick={() => chooser.current?.click()}
              >
                <Paperclip />
              </Button>
            </Hint>
            <input
              ref={chooser}
              type="file"
              multiple
              hidden
              aria-label={talk('files.add')}
              onChange={(event) => {
                void sendAll([...(event.target.files ?? [])]);
                event.target.value = '';
              }}
            />
          </>
        )}
        {shown === 'task' && (
          <DateInput
            aria-label={t('due')}
            value={due}
            onChange={setDue}
            min={format.today()}
            className="h-7 w-36 pointer-coarse:h-9"
          />
        )}
        <Button size="sm" className="ml-auto" disabled={!text.trim()} onClick={send}>
          {shown === 'comment' ? talk('send') : t(shown === 'note' ? 'saveNote' : 'saveTask')}
          <Kbd
            keys={shown === 'task' ? 'enter' : 'mod+enter'}
            className="max-sm:hidden [&_kbd]:border-transparent [&_kbd]:bg-white/15 [&_kbd]:text-current"
          />
        </Button>
      </div>
    </div>
  );
}

/** What a note or task is about: the record, and the company it belongs to, whose timeline shows it too. */
function attachments(object: ObjectKey, row: RecordRow): Values {
  const by = attachedBy(object);
  const company = object !== 'company' && typeof row.companyId === 'string' ? { companyId: row.companyId } : {};
  return by ? { ...company, [by]: row.id } : {};
}
