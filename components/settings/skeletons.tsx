import { Skeleton } from '@/components/ui/skeleton';
import { rowsClasses } from './section';

/** The shape of a short list on its first visit. */
export function RowsSkeleton({ count = 2 }: { count?: number }) {
  return (
    <div aria-busy className={rowsClasses}>
      {Array.from({ length: count }, (_, i) => i).map((i) => (
        <div key={i} className="grid gap-2 px-4 py-3">
          <Skeleton className="h-4 w-48" />
          <Skeleton className="h-4 w-72 max-w-full" />
        </div>
      ))}
    </div>
  );
}
