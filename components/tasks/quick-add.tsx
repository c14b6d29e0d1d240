'use client';

import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRecordApi } from '@/components/records/record-data';
import { useActions } from '@/components/shell/actions';
import { useFormat } from '@/components/shell/format';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';

/** One line for a new task of one's own. What was typed comes back when the server refuses. */
export function QuickAdd() {
  const t = useTranslations('tasks');
  const format = useFormat();
  const undoToast = useUndoToast();
  const input = useRef<HTMLInputElement>(null);
  const [subject, setSubject] = useState('');
  const [due, setDue] = useState<string | null>(() => format.today());
  const create = useMutation(useRecordApi('task').create.mutationOptions());
  useActions([{ id: 'tasks.add', label: t('add'), group: 'here', keys: 'n', run: () => input.current?.focus() }]);
  const add = () => {
    const text = subject.trim();
    if (!text) return;
    setSubject('');
    create.mutate(
      { values: { subject: text, dueOn: due } },
      {
        onSuccess: ({ changeSetId }) => undoToast(changeSetId, t('added', { subject: text })),
        onError: () => setSubject(text),
      },
    );
  };
  return (
    <form
      className="flex items-center gap-2 rounded-lg border bg-card p-1.5 focus-within:border-ring"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Plus aria-hidden className="ml-1.5 size-4 shrink-0 text-muted-foreground" />
      <Input
        ref={input}
        aria-label={t('add')}
        placeholder={t('add')}
        value={subject}
        maxLength={300}
        onChange={(event) => setSubject(event.target.value)}
        className="border-0 bg-transparent px-1 focus-visible:outline-0"
      />
      <DateInput aria-label={t('due')} value={due} onChange={setDue} className="w-36 shrink-0" />
      <Button type="submit" variant="secondary" disabled={!subject.trim()}>
        {t('addButton')}
      </Button>
    </form>
  );
}
