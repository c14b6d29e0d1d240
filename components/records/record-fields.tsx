'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { EditedDuplicates } from '@/components/duplicates/edited-duplicates';
import { useBoot, usePreference } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { isBlank } from '@/domain/blank';
import { DerivedHint } from './derived-hint';
import { FieldHistory } from './field-history';
import { isShown } from './field-rules';
import { InlineField } from './inline-field';
import type { RecordRow } from './record-data';
import { RelatedItem } from './related';
import { type ObjectKey, titleField, useObject } from './use-object';
import { useRecordLayout } from './use-record-layout';

/** How many empty fields a section shows before it is asked for the rest. */
const emptyShown: Partial<Record<string, number>> = { about: 8, own: 8, contact: 4 };

const noneFolded: string[] = [];

/** All fields of a record in sections, each edited where it stands, each with its history. */
export function RecordFields({
  object,
  row,
  titled,
}: {
  object: ObjectKey;
  row: RecordRow;
  /** Begins with what the record is called. */
  titled?: boolean;
}) {
  const kind = useObject(object);
  const { sections, through } = useRecordLayout(kind, row);
  const { member } = useBoot();
  const about = { now: Date.now(), memberId: member.id };
  const shown = (names: string[]) => names.filter((name) => isShown(kind, name, row, about));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1 px-3 py-3">
      <EditedDuplicates object={object} row={row} />
      {titled && sections.length === 0 && (
        <dl>
          <FieldLine object={object} row={row} name={titleField(object)} />
        </dl>
      )}
      {sections.map((section, i) => (
        <Section
          key={section.name}
          object={object}
          row={row}
          name={section.name}
          label={section.label}
          arranged={section.arranged}
          fields={shown(titled && i === 0 ? [titleField(object), ...section.fields] : section.fields)}
          lists={section.lists.map((list) => (
            <RelatedItem key={list} name={list} object={object} row={row} through={through} />
          ))}
        />
      ))}
    </div>
  );
}

function Section({
  object,
  row,
  name,
  label,
  arranged,
  fields,
  lists,
}: {
  object: ObjectKey;
  row: RecordRow;
  name: string;
  label: string;
  /** By an admin: all its fields stand there, empty or not. */
  arranged: boolean;
  fields: string[];
  lists: ReactNode[];
}) {
  const t = useTranslations('records.sections');
  const [folded, setFolded] = usePreference<string[]>(`folded:${object}`, noneFolded);
  const [all, setAll] = useState(false);
  const open = !folded.includes(name);
  const allowance = arranged ? Number.POSITIVE_INFINITY : (emptyShown[name] ?? 0);
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
          {label}
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
      {open && lists.length > 0 && <div className="-mx-3 *:border-0 *:pb-0">{lists}</div>}
    </section>
  );
}

function FieldLine({ object, row, name }: { object: ObjectKey; row: RecordRow; name: string }) {
  const labels = useLabels();
  return (
    <div className="group/line grid grid-cols-[minmax(100px,30%)_minmax(0,1fr)_24px] items-start gap-x-1">
      <dt className="flex min-w-0 items-center gap-1 pt-1.5 pl-1 text-muted-foreground text-sm">
        <span className="line-clamp-2 break-words" title={labels.help(object, name) ?? labels.field(object, name)}>
          {labels.field(object, name)}
        </span>
        <DerivedHint object={object} name={name} />
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
