'use client';

import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { type FieldSettings, type Rollup, rollupFunctions } from '@/domain/custom-fields';
import { ConditionEditor } from './condition-editor';
import { problemOf } from './draft';

const summable: ReadonlySet<string> = new Set(['number', 'integer', 'money', 'percent', 'rating']);
const comparable: ReadonlySet<string> = new Set([...summable, 'date', 'datetime']);

/** Which records are summed up, by which of their fields that point here, and how. */
export function RollupEditor({
  object,
  settings,
  problems,
  onChange,
}: {
  object: ObjectKey;
  settings: FieldSettings;
  problems: Record<string, string>;
  onChange: (settings: Partial<FieldSettings>) => void;
}) {
  const t = useTranslations('fieldsSettings.rollup');
  const labels = useLabels();
  const catalogue = useCatalogue();
  const sources = [...catalogue.values()].flatMap((kind) =>
    Object.entries(kind.fields)
      // One record's reference counts it once; what several point to through a relation would be counted for each.
      .filter(([, field]) => field.type === 'reference' && field.to === object)
      // Names of the catalogue are the names of kinds of records.
      .map(([through]) => ({ object: kind.name as ObjectKey, through })),
  );
  const { rollup } = settings;
  const set = (next: Rollup) => onChange({ rollup: next });
  const source = rollup && `${rollup.object} ${rollup.through}`;
  const kind = rollup && catalogue.get(rollup.object);
  const wanted = rollup?.fn === 'sum' || rollup?.fn === 'avg' ? summable : comparable;
  const fields = Object.entries(kind?.fields ?? {}).filter(([, field]) => wanted.has(field.type));
  const choose = (value: string) => {
    const [from = '', through = ''] = value.split(' ');
    set({ object: from, through, fn: 'count' });
  };
  const measure = (fn: string) => {
    const chosen = rollupFunctions.find((known) => known === fn);
    if (!rollup || !chosen) return;
    const { field: _, ...rest } = rollup;
    set({ ...rest, fn: chosen });
  };
  return (
    <>
      <Field label={t('source')} help={t('sourceHelp')} required error={problemOf(problems, 'settings.rollup')}>
        {(control) => (
          <Select value={source ?? ''} onValueChange={choose}>
            <SelectTrigger {...control}>
              <SelectValue placeholder={t('choose')} />
            </SelectTrigger>
            <SelectContent>
              {sources.map((each) => (
                <SelectItem key={`${each.object} ${each.through}`} value={`${each.object} ${each.through}`}>
                  {t('through', {
                    object: labels.object(each.object, 'Other'),
                    field: labels.field(each.object, each.through),
                  })}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
        )}
      </Field>
      {rollup && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('fn')} required>
            {(control) => (
              <Select value={rollup.fn} onValueChange={measure}>
                <SelectTrigger {...control}>
                  <SelectValue />
                </SelectTrigger>
                <SelectContent>
                  {rollupFunctions.map((fn) => (
                    <SelectItem key={fn} value={fn}>
                      {t(`fns.${fn}`)}
                    </SelectItem>
                  ))}
                </SelectContent>
              </Select>
            )}
          </Field>
          {rollup.fn !== 'count' && (
            <Field label={t('field')} required>
              {(control) => (
                <Select value={rollup.field ?? ''} onValueChange={(field) => set({ ...rollup, field })}>
                  <SelectTrigger {...control}>
                    <SelectValue placeholder={t('choose')} />
                  </SelectTrigger>
                  <SelectContent>
                    {fields.map(([name]) => (
                      <SelectItem key={name} value={name}>
                        {labels.field(rollup.object, name)}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              )}
            </Field>
          )}
        </div>
      )}
      {rollup && (
        <ConditionEditor
          // The object was chosen from the catalogue.
          object={rollup.object as ObjectKey}
          direct
          label={t('filter')}
          help={t('filterHelp')}
          value={rollup.filter}
          onChange={(filter) => set({ ...rollup, filter })}
        />
      )}
    </>
  );
}
