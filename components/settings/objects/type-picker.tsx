'use client';

import { useTranslations } from 'use-intl';
import type { OwnFieldType } from '@/domain/custom-fields';
import { typeGroups, typeIcons } from './field-types';

/** Every type of field with its sign and what it is for. */
export function TypePicker({ onPick }: { onPick: (type: OwnFieldType) => void }) {
  const t = useTranslations('fieldsSettings');
  return (
    <div className="grid gap-4">
      {typeGroups.map(({ name, types }) => (
        <section key={name} aria-labelledby={`types-${name}`}>
          <h3 id={`types-${name}`} className="pb-1 font-medium text-muted-foreground text-xs">
            {t(`groups.${name}`)}
          </h3>
          <ul className="grid gap-1 sm:grid-cols-2">
            {types.map((type) => {
              const Icon = typeIcons[type];
              return (
                <li key={type}>
                  <button
                    type="button"
                    onClick={() => onPick(type)}
                    className="flex h-full w-full items-start gap-2.5 rounded-md border border-transparent p-2 text-left hover:border-input hover:bg-accent"
                  >
                    <span className="grid size-7 shrink-0 place-items-center rounded-md bg-muted text-muted-foreground">
                      <Icon aria-hidden className="size-4" />
                    </span>
                    <span className="min-w-0">
                      <span className="block font-medium text-sm">{t(`types.${type}.name`)}</span>
                      <span className="block text-muted-foreground text-xs">{t(`types.${type}.help`)}</span>
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}
