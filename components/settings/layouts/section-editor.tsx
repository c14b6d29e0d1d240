'use client';

import { EyeOff, List, MoreHorizontal, Trash2 } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Input } from '@/components/ui/input';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Filter } from '@/domain/filters';
import type { LayoutConfig, LayoutSection } from '@/domain/layouts';
import { ConditionEditor } from '../objects/condition-editor';
import { useLanguages } from '../objects/labels-input';
import { Sortable } from '../sortable';
import { aside, itemsIn, listOf } from './draft';

/** What every place of a page needs, so that fields and lists can be moved from one to another. */
interface Arranging {
  layout: LayoutConfig;
  /** What a field or list is called. */
  nameOf: (item: string) => string;
  places: readonly { id: string; name: string }[];
  /** Told the items of a place in their new order. */
  onItems: (place: string, items: string[]) => void;
  onMove: (item: string, place: string, at?: number) => void;
  onHide: (item: string) => void;
}

/** One section: its name, its fields and lists in order, and while what it is shown. */
export function SectionEditor({
  kind,
  section,
  handle,
  arranging,
  onChange,
  onRemove,
}: {
  kind: CatalogueObject;
  section: LayoutSection & { name: string };
  handle: ReactNode;
  arranging: Arranging;
  onChange: (part: Partial<LayoutSection>) => void;
  /** Missing for the last one: a page without sections is the product's own. */
  onRemove?: () => void;
}) {
  const t = useTranslations('conversation.layouts');
  const [language] = useLanguages();
  return (
    <div className="rounded-lg border bg-card">
      <div className="flex flex-wrap items-center gap-2 border-b px-2 py-1.5">
        {handle}
        <Input
          aria-label={t('sectionName')}
          maxLength={80}
          placeholder={section.name}
          value={section.label?.[language] ?? section.name}
          onChange={(event) => onChange({ label: { ...section.label, [language]: event.target.value } })}
          className="h-7 w-48 font-medium"
        />
        <ConditionEditor
          // The kinds of the catalogue are those of ObjectKey.
          object={kind.name as ObjectKey}
          label={t('condition')}
          direct
          compact
          value={(section.showIf as Filter | null) ?? undefined}
          onChange={(showIf) => onChange({ showIf: showIf ?? null })}
        />
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
      <Items place={section.id} name={section.name} arranging={arranging} className="sm:grid-cols-2" />
    </div>
  );
}

/** The lists that stand beside the record. */
export function RelatedEditor({ arranging }: { arranging: Arranging }) {
  const t = useTranslations('conversation.layouts');
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-lg border bg-card">
      <div className="border-b px-3 py-2">
        <h3 id={id} className="font-medium text-sm">
          {t('related')}
        </h3>
        <p className="text-muted-foreground text-sm">{t('relatedHelp')}</p>
      </div>
      <Items place={aside} name={t('related')} arranging={arranging} />
    </section>
  );
}

function Items({
  place,
  name,
  arranging: { layout, nameOf, places, onItems, onMove, onHide },
  className,
}: {
  place: string;
  name: string;
  arranging: Arranging;
  className?: string;
}) {
  const t = useTranslations('conversation.layouts');
  const fits = (item: string, to: string) => to !== aside || listOf(item) !== undefined;
  return (
    <Sortable
      label={name}
      items={itemsIn(layout, place).map((id) => ({ id, name: nameOf(id) }))}
      onOrder={(items) => onItems(place, items)}
      group="layout"
      takes={(item) => fits(item, place)}
      onTake={(item, at) => onMove(item, place, at)}
      className={`grid min-h-9 rounded-b-lg ${className ?? ''}`}
    >
      {(item, grip) => (
        <div className="group/row flex items-center gap-1 px-2 py-1 text-sm">
          {grip}
          {listOf(item.id) !== undefined && <List aria-hidden className="size-3.5 shrink-0 text-muted-foreground" />}
          <span className="min-w-0 flex-1 truncate" title={item.name}>
            {item.name}
          </span>
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <Button variant="quiet" size="icon-xs" aria-label={t('options', { field: item.name })}>
                <MoreHorizontal />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              {places.map(
                (other) =>
                  other.id !== place &&
                  fits(item.id, other.id) && (
                    <DropdownMenuItem key={other.id} onSelect={() => onMove(item.id, other.id)}>
                      {t('moveTo', { section: other.name })}
                    </DropdownMenuItem>
                  ),
              )}
              <DropdownMenuItem onSelect={() => onHide(item.id)}>
                <EyeOff />
                {t('hide', { field: item.name })}
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </div>
      )}
    </Sortable>
  );
}
