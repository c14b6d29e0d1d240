'use client';

import { useState } from 'react';
import { type RecordRow, recordPath } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { navigate } from '@/components/shell/router';
import { compared } from './compared';
import { DuplicateHint } from './duplicate-hint';
import { MergeDialog } from './merge-dialog';

/** Says when an edit made a record likely the same as another, as long as its page is open. */
export function EditedDuplicates({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const { fields } = useObject(object);
  const can = useCan();
  const [first, setFirst] = useState(row);
  const [merging, setMerging] = useState<string | null>(null);
  // Another record, or the whole of one of which a list knew a part only: begins anew.
  if (first.id !== row.id || Object.keys(row).some((name) => !(name in first))) setFirst(row);
  const edited = Object.keys(first).some((name) => {
    const field = fields[name];
    return field && compared(field) && (row[name] ?? '') !== (first[name] ?? '');
  });
  if (!edited || !can(`${object}.write`)) return null;
  return (
    <>
      {/* In sight wherever in the column the field was edited. */}
      <div className="sticky top-2 z-10 mb-2 rounded-md bg-background shadow-sm empty:hidden">
        <DuplicateHint
          object={object}
          values={row}
          exceptId={row.id}
          before={first}
          onMerge={can(`${object}.delete`) ? setMerging : undefined}
          onClose={() => setFirst(row)}
        />
      </div>
      <MergeDialog
        object={object}
        ids={merging === null ? null : [row.id, merging]}
        onClose={(merged) => {
          setMerging(null);
          if (merged && merged.survivorId !== row.id)
            navigate(recordPath(object, merged.survivorId), { replace: true });
        }}
      />
    </>
  );
}
