'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import type { ObjectKey } from '@/components/records/use-object';
import { later } from '@/components/ui/later';
import type { RecordObject } from '@/domain/objects';

/** What can be created from anywhere, in the order offered. */
export const creatable = ['deal', 'company', 'contact', 'task', 'product'] as const satisfies RecordObject[];

export interface WantedRecord {
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

export const CreateDialog = later(async () => (await import('./create-dialog')).CreateDialog);

export function QuickCreateProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<WantedRecord | null>(null);
  const [open] = useState((): Open => (object, values) => setWanted({ object, values }));
  return (
    <QuickCreateContext value={open}>
      {children}
      <CreateDialog
        open={wanted !== null}
        wanted={wanted}
        choose={(object) => setWanted({ object })}
        close={() => setWanted(null)}
      />
    </QuickCreateContext>
  );
}
