'use client';

import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { cn } from '@/components/ui/cn';
import { useFieldControl } from '@/components/ui/field';
import { controlClasses } from '@/components/ui/input';
import { addressOrder, asAddress, filledAddress } from '@/domain/address-text';
import type { Address } from '@/domain/custom-fields';

const wide: ReadonlySet<keyof Address> = new Set(['street', 'street2']);

/** The parts of an address, each with its own input, in the order of the person's language. */
export function AddressInput({
  value,
  onChange,
  autoFocus,
  disabled,
}: {
  value: unknown;
  onChange: (address: Address | null) => void;
  autoFocus?: boolean;
  disabled?: boolean;
}) {
  const t = useTranslations('records.address');
  const { locale } = useBoot().user;
  const { id, ...about } = useFieldControl();
  const address = asAddress(value);
  return (
    <div className="grid grid-cols-2 gap-2">
      {addressOrder(locale).map((part, i) => (
        <input
          key={part}
          {...about}
          id={i === 0 ? id : undefined}
          aria-label={t(part)}
          placeholder={t(part)}
          maxLength={500}
          // biome-ignore lint/a11y/noAutofocus: the person just asked to edit this
          autoFocus={autoFocus && i === 0}
          disabled={disabled}
          autoComplete="off"
          value={address[part] ?? ''}
          onChange={(event) => onChange(filledAddress({ ...address, [part]: event.target.value }))}
          className={cn(controlClasses, 'h-8 pointer-coarse:h-10', wide.has(part) && 'col-span-2')}
        />
      ))}
    </div>
  );
}
