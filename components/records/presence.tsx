'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { presence } from '@/components/shell/live';
import { useTRPC } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Hint } from '@/components/ui/tooltip';
import type { ObjectKey } from './use-object';

const facesAtMost = 3;
const people = 5 * 60_000;

/** The faces of those who look at the same record or board now, and what they are editing; says that this tab is there. */
export function Presence({ object, id }: { object: ObjectKey | 'pipeline'; id: string }) {
  const t = useTranslations('records.page');
  const labels = useLabels();
  const trpc = useTRPC();
  const { tenant, member: me } = useBoot();
  useEffect(() => presence.enter(tenant.slug, object, id), [tenant.slug, object, id]);
  const present = useSyncExternalStore(presence.subscribe, () => presence.at(object, id));
  const others = useMemo(() => {
    // Somebody with two tabs is one person; the one that edits says more.
    const found = new Map<string, string | undefined>();
    for (const { member, field } of present) if (member !== me.id) found.set(member, field ?? found.get(member));
    return [...found];
  }, [present, me.id]);
  const { data } = useQuery(
    trpc.members.list.queryOptions(undefined, { enabled: others.length > 0, staleTime: people }),
  );
  const nameOf = (member: string) => data?.members.find((each) => each.id === member)?.name ?? '';
  const said = (member: string, field: string | undefined) =>
    field && object !== 'pipeline'
      ? t('alsoEditing', { name: nameOf(member), field: labels.field(object, field) })
      : t('alsoHere', { name: nameOf(member) });
  if (others.length === 0 || !data) return null;
  return (
    <ul className="flex items-center -space-x-1.5">
      {others.slice(0, facesAtMost).map(([member, field]) => (
        <li key={member}>
          <Hint label={said(member, field)}>
            <span role="img" aria-label={said(member, field)} className="block rounded-full ring-2 ring-background">
              <Avatar
                name={nameOf(member)}
                seed={member}
                className={field ? 'outline-2 outline-primary outline-dashed outline-offset-1' : undefined}
              />
            </span>
          </Hint>
        </li>
      ))}
      {others.length > facesAtMost && (
        <li className="pl-2.5 text-muted-foreground text-xs">
          <span aria-hidden>+{others.length - facesAtMost}</span>
          <span className="sr-only">{t('moreHere', { count: others.length - facesAtMost })}</span>
        </li>
      )}
    </ul>
  );
}
