import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** The frame of one short form: title, a line, the form, a line below. */
export function FormCard({
  title,
  lead,
  footer,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  footer?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <main id="main" className="flex flex-1 flex-col items-center px-4 pt-6 pb-16 sm:pt-[min(10vh,96px)]">
      <div className="w-full max-w-[400px]">
        <h1 className="font-semibold text-lg">{title}</h1>
        {lead && <p className="mt-1 text-base text-muted-foreground">{lead}</p>}
        {children && <div className="mt-6">{children}</div>}
        {footer && <p className="mt-6 text-muted-foreground text-sm">{footer}</p>}
      </div>
    </main>
  );
}

export function TextLink({ className, children, href }: { className?: string; children: ReactNode; href: string }) {
  return (
    <a href={href} className={cn('rounded-xs font-medium text-link underline-offset-4 hover:underline', className)}>
      {children}
    </a>
  );
}
