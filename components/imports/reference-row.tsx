'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPCClient } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { clip } from '@/domain/clip';
import type { OwnObject } from '@/domain/fields';
import { choiceGroupOf, choicesFor, type ImportPlan, missingFor } from '@/domain/imports/mapping';
import type { DraftControls } from './use-draft';
import type { Group, Value } from './values-step';

const leave = 'leave';
const create = 'create';
const undecided = 'undecided';

/** One text of the file that names a record, and what it means. */
export function ReferenceRow({
  group,
  value,
  draft,
  plan,
}: {
  group: Group;
  value: Value;
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const t = useTranslations('imports.values');
  const common = useTranslations('common');
  const format = useFormat();
  const client = useTRPCClient();
  const [titles, setTitles] = useState<Record<string, string>>({});
  const { object, makeable } = group;
  const labels = useLabels();
  const choice = choicesFor(plan, object)[value.text];
  const chosen = !choice ? null : 'id' in choice ? choice.id : 'create' in choice ? create : leave;
  const set = (next: ImportPlan['values']['company'][string] | undefined) =>
    draft.setChoices(object, ({ [value.text]: _, ...others }) => (next ? { ...others, [value.text]: next } : others));
  const [best] = value.suggestions;
  const nameOf = (id: string) =>
    titles[id] ??
    value.suggestions.find((s) => s.id === id)?.name ??
    (value.match?.id === id ? value.match.name : null);
  const label =
    chosen === leave
      ? t('leaveEmpty')
      : chosen === create
        ? t('createOne', { name: value.text })
        : chosen
          ? nameOf(chosen)
          : null;
  const rest = value.match
    ? value.match.name
    : makeable && missingFor(plan, object) === 'create'
      ? t('createOne', { name: value.text })
      : t('leaveEmpty');

  return (
    <li className="grid items-center gap-x-4 gap-y-1.5 px-3 py-2 text-sm sm:grid-cols-[minmax(0,1fr)_5.5rem_minmax(0,1.3fr)]">
      <span className="truncate font-medium" title={value.text}>
        {value.text}
      </span>
      <span className="tabular text-muted-foreground sm:text-right">{t('rows', { count: value.rows })}</span>
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Field label={t('meaning', { text: value.text })} hideLabel className="min-w-0 flex-1 basis-48">
          <Combobox
            value={chosen}
            label={label}
            placeholder={rest}
            searchLabel={
              group.group === 'other'
                ? t('search.other', { object: labels.object(object as OwnObject, 'other') })
                : t(`search.${choiceGroupOf(object) ?? 'company'}`)
            }
            emptyText={common('noResults')}
            errorText={common('loadFailed')}
            load={async (query) => {
              const found =
                query === ''
                  ? value.suggestions.map(({ id, name }) => ({ id, title: name }))
                  : await client.search.pick.query({ object, q: query, limit: 8 });
              const options = found.map(({ id, title, ...rest }) => ({
                id,
                title,
                subtitle: 'subtitle' in rest ? (rest.subtitle as string | null) : null,
              }));
              return query === ''
                ? [
                    ...options,
                    ...(makeable ? [{ id: create, title: t('createOne', { name: value.text }) }] : []),
                    { id: leave, title: t('leaveEmpty') },
                    ...(chosen ? [{ id: undecided, title: t('undecide') }] : []),
                  ]
                : options;
            }}
            onChange={(option) => {
              if (!option || option.id === undecided) set(undefined);
              else if (option.id === leave) set({ skip: true });
              else if (option.id === create) set({ create: { name: clip(value.text, 200) } });
              else {
                setTitles((known) => ({ ...known, [option.id]: option.title }));
                set({ id: option.id });
              }
            }}
          />
        </Field>
        {!chosen && best && !value.match && (
          <Button size="sm" variant="secondary" onClick={() => set({ id: best.id })}>
            {best.name}
            <span className="tabular font-normal text-muted-foreground">
              {format.percent(Math.round(best.confidence * 100))}
            </span>
          </Button>
        )}
        {!chosen && value.match && !value.match.exact && <Badge variant="secondary">{t('inexact')}</Badge>}
        {!chosen && value.ambiguous.length > 0 && (
          <Badge variant="warning">{t('ambiguous', { count: value.ambiguous.length })}</Badge>
        )}
      </div>
    </li>
  );
}
