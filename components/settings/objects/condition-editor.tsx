'use client';

import { Plus } from 'lucide-react';
import { Fragment, useState } from 'react';
import { useTranslations } from 'use-intl';
import { AddFilter } from '@/components/records/filter-add';
import { FilterChip } from '@/components/records/filter-chip';
import {
  addMember,
  asFilter,
  asGroup,
  makeGroup,
  membersOf,
  replaceMember,
  wordOf,
} from '@/components/records/filter-tree';
import type { ObjectKey } from '@/components/records/use-object';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import type { Filter, FilterGroup } from '@/domain/filters';

/** Conditions on a record's values, in the same chips as the filter of a list. */
export function ConditionEditor({
  object,
  label,
  help,
  error,
  value,
  onChange,
  direct,
  compact,
}: {
  object: ObjectKey;
  label: string;
  help?: string;
  error?: string;
  value: Filter | undefined;
  onChange: (filter: Filter | undefined) => void;
  /** By the record's own values only, not those behind its references. */
  direct?: boolean;
  /** In a line with other things: what the label says, the button says as long as there is no condition. */
  compact?: boolean;
}) {
  const t = useTranslations('records.filter');
  const s = useTranslations('fieldsSettings');
  const group = asGroup(value);
  const members = membersOf(group);
  const [fresh, setFresh] = useState<Filter | null>(null);
  const change = (next: FilterGroup) => onChange(asFilter(next));
  return (
    <Field label={label} help={help} error={error} hideLabel={compact}>
      {({ 'aria-describedby': describedBy }) => (
        // biome-ignore lint/a11y/useSemanticElements: chips that read as a sentence, not inputs of a form
        <div
          role="group"
          aria-label={label}
          aria-describedby={describedBy}
          className="flex flex-wrap items-center gap-1"
        >
          {members.map((member, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place in the sentence is what a member is known by
            <Fragment key={i}>
              {i > 0 && (
                <button
                  type="button"
                  title={t('flip')}
                  onClick={() => change(makeGroup(wordOf(group) === 'and' ? 'or' : 'and', members))}
                  className="rounded-xs px-1 text-muted-foreground text-sm hover:bg-accent hover:text-foreground"
                >
                  {t(wordOf(group))}
                </button>
              )}
              {'field' in member && (
                <FilterChip
                  object={object}
                  condition={member}
                  startOpen={fresh !== null && JSON.stringify(member) === JSON.stringify(fresh)}
                  onChange={(next) => change(replaceMember(group, i, next))}
                />
              )}
            </Fragment>
          ))}
          <AddFilter
            object={object}
            direct={direct}
            onAdd={(condition) => {
              setFresh(condition);
              change(addMember(group, condition));
            }}
            trigger={
              <Button variant="secondary" size="sm">
                <Plus />
                {compact && members.length === 0 ? label : s('addCondition')}
              </Button>
            }
          />
        </div>
      )}
    </Field>
  );
}
