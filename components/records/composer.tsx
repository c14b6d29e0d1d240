'use client';

import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { Kbd } from '@/components/ui/kbd';
import { Segmented } from '@/components/ui/segmented';
import { Textarea } from '@/components/ui/textarea';
import type { RecordObject } from '@/domain/objects';
import { type RecordRow, useRecordApi, type Values } from './record-data';
import { attachedBy } from './record-sections';

export interface ComposerHandle {
  focus: (kind: Kind) => void;
}

type Kind = 'note' | 'task';

/** Writes a note or a task on a record. What was typed comes back when the server refuses. */
export function Composer({
  object,
  row,
  onSent,
  ref,
}: {
  object: RecordObject;
  row: RecordRow;
  /** Shows the text at once; the answer tells the change set it became, or null when it was refused. */
  onSent: (text: string) => (changeSetId: string | null) => void;
  ref?: Ref<ComposerHandle>;
}) {
  const t = useTranslations('records.composer');
  const can = useCan();
  const format = useFormat();
  const [kind, setKind] = useState<Kind>('note');
  const [body, setBody] = useState('');
  const [subject, setSubject] = useState('');
  const [due, setDue] = useState<string | null>(null);
  const noteInput = useRef<HTMLTextAreaElement>(null);
  const taskInput = useRef<HTMLInputElement>(null);
  const note = useMutation(useRecordApi('note').create.mutationOptions());
  const task = useMutation(useRecordApi('task').create.mutationOptions());
  useImperativeHandle(ref, () => ({
    focus: (wanted) => {
      setKind(wanted);
      setTimeout(() => (wanted === 'note' ? noteInput : taskInput).current?.focus());
    },
  }));
  const kinds = (['note', 'task'] as const).filter((each) => can(`${each}.write`));
  if (kinds.length === 0) return null;
  const shown = kinds.includes(kind) ? kind : (kinds[0] ?? 'note');

  const send = () => {
    const text = (shown === 'note' ? body : subject).trim();
    if (!text) return;
    const settle = onSent(text);
    const values = {
      ...attachments(object, row),
      ...(shown === 'note' ? { body: text } : { subject: text, dueOn: due }),
    };
    const mutation = shown === 'note' ? note : task;
    const restore = shown === 'note' ? () => setBody(text) : () => setSubject(text);
    if (shown === 'note') setBody('');
    else setSubject('');
    mutation.mutate(
      { values },
      {
        onSuccess: ({ changeSetId }) => settle(changeSetId),
        onError: () => {
          settle(null);
          restore();
        },
      },
    );
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.key !== 'Enter') return;
    if (shown === 'task' || event.metaKey || event.ctrlKey) {
      event.preventDefault();
      send();
    }
  };
  return (
    <div className="rounded-lg border bg-card focus-within:border-ring">
      {shown === 'note' ? (
        <Textarea
          ref={noteInput}
          aria-label={t('note')}
          placeholder={t('notePlaceholder')}
          value={body}
          onChange={(event) => setBody(event.target.value)}
          onKeyDown={press}
          className="min-h-14 resize-none border-0 bg-transparent px-3 py-2 focus-visible:outline-0"
        />
      ) : (
        <Input
          ref={taskInput}
          aria-label={t('task')}
          placeholder={t('taskPlaceholder')}
          maxLength={300}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
          onKeyDown={press}
          className="h-14 border-0 bg-transparent px-3 focus-visible:outline-0"
        />
      )}
      <div className="flex flex-wrap items-center gap-2 px-2 pb-2">
        {kinds.length > 1 && (
          <Segmented
            aria-label={t('kind')}
            value={shown}
            onValueChange={setKind}
            options={kinds.map((value) => ({ value, label: t(value) }))}
            className="h-7"
          />
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
        <Button size="sm" className="ml-auto" disabled={!(shown === 'note' ? body : subject).trim()} onClick={send}>
          {t(shown === 'note' ? 'saveNote' : 'saveTask')}
          <Kbd
            keys={shown === 'note' ? 'mod+enter' : 'enter'}
            className="max-sm:hidden [&_kbd]:border-transparent [&_kbd]:bg-white/15 [&_kbd]:text-current"
          />
        </Button>
      </div>
    </div>
  );
}

/** What a note or task is about: the record, and the company it belongs to, whose timeline shows it too. */
function attachments(object: RecordObject, row: RecordRow): Values {
  const by = attachedBy(object);
  const company = object !== 'company' && typeof row.companyId === 'string' ? { companyId: row.companyId } : {};
  return by ? { ...company, [by]: row.id } : {};
}
