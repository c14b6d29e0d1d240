'use client';

import { Languages } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import type { Labels } from '@/domain/custom-fields';

const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** The person's language first, then the other. */
export function useLanguages(): [Language, Language] {
  return useBoot().user.locale === 'zh' ? ['zh', 'en'] : ['en', 'zh'];
}

/** A text in the person's language, and in the other one when they ask for it. */
export function LabelsInput({
  label,
  help,
  error,
  value,
  onChange,
  required,
  autoFocus,
  long,
  max = 80,
}: {
  label: string;
  help?: string;
  error?: string;
  value: Labels;
  onChange: (value: Labels) => void;
  required?: boolean;
  autoFocus?: boolean;
  long?: boolean;
  max?: number;
}) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const [first, second] = useLanguages();
  const [both, setBoth] = useState(value[second] !== undefined);
  const Control = long ? Textarea : Input;
  const control = (language: Language, focus?: boolean) => (
    <Control
      lang={language}
      autoFocus={focus}
      maxLength={max}
      rows={long ? 2 : undefined}
      value={value[language] ?? ''}
      onChange={(event: { target: { value: string } }) =>
        onChange({ ...value, [language]: event.target.value || undefined })
      }
    />
  );
  return (
    <div className="grid gap-2">
      <Field
        label={both ? t('inLanguage', { label, language: c(`languages.${first}`) }) : label}
        required={required}
        help={help}
        error={error}
        aside={
          !both && (
            <Button variant="quiet" size="sm" className="-my-1 h-6 text-xs" onClick={() => setBoth(true)}>
              <Languages />
              {t('addLanguage', { language: c(`languages.${second}`) })}
            </Button>
          )
        }
      >
        {control(first, autoFocus)}
      </Field>
      {both && <Field label={t('inLanguage', { label, language: c(`languages.${second}`) })}>{control(second)}</Field>}
    </div>
  );
}
