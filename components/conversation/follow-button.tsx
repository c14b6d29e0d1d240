'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Bell, BellOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Hint } from '@/components/ui/tooltip';

/** Whether one hears of what happens to a record, and who else does. */
export function FollowButton({ object, recordId }: { object: string; recordId: string }) {
  const t = useTranslations('conversation');
  const trpc = useTRPC();
  const format = useFormat();
  const { data } = useQuery(trpc.conversation.followers.queryOptions({ object, recordId }));
  const { mutate, isPending } = useMutation(trpc.conversation.follow.mutationOptions());
  if (!data) return null;
  const names = format.list(data.people.map(({ name, owner }) => (owner ? t('ownerFollows', { name }) : name)));
  return (
    <div className="flex items-center gap-1.5">
      {data.people.length > 0 && (
        <Hint label={names}>
          <span
            className="flex -space-x-1"
            role="img"
            aria-label={`${t('followers', { count: data.people.length })}: ${names}`}
          >
            {data.people.slice(0, 4).map(({ id, name }) => (
              <Avatar key={id} name={name} seed={id} size="sm" className="ring-2 ring-canvas" />
            ))}
          </span>
        </Hint>
      )}
      <Hint label={t(data.following ? 'muteHelp' : 'followHelp')}>
        <Button
          variant="quiet"
          size="sm"
          aria-pressed={data.following}
          disabled={isPending}
          onClick={() => mutate({ object, recordId, on: !data.following })}
        >
          {data.following ? <Bell className="text-link" /> : <BellOff />}
          {t(data.following ? 'following' : 'follow')}
        </Button>
      </Hint>
    </div>
  );
}
