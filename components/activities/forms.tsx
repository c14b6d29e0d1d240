'use client';

import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { SeriesQuestionProvider } from '@/components/tasks/series-question';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import type { OwnObject } from '@/domain/fields';

/** What a call or meeting is about, with what it is called. */
export interface About {
  object: 'company' | 'contact' | 'deal' | 'product' | OwnObject;
  id: string;
  title: string;
}

export type ActivityForm = 'call' | 'meeting';
interface Wanted {
  form: ActivityForm;
  about: readonly About[];
}
type Open = (form: ActivityForm, about?: readonly About[]) => void;

const load = { call: () => import('./call-form'), meeting: () => import('./meeting-form') };
const forms = {
  call: lazy(async () => ({ default: (await load.call()).CallForm })),
  meeting: lazy(async () => ({ default: (await load.meeting()).MeetingForm })),
};

const FormsContext = createContext<Open>(() => {});

/** Opens the form that logs a call or plans a meeting, about the records given. */
export function useActivityForms(): Open {
  return useContext(FormsContext);
}

export function ActivityFormsProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const open = useMemo<Open>(
    () =>
      (form, about = []) => {
        void load[form]();
        setWanted({ form, about });
      },
    [],
  );
  return (
    <FormsContext value={open}>
      <SeriesQuestionProvider>{children}</SeriesQuestionProvider>
      <Dialog open={wanted !== null} onOpenChange={(next) => !next && setWanted(null)}>
        {wanted && <Content {...wanted} close={() => setWanted(null)} />}
      </Dialog>
    </FormsContext>
  );
}

function Content({ form, about, close }: Wanted & { close: () => void }) {
  const t = useTranslations('activities');
  const c = useTranslations('common');
  const Form = forms[form];
  return (
    <DialogContent closeLabel={c('close')} aria-describedby={undefined}>
      <DialogHeader>
        <DialogTitle>{t(`${form}.title`)}</DialogTitle>
        <DialogDescription className="sr-only">{t(`${form}.help`)}</DialogDescription>
      </DialogHeader>
      <Suspense
        fallback={
          <DialogBody className="grid gap-4 pb-6">
            <Skeleton className="h-8" />
            <Skeleton className="h-8" />
            <Skeleton className="h-8" />
          </DialogBody>
        }
      >
        <Form about={about} onDone={close} />
      </Suspense>
    </DialogContent>
  );
}
