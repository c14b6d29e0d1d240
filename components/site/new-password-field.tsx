'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { SecretInput } from '@/components/ui/secret-input';
import { shortest } from './use-submit';

/** Choosing a password: says what is needed and how far one is, while typing. */
export function NewPasswordField({ label, error }: { label: string; error?: string }) {
  const t = useTranslations('site.password');
  const [password, setPassword] = useState('');
  const missing = shortest - [...password].length;
  const strength = strengthOf(password);
  const hint =
    password === '' ? t('rule', { min: shortest }) : missing > 0 ? t('left', { count: missing }) : t(strength.name);
  return (
    <Field
      label={label}
      required
      error={error}
      help={
        <>
          <span aria-hidden className="mb-1 grid grid-cols-3 gap-1">
            {[1, 2, 3].map((step) => (
              <span
                key={step}
                className={cn(
                  'h-1 rounded-full bg-muted transition-colors',
                  step <= strength.steps && ['', 'bg-destructive', 'bg-warning', 'bg-success'][strength.steps],
                )}
              />
            ))}
          </span>
          <span aria-live="polite">{hint}</span>
        </>
      }
    >
      <SecretInput
        className="h-10"
        name="password"
        autoComplete="new-password"
        minLength={shortest}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Field>
  );
}

/** Length and variety, which is what resists guessing; kinds of characters do not count. */
function strengthOf(password: string): { steps: number; name: 'weak' | 'fair' | 'strong' } {
  const length = [...password].length;
  const varied = new Set(password.toLowerCase()).size;
  if (length === 0) return { steps: 0, name: 'weak' };
  if (length < shortest || varied < 6) return { steps: 1, name: 'weak' };
  return length >= 16 && varied >= 9 ? { steps: 3, name: 'strong' } : { steps: 2, name: 'fair' };
}
