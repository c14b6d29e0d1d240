'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Select, SelectContent, SelectItem, SelectSeparator, SelectTrigger, SelectValue } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import { useTargetName } from './labels';

type View = Outputs['imports']['get'];
type Item = Outputs['imports']['review']['items'][number];
type Choice = Inputs['imports']['decide']['choice'];

/** Rows that could mean several records: for each, which one is meant. Nothing where none is open. */
export function ReviewList({ view }: { view: View }) {
  const t = useTranslations('imports.review');
  const text = useRefusalText();
  const trpc = useTRPC();
  const pages = useInfiniteQuery(
    trpc.imports.review.infiniteQueryOptions(
      { id: view.id },
      { enabled: view.review > 0, getNextPageParam: ({ next }) => next },
    ),
  );
  if (view.review === 0 || view.undone) return null;
  return (
    <section aria-labelledby="review">
      <h2 id="review" className="font-medium text-base">
        {t('title')}
      </h2>
      <p className="text-muted-foreground text-sm">{t('help', { count: view.review })}</p>
      {pages.isPending && <Skeleton className="mt-2 h-24" />}
      {pages.isError && (
        <Alert variant="destructive" className="mt-2">
          <AlertDescription>{text(pages.error)}</AlertDescription>
        </Alert>
      )}
      {pages.data && (
        <ul className="mt-2 divide-y rounded-lg border">
          {pages.data.pages.flatMap(({ items, headers }) =>
            items.map((item) => (
              <Question
                key={`${item.row} ${item.target} ${item.text}`}
                id={view.id}
                object={view.object}
                item={item}
                headers={headers}
              />
            )),
          )}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button
          variant="secondary"
          size="sm"
          className="mt-2"
          busy={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </section>
  );
}

function Question({
  id,
  object,
  item,
  headers,
}: {
  id: string;
  object: View['object'];
  item: Item;
  headers: readonly string[];
}) {
  const t = useTranslations('imports.review');
  const refusal = useRefusalText();
  const trpc = useTRPC();
  const targetName = useTargetName();
  const alikeId = useId();
  const [chosen, setChosen] = useState('');
  const [alike, setAlike] = useState(false);
  const decide = useMutation(
    trpc.imports.decide.mutationOptions({
      onSuccess: ({ decided }) => {
        toast.success(t('decided', { count: decided }));
      },
    }),
  );
  const isRow = item.target === null;
  const what = isRow
    ? t('about', { text: item.text })
    : t('cell', { field: targetName(object, item.target ?? ''), text: item.text });
  const apply = async () => {
    const choice = choiceOf(chosen);
    const text = isRow ? undefined : item.text;
    const input = { id, target: item.target, text, choice, scope: alike ? 'alike' : 'row' } as const;
    // Very many are decided in several requests: each is whole, and what is left stays in the list.
    for (let row: number | null = item.row; row !== null; )
      ({ next: row } = await decide.mutateAsync({ ...input, row }));
  };
  return (
    <li className="grid gap-2 px-3 py-2.5">
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="tabular text-muted-foreground">{t('row', { row: item.row })}</span>
        <span className="min-w-0 break-words font-medium">{what}</span>
      </div>
      <details className="text-muted-foreground text-sm">
        <summary className="cursor-pointer">{t('cells')}</summary>
        <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
          {headers.map((header, i) =>
            item.cells[i]?.trim() ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are their places
              <div key={i} className="contents">
                <dt>{header}</dt>
                <dd className="break-words text-foreground">{item.cells[i]}</dd>
              </div>
            ) : null,
          )}
        </dl>
      </details>
      {item.candidates.length === 0 && <p className="text-sm">{t('gone')}</p>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Select value={chosen} onValueChange={setChosen}>
          <SelectTrigger className="w-72 max-w-full" aria-label={what}>
            <SelectValue placeholder={t('choose')} />
          </SelectTrigger>
          <SelectContent>
            {item.candidates.map((candidate) => (
              <SelectItem key={candidate.id} value={candidate.id}>
                {candidate.detail ? `${candidate.title} · ${candidate.detail}` : candidate.title}
              </SelectItem>
            ))}
            {item.candidates.length > 0 && <SelectSeparator />}
            {isRow && <SelectItem value={isNew}>{t('isNew')}</SelectItem>}
            <SelectItem value={leave}>{t(isRow ? 'leaveRow' : 'leaveCell')}</SelectItem>
          </SelectContent>
        </Select>
        <label htmlFor={alikeId} className="flex min-w-0 items-center gap-2 text-sm">
          <Checkbox id={alikeId} checked={alike} onCheckedChange={(on) => setAlike(on === true)} />
          <span className="truncate">{t('alike', { text: item.text })}</span>
        </label>
        <Button
          size="sm"
          className="ml-auto"
          disabled={chosen === ''}
          busy={decide.isPending}
          onClick={() => void apply().catch(() => {})}
        >
          {t('decide')}
        </Button>
      </div>
      {decide.isError && (
        <p role="alert" className="text-destructive text-sm">
          {refusal(decide.error)}
        </p>
      )}
    </li>
  );
}

const isNew = 'new';
const leave = 'leave';

function choiceOf(chosen: string): Choice {
  if (chosen === isNew) return { create: true };
  return chosen === leave ? { leave: true } : { id: chosen };
}
