'use client';

import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useListLabel } from '@/components/records/pointing';
import { useSectionLabel } from '@/components/records/use-record-layout';
import { useBoot, useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import type { CatalogueObject } from '@/domain/catalogue';
import type { ObjectName } from '@/domain/fields';
import { type LayoutConfig, type LayoutRole, layoutRoles } from '@/domain/layouts';
import { relatedLists } from '@/domain/related-lists';
import { useLanguages } from '../objects/labels-input';
import { Section } from '../section';
import { Sortable } from '../sortable';
import {
  aside,
  beginLayout,
  emptyLayout,
  hiddenItems,
  hiding,
  listOf,
  moved,
  showing,
  storedLayout,
  withItems,
  withoutSection,
  withSection,
} from './draft';
import { RelatedEditor, SectionEditor } from './section-editor';

/** Admins arrange what stands where on a record's page, for everyone or for a role. */
export function LayoutsPage() {
  const t = useTranslations('conversation.layouts');
  const labels = useLabels();
  const catalogue = useCatalogue();
  const { layouts } = useBoot();
  const kinds = [...catalogue.values()].filter(({ name }) => name !== 'note');
  const [object, setObject] = useState(kinds[0]?.name ?? 'company');
  const [role, setRole] = useState<LayoutRole>('all');
  // Kept while one looks at another object or role.
  const [drafts, setDrafts] = useState<Record<string, LayoutConfig | null>>({});
  const kind = catalogue.get(object) ?? kinds[0];
  if (!kind) return null;
  const own = layouts.some((each) => each.object === kind.name && each.role === role);
  const all = layouts.some((each) => each.object === kind.name && each.role === 'all');
  const key = `${kind.name} ${role}`;
  return (
    <Section title={t('title')} description={t('description')}>
      <div className="flex flex-wrap items-center gap-2">
        <Choice
          label={t('object')}
          value={kind.name}
          onChange={setObject}
          options={kinds.map(({ name }) => [name, labels.object(name as ObjectName, 'Other')])}
        />
        <Choice
          label={t('role')}
          value={role}
          onChange={(value) => setRole(layoutRoles.find((each) => each === value) ?? 'all')}
          options={layoutRoles.map((each) => [each, each === 'all' ? t('all') : labels.role(each)])}
        />
        <p className="text-muted-foreground text-sm">
          {own ? (role === 'all' ? '' : t('own')) : role !== 'all' && all ? t('inherited') : t('standard')}
        </p>
      </div>
      <Editor
        key={key}
        kind={kind}
        role={role}
        own={own}
        draft={drafts[key] ?? null}
        onDraft={(draft) => setDrafts((known) => ({ ...known, [key]: draft }))}
      />
    </Section>
  );
}

function Choice({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: [value: string, label: string][];
}) {
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger aria-label={label} className="w-44 max-sm:w-[calc(50%-4px)]">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {options.map(([id, text]) => (
          <SelectItem key={id} value={id}>
            {text}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function Editor({
  kind,
  role,
  own,
  draft,
  onDraft,
}: {
  kind: CatalogueObject;
  role: LayoutRole;
  own: boolean;
  /** What was changed and not saved yet. */
  draft: LayoutConfig | null;
  onDraft: (draft: LayoutConfig | null) => void;
}) {
  const t = useTranslations('conversation.layouts');
  const trpc = useTRPC();
  const labels = useLabels();
  const undoToast = useUndoToast();
  const sectionLabel = useSectionLabel();
  const listLabel = useListLabel();
  const catalogue = useCatalogue();
  const { layouts } = useBoot();
  const [language] = useLanguages();
  const begin = beginLayout(kind, role, layouts, relatedLists(kind, catalogue));
  const config = draft ?? begin;
  const set = useMutation(
    trpc.layouts.set.mutationOptions({
      meta: { refresh: ['tenant'] },
      onSuccess: ({ changeSetId }) => {
        onDraft(null);
        undoToast(changeSetId, t('saved'));
      },
    }),
  );
  const save = (next: LayoutConfig) => set.mutate({ object: kind.name, role, config: next });
  const addSection = () => {
    const id = `s-${crypto.randomUUID().slice(0, 8)}`;
    const section = { id, label: { [language]: t('newSection') }, fields: [], lists: [], showIf: null };
    onDraft({ ...config, sections: [...config.sections, section] });
  };
  const named = config.sections.map((section) => ({ ...section, name: sectionLabel(section, kind) }));
  const nameOf = (item: string) => {
    const list = listOf(item);
    return list === undefined ? labels.field(kind.name, item) : t('list', { name: listLabel(kind.name, list) });
  };
  const arranging = {
    layout: config,
    nameOf,
    places: [...named.map(({ id, name }) => ({ id, name })), { id: aside, name: t('related') }],
    onItems: (place: string, items: string[]) => onDraft(withItems(config, place, items)),
    onMove: (item: string, place: string, at?: number) => onDraft(moved(config, item, place, at)),
    onHide: (item: string) => onDraft(hiding(config, item)),
  };
  const hidden = hiddenItems(config);
  const dirty = JSON.stringify(config) !== JSON.stringify(begin);
  return (
    <div className="grid gap-4">
      <Sortable
        label={t('title')}
        items={named}
        onOrder={(ids) =>
          onDraft({
            ...config,
            sections: ids.flatMap((id) => config.sections.find((section) => section.id === id) ?? []),
          })
        }
        className="grid gap-3"
      >
        {(section, handle) => (
          <SectionEditor
            kind={kind}
            section={section}
            handle={handle}
            arranging={arranging}
            onChange={(part) => onDraft(withSection(config, section.id, part))}
            onRemove={named.length > 1 ? () => onDraft(withoutSection(config, section.id)) : undefined}
          />
        )}
      </Sortable>
      <Button variant="secondary" size="sm" className="w-fit" onClick={addSection}>
        <Plus />
        {t('addSection')}
      </Button>
      <RelatedEditor arranging={arranging} />
      {hidden.length > 0 && (
        <div className="grid gap-2">
          <h3 className="font-medium text-sm">{t('hidden')}</h3>
          <p className="text-muted-foreground text-sm">{t('hiddenHelp')}</p>
          <div className="flex flex-wrap gap-1.5">
            {hidden.map((item) => (
              <Button
                key={item}
                variant="secondary"
                size="sm"
                aria-label={t('show', { field: nameOf(item) })}
                onClick={() => onDraft(showing(config, item))}
              >
                <Plus />
                {nameOf(item)}
              </Button>
            ))}
          </div>
        </div>
      )}
      <div className="sticky bottom-0 z-10 -mx-1 flex gap-2 border-t bg-background px-1 py-3">
        <Button disabled={!dirty || set.isPending} onClick={() => save(storedLayout(kind, config))}>
          {t('save')}
        </Button>
        {own && (
          <Button variant="quiet" disabled={set.isPending} onClick={() => save(emptyLayout)}>
            {t('reset')}
          </Button>
        )}
      </div>
    </div>
  );
}
