'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { SeriesQuestionProvider } from '@/components/tasks/series-question';
import { later } from '@/components/ui/later';
import type { OwnObject } from '@/domain/fields';

/** What a call or meeting is about, with what it is called. */
export interface About {
  object: 'company' | 'contact' | 'deal' | 'product' | OwnObject;
  id: string;
  title: string;
}

export type ActivityForm = 'call' | 'meeting';
export interface WantedForm {
  form: ActivityForm;
  about: readonly About[];
}
type Open = (form: ActivityForm, about?: readonly About[]) => void;

const FormDialog = later(async () => (await import('./form-dialog')).FormDialog);
const FormsContext = createContext<Open>(() => {});

/** Opens the form that logs a call or plans a meeting, about the records given. */
export function useActivityForms(): Open {
  return useContext(FormsContext);
}

export function ActivityFormsProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<WantedForm | null>(null);
  const [open] = useState(
    (): Open =>
      (form, about = []) =>
        setWanted({ form, about }),
  );
  return (
    <FormsContext value={open}>
      <SeriesQuestionProvider>{children}</SeriesQuestionProvider>
      <FormDialog open={wanted !== null} wanted={wanted} close={() => setWanted(null)} />
    </FormsContext>
  );
}
