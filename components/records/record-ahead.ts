'use client';

import type { Ahead } from '@/components/shell/ahead';
import { recordApi } from './record-data';
import type { ObjectKey } from './use-object';

/** Asks for a record that is about to be opened. */
export function recordAhead(object: ObjectKey, id: string, { queries, trpc }: Ahead): void {
  void queries.prefetchQuery(recordApi(trpc, object).get.queryOptions({ id }));
}
