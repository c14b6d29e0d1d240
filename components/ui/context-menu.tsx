'use client';

import * as Primitive from '@radix-ui/react-context-menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { Kbd } from './kbd';
import {
  destructiveItemClasses,
  itemClasses,
  menuLabelClasses,
  menuSeparatorClasses,
  panelClasses,
} from './menu-classes';

export const ContextMenu = Primitive.Root;
export const ContextMenuTrigger = Primitive.Trigger;
export const ContextMenuGroup = Primitive.Group;
export const ContextMenuSub = Primitive.Sub;
export const ContextMenuRadioGroup = Primitive.RadioGroup;

export function ContextMenuContent({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        collisionPadding={8}
        className={cn(
          panelClasses,
          'scroll-quiet max-h-(--radix-context-menu-content-available-height) min-w-48 overflow-y-auto',
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}

/** `keys` shows the shortcut at the right; `variant="destructive"` for what takes away. */
export function ContextMenuItem({
  className,
  variant = 'default',
  keys,
  children,
  ...props
}: ComponentProps<typeof Primitive.Item> & { variant?: 'default' | 'destructive'; keys?: string }) {
  return (
    <Primitive.Item
      className={cn(itemClasses, variant === 'destructive' && destructiveItemClasses, className)}
      {...props}
    >
      {keys ? (
        <>
          {children}
          <Kbd aria-hidden keys={keys} className="ml-auto pl-4" />
        </>
      ) : (
        children
      )}
    </Primitive.Item>
  );
}

export function ContextMenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cn(itemClasses, 'pr-8', className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  );
}

export function ContextMenuRadioItem({ className, children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(itemClasses, 'pr-8', className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  );
}

export function ContextMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn(menuLabelClasses, className)} {...props} />;
}

export function ContextMenuSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn(menuSeparatorClasses, className)} {...props} />;
}

export function ContextMenuSubTrigger({ className, children, ...props }: ComponentProps<typeof Primitive.SubTrigger>) {
  return (
    <Primitive.SubTrigger className={cn(itemClasses, 'data-[state=open]:bg-accent', className)} {...props}>
      {children}
      <ChevronRight className="ml-auto" />
    </Primitive.SubTrigger>
  );
}

export function ContextMenuSubContent({ className, ...props }: ComponentProps<typeof Primitive.SubContent>) {
  return (
    <Primitive.Portal>
      <Primitive.SubContent
        collisionPadding={8}
        className={cn(panelClasses, 'scroll-quiet max-h-80 min-w-44 overflow-y-auto', className)}
        {...props}
      />
    </Primitive.Portal>
  );
}
