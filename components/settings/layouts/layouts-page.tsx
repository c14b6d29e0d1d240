'use client';

import { useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { sectionsOf } from '@/components/records/record-sections';
import { useSectionLabel } from '@/components/records/use-sections';
import { useBoot, useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import type { CatalogueObject } from '@/domain/catalogue';
import type { ObjectName } from '@/domain/fields';
import { type LayoutConfig, type LayoutRole, layoutFor, layoutRoles, type StoredLayout } from '@/domain/layouts';
import { Section } from '../section';
import { Sortable } from '../sortable';
import { SectionEditor } from './section-editor';

/** The page of an object's records as the product has it, for an admin to begin from. */
export function standardLayout(kind: CatalogueObject): LayoutConfig {
  return {
    hidden: [],
    sections: sectionsOf(kind).map(({ name, fields }) => ({ id: name, label: null, fields, showIf: null })),
  };
}

/** Admins arrange what stands where on a record's page, for everyone or for a role. */
export function LayoutsPage() {
  const t = useTranslations('conversation.layouts');
  const labels = useLabels();
  const catalogue = useCatalogue();
  const { layouts } = useBoot();
  const kinds = [...catalogue.values()].filter(({ name }) => name !== 'note');
  const [object, setObject] = useState(kinds[0]?.name ?? 'company');
  const [role, setRole] = useState<LayoutRole>('all');
  const kind = catalogue.get(object) ?? kinds[0];
  if (!kind) return null;
  const own = layouts.some((each) => each.object === kind.name && each.role === role);
  const all = layouts.some((each) => each.object === kind.name && each.role === 'all');
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
        key={`${kind.name} ${role} ${JSON.stringify(layouts)}`}
        kind={kind}
        role={role}
        own={own}
        layouts={layouts}
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
  layouts,
}: {
  kind: CatalogueObject;
  role: LayoutRole;
  own: boolean;
  layouts: readonly StoredLayout[];
}) {
  const t = useTranslations('conversation.layouts');
  const trpc = useTRPC();
  const labels = useLabels();
  const undoToast = useUndoToast();
  const sectionLabel = useSectionLabel();
  const { locale } = useBoot().user;
  const stored = role === 'all' ? layouts.filter((each) => each.role === 'all') : layouts;
  const begin = layoutFor(kind, role === 'all' ? 'owner' : role, stored) ?? standardLayout(kind);
  const [config, setConfig] = useState(begin);
  const set = useMutation(
    trpc.layouts.set.mutationOptions({
      meta: { refresh: ['tenant'] },
      onSuccess: ({ changeSetId }) => undoToast(changeSetId, t('saved')),
    }),
  );
  const save = (next: LayoutConfig) => set.mutate({ object: kind.name, role, config: next });
  const change = (id: string, part: Partial<LayoutConfig['sections'][number]>) =>
    setConfig({
      ...config,
      sections: config.sections.map((section) => (section.id === id ? { ...section, ...part } : section)),
    });
  const without = (field: string): LayoutConfig => ({
    hidden: config.hidden.filter((name) => name !== field),
    sections: config.sections.map((section) => ({
      ...section,
      fields: section.fields.filter((name) => name !== field),
    })),
  });
  const moveTo = (field: string, id: string) => {
    const rest = without(field);
    setConfig({
      ...rest,
      sections: rest.sections.map((section) =>
        section.id === id ? { ...section, fields: [...section.fields, field] } : section,
      ),
    });
  };
  const hide = (field: string) => {
    const rest = without(field);
    setConfig({ ...rest, hidden: [...rest.hidden, field] });
  };
  const addSection = () =>
    setConfig({
      ...config,
      sections: [
        ...config.sections,
        { id: `s-${crypto.randomUUID().slice(0, 8)}`, label: { [locale]: t('newSection') }, fields: [], showIf: null },
      ],
    });
  const removeSection = (id: string) => {
    const gone = config.sections.find((section) => section.id === id);
    const [first, ...others] = config.sections.filter((section) => section.id !== id);
    if (!gone || !first) return;
    // Its fields are not lost with it.
    setConfig({ ...config, sections: [{ ...first, fields: [...first.fields, ...gone.fields] }, ...others] });
  };
  const named = config.sections.map((section) => ({ ...section, name: sectionLabel(section, kind) }));
  const dirty = JSON.stringify(config) !== JSON.stringify(begin);
  return (
    <div className="grid gap-4">
      <Sortable
        label={t('title')}
        items={named}
        onOrder={(ids) =>
          setConfig({
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
            others={named.filter(({ id }) => id !== section.id)}
            onChange={(part) => change(section.id, part)}
            onMove={moveTo}
            onHide={hide}
            onRemove={named.length > 1 ? () => removeSection(section.id) : undefined}
          />
        )}
      </Sortable>
      <Button variant="secondary" size="sm" className="w-fit" onClick={addSection}>
        <Plus />
        {t('addSection')}
      </Button>
      {config.hidden.length > 0 && (
        <div className="grid gap-2">
          <h3 className="font-medium text-sm">{t('hidden')}</h3>
          <p className="text-muted-foreground text-sm">{t('hiddenHelp')}</p>
          <div className="flex flex-wrap gap-1.5">
            {config.hidden.map((field) => (
              <Button
                key={field}
                variant="secondary"
                size="sm"
                aria-label={t('show', { field: labels.field(kind.name, field) })}
                onClick={() => moveTo(field, config.sections.at(-1)?.id ?? '')}
              >
                <Plus />
                {labels.field(kind.name, field)}
              </Button>
            ))}
          </div>
        </div>
      )}
      <div className="flex gap-2">
        <Button disabled={!dirty || set.isPending} onClick={() => save(config)}>
          {t('save')}
        </Button>
        {own && (
          <Button variant="quiet" disabled={set.isPending} onClick={() => save({ sections: [], hidden: [] })}>
            {t('reset')}
          </Button>
        )}
      </div>
    </div>
  );
}
