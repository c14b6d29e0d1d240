import { Skeleton } from '@/components/ui/skeleton';

/** The shape of the product before anything is known; has no words, so it fits every language. */
export function FrameSkeleton() {
  return (
    <div aria-busy className="flex h-dvh overflow-hidden">
      <div className="flex w-56 shrink-0 flex-col border-sidebar-border border-r bg-sidebar max-md:hidden">
        <div className="flex h-(--bar) items-center gap-2 px-4">
          <Skeleton className="size-6" />
          <Skeleton className="h-4 w-28" />
        </div>
        <div className="grid gap-3 px-4 pt-2">
          <Skeleton className="h-8" />
          <Skeleton className="mt-2 h-4 w-24" />
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 w-28" />
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 w-24" />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="min-h-0 flex-1">
          <PageSkeleton />
        </div>
        <div className="h-14 shrink-0 border-t md:hidden" />
      </div>
    </div>
  );
}

/** The shape of a screen whose code is on its way. */
export function PageSkeleton() {
  return (
    <div aria-busy className="flex h-full flex-col">
      <div className="flex h-(--bar) shrink-0 items-center gap-3 border-b px-4">
        <Skeleton className="h-4 w-24" />
        <Skeleton className="ml-auto h-7 w-20" />
      </div>
      <div className="grid gap-4 p-4">
        <Skeleton className="h-4 w-2/5" />
        <Skeleton className="h-4 w-3/5" />
        <Skeleton className="h-4 w-1/2" />
      </div>
    </div>
  );
}
