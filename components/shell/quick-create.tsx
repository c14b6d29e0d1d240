'use client';

import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ObjectIcon } from '@/components/records/chips';
import type { ObjectKey } from '@/components/records/use-object';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import type { RecordObject } from '@/domain/objects';
import { useCan } from './boot';
import { useLabels } from './labels';
import { useOwnObjects } from './nav';

const loadForm = () => import('@/components/records/quick-create');
const Form = lazy(async () => ({ default: (await loadForm()).QuickCreate }));

/** What can be created from anywhere, in the order offered. */
export const creatable = ['deal', 'company', 'contact', 'task', 'product'] as const satisfies RecordObject[];

interface Wanted {
  /** Null asks the person what to create. */
  object: ObjectKey | null;
  values?: Record<string, unknown>;
}

type Open = (object: ObjectKey | null, values?: Record<string, unknown>) => void;
const QuickCreateContext = createContext<Open>(() => {});

/** Opens the dialog that creates a record, filled with `values`: `create('contact', { companyId })`. */
export function useQuickCreate(): Open {
  return useContext(QuickCreateContext);
}

export function QuickCreateProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const open = useMemo<Open>(
    () => (object, values) => {
      void loadForm();
      setWanted({ object, values });
    },
    [],
  );
  return (
    <QuickCreateContext value={open}>
      {children}
      <Dialog open={wanted !== null} onOpenChange={(next) => !next && setWanted(null)}>
        {wanted && <Content wanted={wanted} choose={(object) => setWanted({ object })} close={() => setWanted(null)} />}
      </Dialog>
    </QuickCreateContext>
  );
}

function Content({
  wanted,
  choose,
  close,
}: {
  wanted: Wanted;
  choose: (object: ObjectKey) => void;
  close: () => void;
}) {
  const t = useTranslations('shell.create');
  const c = useTranslations('common');
  const labels = useLabels();
  const can = useCan();
  const { object } = wanted;
  const own = useOwnObjects().map((each) => each.object);
  return (
    <DialogContent closeLabel={c('close')} aria-describedby={undefined}>
      <DialogHeader>
        <DialogTitle>{object ? t('title', { object: labels.object(object, 'one') }) : t('choose')}</DialogTitle>
        <DialogDescription className="sr-only">{t('choose')}</DialogDescription>
      </DialogHeader>
      {object ? (
        <Suspense fallback={<FormSkeleton />}>
          <Form object={object} values={wanted.values} onDone={close} />
        </Suspense>
      ) : (
        <DialogBody className="grid gap-1 px-3 pb-4">
          {[...creatable, ...own]
            .filter((name) => can(`${name}.write`))
            .map((name) => (
              <Button key={name} variant="ghost" className="justify-start" onClick={() => choose(name)}>
                <ObjectIcon object={name} className="text-muted-foreground" />
                {labels.object(name, 'One')}
              </Button>
            ))}
        </DialogBody>
      )}
    </DialogContent>
  );
}

function FormSkeleton() {
  return (
    <DialogBody className="grid gap-4 pb-6">
      <Skeleton className="h-8" />
      <Skeleton className="h-8" />
      <Skeleton className="h-8" />
      <Skeleton className="h-8" />
    </DialogBody>
  );
}
