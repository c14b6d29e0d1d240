'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { show } from '@/components/shell/optimistic';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Hint } from '@/components/ui/tooltip';
import { type ReactionSign, reactionSigns } from '@/domain/conversation';

export interface ShownReaction {
  emoji: string;
  count: number;
  mine: boolean;
  names: string[];
}

type Said = Outputs['conversation']['list'];

/** What stands there once somebody has left a sign, or taken theirs back. */
export function switched(reactions: readonly ShownReaction[], emoji: string, name: string): ShownReaction[] {
  const known = reactions.find((each) => each.emoji === emoji);
  if (!known) return [...reactions, { emoji, count: 1, mine: true, names: [name] }];
  const { count, mine, names } = known;
  const next = mine
    ? { emoji, count: count - 1, mine: false, names: names.filter((each) => each !== name) }
    : { emoji, count: count + 1, mine: true, names: [...names, name] };
  return reactions.flatMap((each) => (each !== known ? each : next.count > 0 ? next : []));
}

/** Signs people left, each a switch, and a way to leave another. */
export function Reactions({
  target,
  id,
  reactions,
}: {
  target: 'comment' | 'note';
  id: string;
  reactions: readonly ShownReaction[];
}) {
  const t = useTranslations('conversation');
  const can = useCan();
  const trpc = useTRPC();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const queries = useQueryClient();
  const { name } = useBoot().user;
  const { mutate } = useMutation(
    trpc.conversation.react.mutationOptions({
      onMutate: (input) => {
        const change = <T extends { id: string; reactions: ShownReaction[] }>(one: T): T =>
          one.id === input.id ? { ...one, reactions: switched(one.reactions, input.emoji, name) } : one;
        return show<Said>(queries, trpc.conversation.list.queryFilter(), ({ items, notes }) => ({
          items: items.map(change),
          notes: notes.map(change),
        }));
      },
    }),
  );
  const react = (emoji: string) => {
    const sign = reactionSigns.find((known): known is ReactionSign => known === emoji);
    if (sign) mutate({ target, id, emoji: sign });
    setOpen(false);
  };
  const may = can('conversation.write');
  return (
    <>
      {reactions.map(({ emoji, count, mine, names }) => (
        <Hint key={emoji} label={t('reactionOf', { emoji, names: format.list(names) })}>
          <button
            type="button"
            disabled={!may}
            aria-pressed={mine}
            onClick={() => react(emoji)}
            className={cn(
              'tabular inline-flex h-6 items-center gap-1 rounded-full border px-1.5 text-xs hover:border-control',
              mine && 'border-primary bg-accent',
            )}
          >
            <span aria-hidden>{emoji}</span>
            <span className="sr-only">{emoji}</span>
            {count}
          </button>
        </Hint>
      ))}
      {may && (
        <Popover open={open} onOpenChange={setOpen}>
          <PopoverTrigger asChild>
            <Button variant="quiet" size="icon-xs" aria-label={t('react')}>
              <SmilePlus />
            </Button>
          </PopoverTrigger>
          <PopoverContent className="flex w-auto gap-0.5 p-1">
            {reactionSigns.map((emoji) => (
              <button
                key={emoji}
                type="button"
                onClick={() => react(emoji)}
                className="grid size-8 place-items-center rounded-md text-base hover:bg-accent"
              >
                {emoji}
              </button>
            ))}
          </PopoverContent>
        </Popover>
      )}
    </>
  );
}
