'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePreference } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { objects, type RecordObject } from '@/domain/objects';
import { FieldHistory } from './field-history';
import { isBlank } from './field-value';
import { InlineField } from './inline-field';
import type { RecordRow } from './record-data';
import { type SectionName, sectionsOf } from './record-sections';

/** How many empty fields a section shows before it is asked for the rest. */
const emptyShown: Partial<Record<SectionName, number>> = { about: 8, contact: 4 };

const noneFolded: string[] = [];

/** All fields of a record in sections, each edited where it stands, each with its history. */
export function RecordFields({
  object,
  row,
  titled,
}: {
  object: RecordObject;
  row: RecordRow;
  /** Begins with what the record is called. */
  titled?: boolean;
}) {
  return (
    <div className="grid gap-1 px-3 py-3">
      {sectionsOf(object).map((section, i) => (
        <Section
          key={section.name}
          object={object}
          row={row}
          name={section.name}
          fields={titled && i === 0 ? [objects[object].title, ...section.fields] : section.fields}
        />
      ))}
    </div>
  );
}

function Section({
  object,
  row,
  name,
  fields,
}: {
  object: RecordObject;
  row: RecordRow;
  name: SectionName;
  fields: string[];
}) {
  const t = useTranslations('records.sections');
  const [folded, setFolded] = usePreference<string[]>(`folded:${object}`, noneFolded);
  const [all, setAll] = useState(false);
  const open = !folded.includes(name);
  const allowance = emptyShown[name] ?? 0;
  let empty = 0;
  const shown = all
    ? fields
    : fields.filter((field) => {
        if (!isBlank(row[field])) return true;
        empty += 1;
        return empty <= allowance;
      });
  const left = fields.length - shown.length;
  const toggle = () => setFolded(open ? [...folded, name] : folded.filter((other) => other !== name));
  return (
    <section className="border-b pb-2 last:border-0">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex h-8 w-full items-center gap-1 rounded-md font-medium text-muted-foreground text-sm hover:text-foreground"
        >
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', open && 'rotate-90')} />
          {t(name)}
        </button>
      </h2>
      {open && (
        <dl>
          {shown.map((field) => (
            <FieldLine key={field} object={object} row={row} name={field} />
          ))}
        </dl>
      )}
      {open && (left > 0 || all) && (
        <Button variant="quiet" size="sm" className="mt-0.5" onClick={() => setAll(!all)}>
          {all ? t('fewer') : t('more', { count: left })}
        </Button>
      )}
    </section>
  );
}

function FieldLine({ object, row, name }: { object: RecordObject; row: RecordRow; name: string }) {
  const labels = useLabels();
  return (
    <div className="group/line grid grid-cols-[minmax(100px,30%)_minmax(0,1fr)_24px] items-start gap-x-1">
      <dt className="truncate pt-1.5 pl-1 text-muted-foreground text-sm" title={labels.field(object, name)}>
        {labels.field(object, name)}
      </dt>
      <dd className="min-w-0">
        <InlineField object={object} name={name} row={row} />
      </dd>
      <dd className="pt-1">
        <FieldHistory
          object={object}
          name={name}
          row={row}
          className="opacity-0 focus-visible:opacity-100 group-hover/line:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-40"
        />
      </dd>
    </div>
  );
}
