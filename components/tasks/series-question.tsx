'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { carriedFields } from '@/domain/tasks';
import { useRecurrenceText } from './recurrence-picker';

/** What a change of a task that comes again is about: this one only, or this one and all that follow. */
export type SeriesScope = 'this' | 'series';

interface Question {
  subject: string;
  rule: string;
  answer: (scope: SeriesScope) => void;
}

const AskContext = createContext<(question: Question) => void>((question) => question.answer('series'));

/** What those that follow take over, so that it matters for which of them it changes; how they follow is all of theirs. */
const carried = new Set<string>(carriedFields.filter((name) => name !== 'recurrence'));

/** Whether a change is about one of a series or about all of it, which only the person can say. */
export function asksForSeries(object: string, row: Record<string, unknown>, values: Record<string, unknown>): boolean {
  if (object !== 'task' || typeof row.recurrence !== 'string' || row.done === true) return false;
  return !('recurrence' in values) && !('done' in values) && Object.keys(values).some((name) => carried.has(name));
}

/**
 * Goes on with a change: at once where nothing is to be asked, else when the person has said which of the series is
 * meant. Who closes the question has changed nothing.
 */
export function useSeriesQuestion(object: string) {
  const ask = useContext(AskContext);
  return (row: Record<string, unknown>, values: Record<string, unknown>, goOn: (scope: SeriesScope) => void): void => {
    if (asksForSeries(object, row, values))
      ask({ subject: String(row.subject ?? ''), rule: String(row.recurrence), answer: goOn });
    else goOn('series');
  };
}

export function SeriesQuestionProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  // An editor that has just closed gives the focus back a moment later; the question is to keep it.
  const ask = useMemo(() => (next: Question) => void setTimeout(() => setTimeout(() => setQuestion(next))), []);
  return (
    <AskContext value={ask}>
      {children}
      <Dialog open={question !== null} onOpenChange={(open) => !open && setQuestion(null)}>
        {question && (
          <Asked
            {...question}
            answer={(scope) => {
              setQuestion(null);
              question.answer(scope);
            }}
          />
        )}
      </Dialog>
    </AskContext>
  );
}

function Asked({ subject, rule, answer }: Question) {
  const t = useTranslations('tasks.series');
  const c = useTranslations('common');
  const text = useRecurrenceText();
  return (
    <DialogContent closeLabel={c('close')} className="sm:max-w-sm">
      <DialogHeader>
        <DialogTitle>{t('title')}</DialogTitle>
        <DialogDescription>{t('about', { subject, rule: text(rule) })}</DialogDescription>
      </DialogHeader>
      <DialogBody className="grid gap-2 pb-5">
        {(['this', 'series'] as const).map((scope, i) => (
          <Button
            key={scope}
            variant="secondary"
            autoFocus={i === 0}
            onClick={() => answer(scope)}
            className="grid h-auto justify-start justify-items-start gap-0 whitespace-normal px-3 py-2 text-left pointer-coarse:h-auto"
          >
            <span>{t(scope)}</span>
            <span className="font-normal text-muted-foreground text-xs">{t(`${scope}Help`)}</span>
          </Button>
        ))}
      </DialogBody>
    </DialogContent>
  );
}
