'use client';

import { navigate, useSearch } from '@/components/shell/router';
import { recordPath } from './record-data';
import type { ObjectKey } from './use-object';
import { usePhone } from './use-phone';

/** The record shown beside the list is part of the address; on a phone there is only its page. */
export function useOpenPanel(object: ObjectKey): { id: string | undefined; open: (id: string | null) => void } {
  const [search, setSearch] = useSearch();
  const phone = usePhone();
  const id = phone ? undefined : (search.get('open') ?? undefined);
  return {
    id,
    open: (next) => {
      if (next && phone) navigate(recordPath(object, next));
      else setSearch({ open: next });
    },
  };
}
