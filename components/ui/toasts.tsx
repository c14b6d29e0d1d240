'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { Toaster as Primitive, type ToasterProps } from 'sonner';

export function Toasts(props: ToasterProps) {
  return (
    <Primitive
      position="bottom-right"
      gap={8}
      offset={16}
      mobileOffset={{ bottom: 68, left: 12, right: 12 }}
      icons={{
        success: <CircleCheck className="size-4 text-success" />,
        error: <CircleAlert className="size-4 text-destructive" />,
        warning: <TriangleAlert className="size-4 text-warning" />,
        info: <Info className="size-4 text-muted-foreground" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-2.5 rounded-lg bg-popover px-3.5 py-2.5 text-sm text-popover-foreground shadow-pop sm:w-[356px]',
          content: 'min-w-0 flex-1',
          title: 'font-medium',
          description: 'text-muted-foreground',
          icon: 'mt-0.5 grid size-4 shrink-0 place-items-center',
          actionButton:
            'shrink-0 self-center rounded-xs px-2 py-1 font-medium text-link hover:bg-accent focus-visible:outline-2 focus-visible:outline-ring',
          closeButton: 'hidden',
        },
      }}
      {...props}
    />
  );
}
