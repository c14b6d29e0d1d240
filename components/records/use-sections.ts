'use client';

import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import type { CatalogueObject } from '@/domain/catalogue';
import { labelIn } from '@/domain/custom-fields';
import { type LayoutSection, layoutFor, sectionsShown } from '@/domain/layouts';
import type { Role } from '@/domain/permissions';
import { sectionNames, sectionsOf } from './record-sections';

export interface ShownSection {
  name: string;
  label: string;
  fields: string[];
  /** Arranged by an admin: all its fields stand there, empty or not. */
  arranged: boolean;
}

/** The sections of a record's page, as an admin arranged them for this person's role, else as the product has them. */
export function useSections(kind: CatalogueObject, row: Readonly<Record<string, unknown>>): ShownSection[] {
  const { layouts, member } = useBoot();
  const label = useSectionLabel();
  const layout = layoutFor(kind, member.role as Role, layouts);
  if (!layout) {
    return sectionsOf(kind).map(({ name, fields }) => {
      return { name, fields, arranged: false, label: label({ id: name, label: null }, kind) };
    });
  }
  return sectionsShown(layout, row, { now: Date.now(), memberId: member.id }).map((section) => {
    return { name: section.id, fields: section.fields, arranged: true, label: label(section, kind) };
  });
}

/** What a section is called: as the admin wrote it, else by the product's own name. */
export function useSectionLabel() {
  const t = useTranslations('records.sections');
  const { locale } = useBoot().user;
  return ({ id, label }: Pick<LayoutSection, 'id' | 'label'>, kind: CatalogueObject): string => {
    if (label) return labelIn(label, locale);
    const known = sectionNames.find((name) => name === id);
    if (known === 'about' && kind.definition) return t('fields');
    return known ? t(known) : t('extra');
  };
}
