import { type ReactNode, useId } from 'react';
import { cn } from '@/components/ui/cn';

/** A titled part of a settings page; `aside` holds its button. */
export function Section({
  title,
  description,
  aside,
  className,
  children,
}: {
  title: string;
  description?: ReactNode;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn('grid min-w-0 gap-4', className)}>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          {description && <p className="mt-0.5 max-w-prose text-muted-foreground text-sm">{description}</p>}
        </div>
        {aside && <div className="flex shrink-0 gap-2">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** Rows with hairlines between them. */
export const rowsClasses = 'divide-y rounded-lg border bg-card';
