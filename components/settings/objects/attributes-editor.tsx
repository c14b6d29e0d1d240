'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { type LinkAttribute, labelIn, linkAttributeTypes } from '@/domain/custom-fields';
import { Sortable } from '../sortable';
import { freeValue } from './draft';
import { useLanguages } from './labels-input';

/** As many as a link can have. */
const most = 10;

/**
 * What each link of a relation says besides its two ends: named in both languages, ordered by dragging. The type of one
 * that links may have already stays as it is.
 */
export function AttributesEditor({
  attributes,
  kept,
  error,
  onChange,
}: {
  attributes: readonly LinkAttribute[];
  /** Keys that are stored already. */
  kept: ReadonlySet<string>;
  error?: string;
  onChange: (attributes: LinkAttribute[]) => void;
}) {
  const t = useTranslations('fieldsSettings.attributes');
  const c = useTranslations('common');
  const [first, second] = useLanguages();
  const items = attributes.map((attribute) => ({
    ...attribute,
    id: attribute.key,
    name: labelIn(attribute.label, first),
  }));
  const change = (key: string, next: Partial<LinkAttribute>) =>
    onChange(attributes.map((attribute) => (attribute.key === key ? { ...attribute, ...next } : attribute)));
  const add = () => {
    // Keys need no words of their own: nobody sees them but the API.
    const key = freeValue('detail', new Set(attributes.map((attribute) => attribute.key)));
    onChange([...attributes, { key, label: {}, type: 'text' }]);
  };
  return (
    <Field label={t('label')} help={t('help')} error={error}>
      <div className="grid gap-1">
        <Sortable
          items={items}
          label={t('label')}
          onOrder={(keys) => onChange(keys.flatMap((key) => attributes.find((each) => each.key === key) ?? []))}
          className="grid gap-1"
        >
          {(attribute, handle) => (
            <div className="grid grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-1 sm:grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_128px_auto]">
              {handle}
              {([first, second] as const).map((language, i) => (
                <Input
                  key={language}
                  aria-label={t('name', { language: c(`languages.${language}`) })}
                  value={attribute.label[language] ?? ''}
                  placeholder={i === 0 ? t('example') : c(`languages.${language}`)}
                  maxLength={80}
                  // A detail without a name was only just added.
                  autoFocus={i === 0 && attribute.name === ''}
                  onChange={(event) =>
                    change(attribute.key, {
                      label: { ...attribute.label, [language]: event.target.value || undefined },
                    })
                  }
                />
              ))}
              <div className="max-sm:order-last max-sm:col-span-2 max-sm:col-start-2">
                <Select
                  value={attribute.type}
                  disabled={kept.has(attribute.key)}
                  onValueChange={(type) =>
                    change(attribute.key, { type: linkAttributeTypes.find((each) => each === type) ?? 'text' })
                  }
                >
                  <SelectTrigger aria-label={t('type', { name: attribute.name })}>
                    <SelectValue />
                  </SelectTrigger>
                  <SelectContent>
                    {linkAttributeTypes.map((type) => (
                      <SelectItem key={type} value={type}>
                        {t(`types.${type}`)}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </div>
              <Button
                variant="quiet"
                size="icon-sm"
                aria-label={t('remove', { name: attribute.name })}
                onClick={() => onChange(attributes.filter((each) => each.key !== attribute.key))}
              >
                <X />
              </Button>
            </div>
          )}
        </Sortable>
        {attributes.length < most && (
          <Button variant="secondary" size="sm" className="w-fit" onClick={add}>
            <Plus />
            {t('add')}
          </Button>
        )}
      </div>
    </Field>
  );
}
