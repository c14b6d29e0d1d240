'use client';

import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import type { WantedForm } from './forms';

const forms = {
  call: lazy(async () => ({ default: (await import('./call-form')).CallForm })),
  meeting: lazy(async () => ({ default: (await import('./meeting-form')).MeetingForm })),
};

/** The form that logs a call or plans a meeting. */
export function FormDialog({ open, wanted, close }: { open: boolean; wanted: WantedForm | null; close: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()}>
      {wanted && <Content {...wanted} close={close} />}
    </Dialog>
  );
}

function Content({ form, about, close }: WantedForm & { close: () => void }) {
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
