'use client';

import { type ComponentProps, createContext, type ReactNode, useContext, useId, useMemo } from 'react';
import { cn } from './cn';
import { Label } from './label';

interface FieldState {
  id: string;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
}

const FieldContext = createContext<FieldState | null>(null);

/** What a control inside a `Field` spreads so that label, help and error belong to it. */
export function useFieldControl() {
  const field = useContext(FieldContext);
  if (!field) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  };
}

export interface FieldProps extends Omit<ComponentProps<'div'>, 'children'> {
  label: ReactNode;
  /** Text under the control; an error takes its place. */
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Beside the label at the right: a link, a count. */
  aside?: ReactNode;
  /** Label for screen readers only. */
  hideLabel?: boolean;
  /** Label at the left of the control, from `sm` up. */
  inline?: boolean;
  /** The control, or for a plain element a function that is given its id and aria attributes. */
  children: ReactNode | ((control: ReturnType<typeof useFieldControl>) => ReactNode);
}

/** Label, control, help and error as one; the control finds its ids by itself. */
export function Field({
  label,
  help,
  error,
  required = false,
  aside,
  hideLabel,
  inline,
  className,
  children,
  ...props
}: FieldProps) {
  const id = useId();
  const note = error || help ? `${id}-note` : undefined;
  const state = useMemo(
    () => ({ id, describedBy: note, invalid: Boolean(error), required }),
    [id, note, error, required],
  );
  return (
    <FieldContext value={state}>
      <div
        data-slot="field"
        className={cn('grid gap-1.5', inline && 'sm:grid-cols-[160px_1fr] sm:gap-x-4', className)}
        {...props}
      >
        <div className={cn('flex items-baseline justify-between gap-2', hideLabel && 'sr-only', inline && 'sm:pt-1.5')}>
          <Label htmlFor={id}>
            {label}
            {required && (
              <span aria-hidden className="ml-0.5 text-destructive">
                *
              </span>
            )}
          </Label>
          {aside}
        </div>
        <div className="grid min-w-0 gap-1.5">
          {typeof children === 'function' ? <Bare>{children}</Bare> : children}
          {error ? (
            <p id={note} role="alert" className="text-destructive text-sm">
              {error}
            </p>
          ) : help ? (
            <p id={note} className="text-muted-foreground text-sm">
              {help}
            </p>
          ) : null}
        </div>
      </div>
    </FieldContext>
  );
}

function Bare({ children }: { children: (control: ReturnType<typeof useFieldControl>) => ReactNode }) {
  return children(useFieldControl());
}
