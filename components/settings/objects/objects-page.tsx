'use client';

import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ObjectIcon } from '@/components/records/chips';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot, useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Link, useRouter } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import type { CatalogueObject } from '@/domain/catalogue';
import { labelIn } from '@/domain/custom-fields';
import { rowsClasses, Section } from '../section';
import { ObjectDetail } from './object-detail';
import { ObjectDialog } from './object-dialog';

/** The kinds of records that may have fields of the tenant's. */
const extensible: ReadonlySet<string> = new Set(['company', 'contact', 'deal', 'product', 'task']);

/** What there are records of, and the fields they have: the list, or one of them. */
export function ObjectsPage() {
  const object = useRouter().match?.params.object;
  const kind = useCatalogue().get(object ?? '');
  return kind ? <ObjectDetail key={kind.name} kind={kind} /> : <ObjectsList />;
}

function ObjectsList() {
  const t = useTranslations('fieldsSettings');
  const catalogue = useCatalogue();
  const [adding, setAdding] = useState(false);
  const kinds = [...catalogue.values()];
  const standard = kinds.filter(({ name }) => extensible.has(name));
  const own = kinds.filter(({ definition }) => definition !== undefined);
  return (
    <>
      <Section
        title={t('ownObjects')}
        description={t('ownObjectsHelp')}
        aside={
          <Button onClick={() => setAdding(true)}>
            <Plus />
            {t('object.add')}
          </Button>
        }
      >
        {own.length > 0 ? (
          <Rows kinds={own} />
        ) : (
          <p className="rounded-lg border border-dashed px-4 py-6 text-center text-muted-foreground text-sm">
            {t('noObjects')}
          </p>
        )}
      </Section>
      <Section title={t('standardObjects')} description={t('standardObjectsHelp')}>
        <Rows kinds={standard} />
      </Section>
      {adding && <ObjectDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function Rows({ kinds }: { kinds: readonly CatalogueObject[] }) {
  const t = useTranslations('fieldsSettings');
  const labels = useLabels();
  const { locale } = useBoot().user;
  return (
    <ul className={rowsClasses}>
      {kinds.map((kind) => {
        // A kind in the catalogue has the name of one.
        const object = kind.name as ObjectKey;
        return (
          <li key={kind.name}>
            <Link
              to={`/settings/objects/${kind.name}`}
              className="flex min-h-11 items-center gap-3 px-4 py-2 hover:bg-accent"
            >
              <ObjectIcon object={object} className="text-muted-foreground" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium text-sm">{labels.object(object, 'Other')}</span>
                {kind.definition?.description && (
                  <span className="block truncate text-muted-foreground text-sm">
                    {labelIn(kind.definition.description, locale)}
                  </span>
                )}
              </span>
              <span className="tabular shrink-0 text-muted-foreground text-sm">
                {t('ownCount', { count: kind.own.length })}
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
