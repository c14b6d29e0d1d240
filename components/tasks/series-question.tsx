'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { later } from '@/components/ui/later';
import { carriedFields } from '@/domain/tasks';

/** What a change of a task that comes again is about: this one only, or this one and all that follow. */
export type SeriesScope = 'this' | 'series';

export interface SeriesAsked {
  subject: string;
  rule: string;
  answer: (scope: SeriesScope) => void;
}

const SeriesDialog = later(async () => (await import('./series-dialog')).SeriesDialog);
const AskContext = createContext<(question: SeriesAsked) => void>((question) => question.answer('series'));

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
  const [question, setQuestion] = useState<SeriesAsked | null>(null);
  // An editor that has just closed gives the focus back a moment later; the question is to keep it.
  const ask = useMemo(() => (next: SeriesAsked) => void setTimeout(() => setTimeout(() => setQuestion(next))), []);
  return (
    <AskContext value={ask}>
      {children}
      <SeriesDialog open={question !== null} question={question} close={() => setQuestion(null)} />
    </AskContext>
  );
}
