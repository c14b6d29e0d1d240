'use client';

import { useCatalogue } from '@/components/shell/boot';
import { cn } from '@/components/ui/cn';
import type { OwnObject } from '@/domain/fields';
import { iconOf } from './icon-of';

/** The icon and colour of an object the tenant made. */
export function ObjectSign({ object, className }: { object: OwnObject; className?: string }) {
  const definition = useCatalogue().get(object)?.definition;
  return <ToneIcon icon={definition?.icon ?? ''} tone={definition?.tone ?? 'slate'} className={className} />;
}

/** An icon by its stored name in a colour by its stored name. */
export function ToneIcon({ icon, tone, className }: { icon: string; tone: string; className?: string }) {
  const Icon = iconOf(icon);
  // After the class names: the colour is the object's wherever it stands.
  return <Icon aria-hidden data-tone={tone} className={cn('size-4 shrink-0', className, 'text-tone')} />;
}
