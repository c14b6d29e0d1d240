'use client';

import { EyeOff, MoreHorizontal, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input } from '@/components/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Condition } from '@/domain/filters';
import type { LayoutSection } from '@/domain/layouts';
import { Sortable } from '../sortable';

type Named = LayoutSection & { name: string };

/** One section: its name, its fields in order, and while what it is shown. */
export function SectionEditor({
  kind,
  section,
  handle,
  others,
  onChange,
  onMove,
  onHide,
  onRemove,
}: {
  kind: CatalogueObject;
  section: Named;
  handle: ReactNode;
  others: readonly Named[];
  onChange: (part: Partial<LayoutSection>) => void;
  onMove: (field: string, to: string) => void;
  onHide: (field: string) => void;
  /** Missing for the last one: a page without sections is the product's own. */
  onRemove?: () => void;
}) {
  const t = useTranslations('conversation.layouts');
  const labels = useLabels();
  const { locale } = useBoot().user;
  const fields = section.fields.map((id) => ({ id, name: labels.field(kind.name, id) }));
  return (
    <div className="rounded-lg border bg-card">
      <div className="flex flex-wrap items-center gap-2 border-b px-2 py-1.5">
        {handle}
        <Input
          aria-label={t('sectionName')}
          maxLength={80}
          value={section.name}
          onChange={(event) => onChange({ label: { ...section.label, [locale]: event.target.value } })}
          className="h-7 w-48 font-medium"
        />
        <ConditionEditor kind={kind} section={section} onChange={(showIf) => onChange({ showIf })} />
        {onRemove && (
          <Button
            variant="quiet"
            size="icon-xs"
            className="ml-auto"
            aria-label={t('removeSection', { name: section.name })}
            onClick={onRemove}
          >
            <Trash2 />
          </Button>
        )}
      </div>
      <Sortable
        label={section.name}
        items={fields}
        onOrder={(ids) => onChange({ fields: ids })}
        className="grid min-h-9 sm:grid-cols-2"
      >
        {(field, grip) => (
          <div className="group/row flex items-center gap-1 px-2 py-1 text-sm">
            {grip}
            <span className="min-w-0 flex-1 truncate">{field.name}</span>
            <DropdownMenu>
              <DropdownMenuTrigger asChild>
                <Button variant="quiet" size="icon-xs" aria-label={t('options', { field: field.name })}>
                  <MoreHorizontal />
                </Button>
              </DropdownMenuTrigger>
              <DropdownMenuContent align="end">
                {others.map((other) => (
                  <DropdownMenuItem key={other.id} onSelect={() => onMove(field.id, other.id)}>
                    {t('moveTo', { section: other.name })}
                  </DropdownMenuItem>
                ))}
                <DropdownMenuItem onSelect={() => onHide(field.id)}>
                  <EyeOff />
                  {t('hide', { field: field.name })}
                </DropdownMenuItem>
              </DropdownMenuContent>
            </DropdownMenu>
          </div>
        )}
      </Sortable>
    </div>
  );
}

const always = 'always';

/** While a choice has a value, or any field is filled in. More than one condition stands as it is. */
function ConditionEditor({
  kind,
  section: { showIf },
  onChange,
}: {
  kind: CatalogueObject;
  section: Named;
  onChange: (showIf: LayoutSection['showIf']) => void;
}) {
  const t = useTranslations('conversation.layouts');
  const labels = useLabels();
  const condition = showIf && 'field' in showIf ? (showIf as Condition) : null;
  const field = condition ? kind.fields[condition.field] : undefined;
  const values = field?.own?.settings.choices?.map(({ value }) => value) ?? field?.choices ?? [];
  const chosen = condition?.op === 'is' ? String(condition.value) : 'filled';
  const choose = (name: string) => onChange(name === always ? null : { field: name, op: 'isNotEmpty' });
  return (
    <>
      <Select value={condition?.field ?? always} onValueChange={choose}>
        <SelectTrigger size="sm" aria-label={t('conditionField')} className="w-44">
          <SelectValue placeholder={t('condition')} />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={always}>{t('always')}</SelectItem>
          {Object.entries(kind.fields).flatMap(([name, { opaque }]) =>
            opaque
              ? []
              : [
                  <SelectItem key={name} value={name}>
                    {labels.field(kind.name, name)}
                  </SelectItem>,
                ],
          )}
        </SelectContent>
      </Select>
      {condition && (
        <Select
          value={chosen}
          onValueChange={(value) =>
            onChange(
              value === 'filled'
                ? { field: condition.field, op: 'isNotEmpty' }
                : { field: condition.field, op: 'is', value },
            )
          }
        >
          <SelectTrigger size="sm" aria-label={t('conditionValue')} className="w-40">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            <SelectItem value="filled">{t('isNotEmpty')}</SelectItem>
            {values.map((value) => (
              <SelectItem key={value} value={value}>
                {`${t('is')} ${labels.choice(kind.name, condition.field, value)}`}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )}
    </>
  );
}
