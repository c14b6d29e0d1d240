import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';

/** Says what belongs here, why it helps, and offers the ways to begin as children. */
export function Empty({
  icon,
  title,
  heading: Heading = 'h2',
  description,
  className,
  children,
  ...props
}: Omit<ComponentProps<'div'>, 'title'> & {
  icon?: ReactNode;
  title: string;
  heading?: 'h1' | 'h2' | 'h3';
  description?: ReactNode;
}) {
  return (
    <div className={cn('mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center', className)} {...props}>
      {icon && (
        <div
          aria-hidden
          className="mb-4 grid size-10 place-items-center rounded-lg border bg-subtle text-muted-foreground [&_svg]:size-5"
        >
          {icon}
        </div>
      )}
      <Heading className="font-medium text-base">{title}</Heading>
      {description && <p className="mt-1 text-muted-foreground text-sm">{description}</p>}
      {children && <div className="mt-5 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
