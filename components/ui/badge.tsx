import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import type { Tone } from './tone';

export const badgeVariants = cva(
  'inline-flex h-5 w-fit min-w-0 shrink-0 items-center gap-1 whitespace-nowrap rounded-xs px-1.5 font-medium text-xs [&_svg]:size-3 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        default: 'bg-muted text-foreground',
        secondary: 'bg-muted text-muted-foreground',
        outline: 'border text-muted-foreground',
        primary: 'bg-primary-soft text-link',
        success: 'bg-success-soft text-success',
        warning: 'bg-warning-soft text-warning',
        destructive: 'bg-destructive-soft text-destructive',
        tone: 'bg-tone-soft text-tone-text',
      },
    },
    defaultVariants: { variant: 'default' },
  },
);

/** A small label. `tone` colours it by name, `dot` puts a point of the same colour in front. */
export function Badge({
  className,
  variant,
  tone,
  dot,
  children,
  ...props
}: ComponentProps<'span'> & VariantProps<typeof badgeVariants> & { tone?: Tone; dot?: boolean }) {
  return (
    <span
      data-tone={tone}
      className={cn(badgeVariants({ variant: variant ?? (tone && 'tone') }), className)}
      {...props}
    >
      {dot && <Dot />}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** A point in the colour of the nearest `data-tone`, or its own. */
export function Dot({ tone, className, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return (
    <span
      aria-hidden
      data-tone={tone}
      className={cn('inline-block size-2 shrink-0 rounded-full bg-tone', className)}
      {...props}
    />
  );
}
