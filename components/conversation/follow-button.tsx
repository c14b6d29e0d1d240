'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bell, BellOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/shell/actions';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { show } from '@/components/shell/optimistic';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Hint } from '@/components/ui/tooltip';

type Followers = Outputs['conversation']['followers'];

/** Whether one hears of what happens to a record, and who else does. */
export function FollowButton({ object, recordId }: { object: string; recordId: string }) {
  const t = useTranslations('conversation');
  const trpc = useTRPC();
  const format = useFormat();
  const { data } = useQuery(trpc.conversation.followers.queryOptions({ object, recordId }));
  const queries = useQueryClient();
  const { member, user } = useBoot();
  const about = trpc.conversation.followers.queryFilter({ object, recordId });
  const { mutate } = useMutation(
    trpc.conversation.follow.mutationOptions({
      onMutate: ({ on }) =>
        show<Followers>(queries, about, ({ people }) => {
          const others = people.filter(({ id }) => id !== member.id);
          const me = people.find(({ id }) => id === member.id) ?? { id: member.id, name: user.name, owner: false };
          return { following: on, people: on ? [...others, me] : others };
        }),
    }),
  );
  const following = data?.following ?? false;
  const toggle = () => mutate({ object, recordId, on: !following });
  useActions(
    data
      ? [
          {
            id: 'record.follow',
            label: t(following ? 'unfollow' : 'follow'),
            group: 'here',
            icon: following ? BellOff : Bell,
            keys: 'shift+f',
            run: toggle,
          },
        ]
      : [],
  );
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
      <Hint label={t(data.following ? 'muteHelp' : 'followHelp')} keys="shift+f">
        <Button variant="quiet" size="sm" aria-pressed={data.following} onClick={toggle}>
          {data.following ? <Bell className="text-link" /> : <BellOff />}
          {t(data.following ? 'following' : 'follow')}
        </Button>
      </Hint>
    </div>
  );
}
