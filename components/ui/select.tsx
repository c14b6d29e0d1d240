'use client';

import * as Primitive from '@radix-ui/react-select';
import { Check, ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useFieldControl } from './field';
import { controlClasses } from './input';
import { itemClasses, menuLabelClasses, menuSeparatorClasses, panelClasses } from './menu-classes';
import { pageNonce } from './nonce';

export const Select = Primitive.Root;
export const SelectGroup = Primitive.Group;
export const SelectValue = Primitive.Value;

export function SelectTrigger({
  className,
  size = 'default',
  children,
  ...props
}: ComponentProps<typeof Primitive.Trigger> & { size?: 'default' | 'sm' }) {
  return (
    <Primitive.Trigger
      {...useFieldControl()}
      className={cn(
        controlClasses,
        'flex items-center justify-between gap-2 text-left data-[placeholder]:text-muted-foreground [&>span]:truncate',
        size === 'sm' ? 'h-7 pointer-coarse:h-9' : 'h-8 pointer-coarse:h-10',
        className,
      )}
      {...props}
    >
      {children}
      <Primitive.Icon asChild>
        <ChevronDown className="size-4 shrink-0 text-muted-foreground" />
      </Primitive.Icon>
    </Primitive.Trigger>
  );
}

export function SelectContent({ className, children, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        position="popper"
        sideOffset={4}
        className={cn(
          panelClasses,
          'max-h-[min(360px,var(--radix-select-content-available-height))] min-w-[var(--radix-select-trigger-width)]',
          className,
        )}
        {...props}
      >
        <Primitive.Viewport nonce={pageNonce()}>{children}</Primitive.Viewport>
      </Primitive.Content>
    </Primitive.Portal>
  );
}

export function SelectItem({ className, children, ...props }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item className={cn(itemClasses, 'pr-8', className)} {...props}>
      <Primitive.ItemText>{children}</Primitive.ItemText>
      <Primitive.ItemIndicator className="absolute right-2">
        <Check />
      </Primitive.ItemIndicator>
    </Primitive.Item>
  );
}

export function SelectLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn(menuLabelClasses, className)} {...props} />;
}

export function SelectSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn(menuSeparatorClasses, className)} {...props} />;
}
