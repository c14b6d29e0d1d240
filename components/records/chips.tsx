'use client';

import { Building2, CalendarClock, CircleCheck, Handshake, Package, StickyNote, User } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ObjectSign } from '@/components/objects/object-icon';
import { useBoot } from '@/components/shell/boot';
import { Link } from '@/components/shell/router';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { isOwnObject } from '@/domain/custom-fields';
import type { RecordObject } from '@/domain/objects';
import type { StageView } from '@/domain/pipelines';
import { recordPath } from './record-data';
import { type ObjectKey, useIsObject } from './use-object';

const icons: Record<RecordObject, typeof User> = {
  company: Building2,
  contact: User,
  deal: Handshake,
  product: Package,
  task: CircleCheck,
  activity: CalendarClock,
  note: StickyNote,
};

/** The sign of an object beside its name. */
export function ObjectIcon({ object, className }: { object: ObjectKey; className?: string }) {
  if (isOwnObject(object)) return <ObjectSign object={object} className={className} />;
  const Icon = icons[object];
  return <Icon aria-hidden className={cn('size-4 shrink-0', className)} />;
}

/** A record's picture: initials of a person, monogram of a company, the sign of the others. */
export function RecordAvatar({
  object,
  id,
  title,
  size = 'sm',
}: {
  object: ObjectKey;
  id: string;
  title: string;
  size?: 'sm' | 'md' | 'lg';
}) {
  if (object === 'contact') return <Avatar name={title || '?'} seed={id} size={size} />;
  if (object === 'company') return <Avatar name={title || '?'} seed={id} size={size} square />;
  return <ObjectIcon object={object} className="text-muted-foreground" />;
}

export function MemberChip({ id, name, className }: { id: string; name: string | null; className?: string }) {
  const c = useTranslations('common');
  const shown = name ?? c('unknownPerson');
  return (
    <span className={cn('inline-flex min-w-0 max-w-full items-center gap-1.5 align-middle', className)}>
      <Avatar name={shown} seed={id} size="sm" />
      <span className="truncate">{shown}</span>
    </span>
  );
}

/** A record by its name, leading to its page. What a person may not see has no name and leads nowhere. */
export function RefLink({
  object,
  id,
  title,
  className,
  children,
}: {
  object: ObjectKey;
  id: string;
  title: string | null;
  className?: string;
  children?: ReactNode;
}) {
  const t = useTranslations('records');
  if (title === null) return <span className="truncate text-muted-foreground">{t('hidden')}</span>;
  return (
    <Link
      to={recordPath(object, id)}
      className={cn('min-w-0 truncate rounded-xs hover:text-link hover:underline', className)}
    >
      {children ?? (title || t('untitled'))}
    </Link>
  );
}

/** The stages of all pipelines. */
export function useStages(): StageView[] {
  return useBoot().pipelines.flatMap((pipeline) => pipeline.stages);
}

export function StageBadge({ id, name }: { id: string; name?: string | null }) {
  const stage = useStages().find((each) => each.id === id);
  const shown = stage?.name ?? name;
  return shown ? (
    <Badge tone={stage?.colour ?? 'slate'} dot>
      {shown}
    </Badge>
  ) : null;
}

/** A record, member or team that a field points to, as text or link. */
export function Reference({ to, id, title, link }: { to: string; id: string; title: string | null; link: boolean }) {
  const t = useTranslations('records');
  const isObject = useIsObject();
  if (to === 'stage') return <StageBadge id={id} name={title} />;
  if (to === 'member') return <MemberChip id={id} name={title} />;
  if (!isObject(to)) return <span className="truncate">{title ?? t('hidden')}</span>;
  if (!link) return <span className="truncate">{title ?? t('hidden')}</span>;
  return <RefLink object={to} id={id} title={title} />;
}
