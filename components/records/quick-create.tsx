'use client';

import type { RecordObject } from '@/domain/objects';

/** The form of a new record inside the quick-create dialog. */
export function QuickCreate(_: { object: RecordObject; values?: Record<string, unknown>; onDone: () => void }) {
  return null;
}
