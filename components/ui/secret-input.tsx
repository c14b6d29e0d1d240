'use client';

import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from './cn';
import { Input } from './input';

/** A password with an eye; managers and paste work as anywhere. */
export function SecretInput({ className, ...props }: Omit<ComponentProps<typeof Input>, 'type'>) {
  const t = useTranslations('common.secret');
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className={cn('relative h-8 pointer-coarse:h-10', className)}>
      <Input
        maxLength={128}
        {...props}
        type={shown ? 'text' : 'password'}
        className="h-full pr-9 pointer-coarse:h-full"
      />
      <button
        type="button"
        aria-label={t(shown ? 'hide' : 'show')}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
        className="absolute inset-y-0 right-0 grid w-9 place-items-center rounded-md text-muted-foreground hover:text-foreground"
      >
        <Icon className="size-4" />
      </button>
    </div>
  );
}
