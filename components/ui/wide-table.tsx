import type { ReactNode } from 'react';
import { cn } from './cn';

/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
export function WideTable({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and a section would be one more landmark
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      // Words for screen readers only are placed absolutely: without `relative` they would widen the page.
      className="scroll-quiet focus-inset relative overflow-x-auto rounded-lg border bg-card"
    >
      <table className={cn('w-full border-collapse text-sm', className)}>{children}</table>
    </div>
  );
}
