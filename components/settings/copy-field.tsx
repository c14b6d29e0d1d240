'use client';

import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** A text to take along, with the button that copies it. */
export function CopyField({ label, value, help }: { label: string; value: string; help?: string }) {
  return (
    <Field label={label} help={help}>
      <CopyInput value={value} />
    </Field>
  );
}

function CopyInput({ value }: { value: string }) {
  const t = useTranslations('common');
  const input = useRef<HTMLInputElement>(null);
  const { copied, copy } = useCopied();
  return (
    <div className="flex gap-2">
      <Input ref={input} readOnly value={value} onFocus={(event) => event.target.select()} className="font-mono" />
      <Button
        variant="secondary"
        onClick={() => {
          // Without the clipboard (plain http) the text is at least selected for the keys.
          input.current?.select();
          copy(value);
        }}
      >
        {copied ? <Check className="text-success" /> : <Copy />}
        <span aria-live="polite">{t(copied ? 'copied' : 'copy')}</span>
      </Button>
    </div>
  );
}

/** Copies and says so for a moment. */
export function useCopied() {
  const [copied, setCopied] = useState(false);
  const copy = (text: string) => {
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 2000);
      },
      () => {},
    );
  };
  return { copied, copy };
}
