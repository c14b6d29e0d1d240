/** What menus, selects and pickers share, so that they look like one thing. */
export const panelClasses =
  'z-50 origin-(--radix-popper-transform-origin) overflow-hidden rounded-lg bg-popover p-1 text-popover-foreground text-sm shadow-pop outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98] data-[state=open]:duration-100';

export const itemClasses =
  "relative flex h-8 cursor-default select-none items-center gap-2 rounded-md px-2 outline-none data-[disabled]:pointer-events-none data-[highlighted]:bg-accent data-[disabled]:opacity-50 pointer-coarse:h-10 [&_svg:not([class*='size-'])]:size-4 [&_svg:not([class*='text-'])]:text-muted-foreground [&_svg]:shrink-0";

export const destructiveItemClasses =
  "text-destructive data-[highlighted]:bg-destructive-soft [&_svg:not([class*='text-'])]:text-destructive";

export const menuLabelClasses = 'px-2 pt-2 pb-1 font-medium text-muted-foreground text-xs';
export const menuSeparatorClasses = '-mx-1 my-1 h-px bg-border';
