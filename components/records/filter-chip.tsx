'use client';

import { Check, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCatalogue } from '@/components/shell/boot';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { type Condition, type Operator, operatorsOf } from '@/domain/filters';
import { usePathLabel } from './filter-add';
import { filterField, isComplete, needsValue, withOperator } from './filter-tree';
import { FilterValue } from './filter-value';
import { FilterValueText } from './filter-value-text';
import type { ObjectKey } from './use-object';

const part = 'focus-inset h-full px-1.5 hover:bg-accent first:rounded-l-md';

/** One condition: field, operator and value, each changed where it stands. */
export function FilterChip({
  object,
  condition,
  onChange,
  startOpen,
}: {
  object: ObjectKey;
  condition: Condition;
  /** Null takes the condition away. */
  onChange: (next: Condition | null) => void;
  startOpen: boolean;
}) {
  const t = useTranslations('records.filter');
  const label = usePathLabel(object);
  const found = filterField(useCatalogue(), object, condition.field);
  const [open, setOpen] = useState(startOpen && needsValue(condition.op) && !isComplete(condition));
  const name = label(condition.field);
  // A link may name a field this screen cannot edit: it is said all the same, and can be taken away.
  if (!found) return <Chip name={name} onRemove={() => onChange(null)} />;
  const operators = operatorsOf[found.field.type];
  const change = (next: boolean) => {
    setOpen(next);
    // A condition left without a value says nothing and goes.
    if (!next && !isComplete(condition)) onChange(null);
  };
  return (
    <Chip name={name} onRemove={() => onChange(null)}>
      <DropdownMenu>
        <DropdownMenuTrigger className={cn(part, 'flex min-w-0 items-center gap-1')}>
          <span className="truncate font-medium">{name}</span>
          <span className="shrink-0 text-muted-foreground">{operatorText(t, found.field.type, condition.op)}</span>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          {operators.map((op) => (
            <DropdownMenuItem
              key={op}
              onSelect={() => {
                const next = withOperator(condition, op);
                onChange(next);
                if (!isComplete(next)) setTimeout(() => setOpen(true));
              }}
            >
              <span className="flex-1">{operatorText(t, found.field.type, op)}</span>
              {op === condition.op && <Check />}
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
      {needsValue(condition.op) && (
        <Popover open={open} onOpenChange={change}>
          <PopoverTrigger className={cn(part, 'min-w-8 max-w-72 truncate border-l text-link')}>
            <FilterValueText found={found} condition={condition} />
          </PopoverTrigger>
          <PopoverContent className="w-72 p-0" aria-label={name}>
            <FilterValue found={found} condition={condition} onChange={onChange} onDone={() => setOpen(false)} />
          </PopoverContent>
        </Popover>
      )}
    </Chip>
  );
}

/** Operators are said differently of days, numbers and texts. */
function operatorText(t: ReturnType<typeof useTranslations<'records.filter'>>, type: string, op: Operator): string {
  const isDay = type === 'date' || type === 'datetime';
  return isDay && op === 'is' ? t('op.on') : t(`op.${op}`);
}

function Chip({ name, onRemove, children }: { name: string; onRemove: () => void; children?: ReactNode }) {
  const t = useTranslations('records.filter');
  return (
    <div className="inline-flex h-7 max-w-full items-center rounded-md border bg-background text-sm pointer-coarse:h-9">
      {children ?? <span className="truncate px-1.5 font-medium">{name}</span>}
      <Button
        variant="quiet"
        size="icon-xs"
        aria-label={t('remove', { field: name })}
        className="h-full rounded-l-none"
        onClick={onRemove}
      >
        <X />
      </Button>
    </div>
  );
}
