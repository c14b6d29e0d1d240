'use client';

import { useTranslations } from 'use-intl';
import { useBoot, useCatalogue } from '@/components/shell/boot';
import type { CatalogueObject } from '@/domain/catalogue';
import { labelIn } from '@/domain/custom-fields';
import { type LayoutSection, layoutFor, sectionsShown } from '@/domain/layouts';
import type { Role } from '@/domain/permissions';
import { readRelated, relatedLists } from '@/domain/related-lists';
import { sectionNames, sectionsOf } from './record-sections';

interface ShownSection {
  name: string;
  label: string;
  fields: string[];
  /** Related lists under its fields. */
  lists: string[];
  /** Arranged by an admin: all its fields stand there, empty or not. */
  arranged: boolean;
}

interface RecordLayout {
  sections: ShownSection[];
  /** Related lists beside the record. */
  related: string[];
  /** Those lists anywhere on the page whose records point here through fields of the tenant: one question asks for all. */
  through: string[];
}

/** How a record's page is laid out, as an admin arranged it for this person's role, else as the product has it. */
export function useRecordLayout(kind: CatalogueObject, row: Readonly<Record<string, unknown>>): RecordLayout {
  const { layouts, member } = useBoot();
  const catalogue = useCatalogue();
  const label = useSectionLabel();
  const lists = relatedLists(kind, catalogue);
  const layout = layoutFor(kind, member.role as Role, layouts, lists);
  const sections: ShownSection[] = layout?.sections.length
    ? sectionsShown(layout, row, { now: Date.now(), memberId: member.id }).map((section) => {
        return {
          name: section.id,
          fields: section.fields,
          lists: section.lists,
          arranged: true,
          label: label(section, kind),
        };
      })
    : sectionsOf(kind, layout?.hidden).map(({ name, fields }) => {
        return { name, fields, lists: [], arranged: false, label: label({ id: name, label: null }, kind) };
      });
  const related = layout?.related ?? lists;
  const shown = [...sections.flatMap((section) => section.lists), ...related];
  return { sections, related, through: shown.filter((name) => readRelated(name).by === 'pointing') };
}

/** What a section is called: as the admin wrote it, else by the product's own name. */
export function useSectionLabel() {
  const t = useTranslations('records.sections');
  const { locale } = useBoot().user;
  return ({ id, label }: Pick<LayoutSection, 'id' | 'label'>, kind: CatalogueObject): string => {
    const written = labelIn(label, locale).trim();
    if (written) return written;
    const known = sectionNames.find((name) => name === id);
    if (known === 'about' && kind.definition) return t('fields');
    return known ? t(known) : t('extra');
  };
}
