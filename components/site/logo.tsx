import { cn } from '@/components/ui/cn';

/** Two rings that share a middle: a relationship. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 24 24" className={cn('size-6', className)}>
      <circle cx="8.5" cy="12" r="6.5" fill="none" stroke="currentColor" strokeWidth="2.4" />
      <circle cx="15.5" cy="12" r="6.5" fill="none" stroke="currentColor" strokeWidth="2.4" opacity="0.55" />
      <path d="M12 6.5a6.5 6.5 0 0 1 0 11a6.5 6.5 0 0 1 0-11z" fill="currentColor" />
    </svg>
  );
}
