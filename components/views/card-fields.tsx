'use client';

import { FieldValue } from '@/components/records/field-value';
import type { RecordRow } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useLabels } from '@/components/shell/labels';
import { cn } from '@/components/ui/cn';
import type { Field } from '@/domain/fields';

/** Values that do not say of themselves what they are. */
const named = new Set<Field['type']>([
  'number',
  'integer',
  'money',
  'percent',
  'boolean',
  'date',
  'datetime',
  'time',
  'rating',
]);

/** Fields of a record on its card, a line each. */
export function CardFields({ object, row, names }: { object: ObjectKey; row: RecordRow; names: readonly string[] }) {
  const labels = useLabels();
  const { fields } = useObject(object);
  if (names.length === 0) return null;
  return (
    <span className="mt-1 grid grid-cols-[minmax(0,1fr)] gap-0.5">
      {names.map((name) => {
        const label = labels.field(object, name);
        const type = fields[name]?.type;
        return (
          <span key={name} title={label} className="flex h-5 min-w-0 items-center gap-1.5 overflow-hidden leading-5">
            {type && named.has(type) ? (
              <span className="max-w-3/5 shrink-0 truncate text-muted-foreground">{label}</span>
            ) : (
              <span className="sr-only">{label}: </span>
            )}
            <span className={cn('min-w-0 truncate', !(type && named.has(type)) && 'text-muted-foreground')}>
              <FieldValue object={object} name={name} row={row} link={false} />
            </span>
          </span>
        );
      })}
    </span>
  );
}
