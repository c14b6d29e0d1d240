'use client';

import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Combine, CopyCheck, EqualNot, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { RecordAvatar } from '@/components/records/chips';
import { recordPath } from '@/components/records/record-data';
import { type ObjectKey, useIsObject } from '@/components/records/use-object';
import { LoadFailed } from '@/components/settings/load-failed';
import { RowsSkeleton } from '@/components/settings/skeletons';
import { useCatalogue } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC, useTRPCClient } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Empty } from '@/components/ui/empty';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { toast } from '@/components/ui/toaster';
import { certain, defaultWeights } from '@/domain/duplicates';
import { MergeDialog } from './merge-dialog';
import { useReason } from './reasons';

type Pair = Outputs['duplicates']['list']['rows'][number] & { object: ObjectKey };
const everything = 'all';
/** Of all kinds together those that every tenant has. */
const reasons = ['name', 'similarName', 'domain', 'email', 'taxId', 'mobile', 'phone', 'wechat', 'nameCompany', 'code'];

/** Records that are likely the same: to be merged, or said not to be. */
export function DuplicatesPage() {
  const t = useTranslations('duplicates.page');
  const reason = useReason();
  const labels = useLabels();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const isObject = useIsObject();
  const catalogue = useCatalogue();
  const [object, setObject] = useState(everything);
  const [why, setWhy] = useState(everything);
  const [state, setState] = useState<'open' | 'dismissed'>('open');
  const [merging, setMerging] = useState<Pair | null>(null);
  const input = {
    ...(object === everything ? {} : { object }),
    ...(why === everything ? {} : { reason: why }),
    dismissed: state === 'dismissed',
  };
  const list = useInfiniteQuery({
    queryKey: trpc.duplicates.list.infiniteQueryKey(input),
    queryFn: ({ pageParam, signal }) => client.duplicates.list.query({ ...input, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
  const summary = useQuery({ ...trpc.duplicates.summary.queryOptions(), staleTime: 0 });
  const objects = (summary.data?.objects ?? []).flatMap((row) =>
    isObject(row.object) ? [{ ...row, object: row.object }] : [],
  );
  const rows = (list.data?.pages.flatMap((page) => page.rows) ?? []).flatMap((row) =>
    isObject(row.object) ? [{ ...row, object: row.object }] : [],
  );
  const offered = object === everything ? reasons : Object.keys(defaultWeights(object, catalogue.get(object)?.own));
  const sure =
    objects.find((row) => row.object === object && row.certain > 0) ??
    objects.find((row) => object === everything && row.certain > 0);
  return (
    <Page title={t('title')}>
      <div className="mx-auto grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4 p-4 pb-16 md:p-6">
        <p className="max-w-prose text-muted-foreground text-sm">{t('description')}</p>
        <div className="flex flex-wrap items-center gap-2">
          <Select
            value={object}
            onValueChange={(value) => {
              setObject(value);
              // Not every kind of record has every reason.
              setWhy(everything);
            }}
          >
            <SelectTrigger size="sm" className="w-44 max-sm:w-[calc(50%-4px)]" aria-label={t('object')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value={everything}>{t('all')}</SelectItem>
              {objects.map((row) => (
                <SelectItem key={row.object} value={row.object}>
                  {labels.object(row.object, 'Other')}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <Select value={why} onValueChange={setWhy}>
            <SelectTrigger size="sm" className="w-44 max-sm:w-[calc(50%-4px)]" aria-label={t('reason')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value={everything}>{t('allReasons')}</SelectItem>
              {offered.map((rule) => (
                <SelectItem key={rule} value={rule}>
                  {reason(object, rule)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <Segmented
            aria-label={t('state')}
            value={state}
            onValueChange={setState}
            options={[
              { value: 'open', label: t('open') },
              { value: 'dismissed', label: t('dismissed') },
            ]}
          />
          {state === 'open' && sure && (
            <span className="ml-auto">
              <MergeCertain object={sure.object} count={sure.certain} />
            </span>
          )}
        </div>
        {list.isPending ? (
          <RowsSkeleton count={4} />
        ) : list.isError ? (
          <LoadFailed retry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          state === 'open' ? (
            <Empty icon={<CopyCheck />} title={t('empty')} description={t('emptyHelp')} className="py-12" />
          ) : (
            <Empty
              icon={<EqualNot />}
              title={t('emptyDismissed')}
              description={t('emptyDismissedHelp')}
              className="py-12"
            />
          )
        ) : (
          <>
            <ul aria-label={t('list')} className="divide-y rounded-lg border bg-card">
              {rows.map((pair) => (
                <PairRow
                  key={`${pair.a.id} ${pair.b.id}`}
                  pair={pair}
                  dismissed={state === 'dismissed'}
                  onMerge={() => setMerging(pair)}
                />
              ))}
            </ul>
            {list.hasNextPage && <More busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />}
          </>
        )}
      </div>
      {merging && (
        <MergeDialog object={merging.object} ids={[merging.a.id, merging.b.id]} onClose={() => setMerging(null)} />
      )}
    </Page>
  );
}

function More({ busy, onMore }: { busy: boolean; onMore: () => void }) {
  const c = useTranslations('common');
  return (
    <Button variant="secondary" className="mx-auto" busy={busy} onClick={onMore}>
      {c('more')}
    </Button>
  );
}

function PairRow({ pair, dismissed, onMerge }: { pair: Pair; dismissed: boolean; onMerge: () => void }) {
  const t = useTranslations('duplicates.page');
  const d = useTranslations('duplicates');
  const reason = useReason();
  const trpc = useTRPC();
  const format = useFormat();
  const { object, a, b } = pair;
  const names = { a: a.title, b: b.title };
  const reopen = useMutation(trpc.duplicates.reopen.mutationOptions());
  const dismiss = useMutation(
    trpc.duplicates.dismiss.mutationOptions({
      onSuccess: () => {
        toast(t('dismissDone'), {
          action: { label: t('reopen'), onClick: () => reopen.mutate({ object, a: a.id, b: b.id }) },
        });
      },
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="grid min-w-0 flex-1 basis-72 gap-1 text-sm">
        {[a, b].map(({ id, title }) => (
          <span key={id} className="flex min-w-0 items-center gap-2">
            <RecordAvatar object={object} id={id} title={title} size="sm" />
            <Link to={recordPath(object, id)} className="truncate rounded-xs font-medium hover:underline">
              {title}
            </Link>
          </span>
        ))}
        <span className="flex flex-wrap items-center gap-1.5 text-muted-foreground">
          <Badge variant={pair.score >= certain ? 'success' : 'secondary'}>{d('score', { score: pair.score })}</Badge>
          {format.list(pair.reasons.map((rule) => reason(object, rule)))}
          {pair.dismissedBy && ` · ${t('by', { name: pair.dismissedBy })}`}
        </span>
      </div>
      <div className="flex gap-2">
        {dismissed ? (
          <Button
            variant="secondary"
            size="sm"
            aria-label={t('reopenOf', names)}
            busy={reopen.isPending}
            onClick={() => reopen.mutate({ object, a: a.id, b: b.id })}
          >
            <Undo2 />
            {t('reopen')}
          </Button>
        ) : (
          <>
            <Button
              variant="secondary"
              size="sm"
              aria-label={t('mergeOf', names)}
              disabled={!pair.mergeable}
              title={pair.mergeable ? undefined : t('noRight')}
              onClick={onMerge}
            >
              <Combine />
              {t('merge')}
            </Button>
            <Button
              variant="ghost"
              size="sm"
              aria-label={t('dismissOf', names)}
              busy={dismiss.isPending}
              onClick={() => dismiss.mutate({ object, a: a.id, b: b.id })}
            >
              {t('dismiss')}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}

function MergeCertain({ object, count }: { object: ObjectKey; count: number }) {
  const t = useTranslations('duplicates.page');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const [asked, setAsked] = useState(false);
  const merge = useMutation(
    trpc.merges.mergeCertain.mutationOptions({
      meta: {
        refresh: ['companies', 'contacts', 'deals', 'products', 'tasks', 'notes', 'records', 'duplicates', 'bin'],
      },
      onSuccess: ({ merges }) => {
        setAsked(false);
        toast.success(t('certainDone', { count: merges.length }));
      },
    }),
  );
  return (
    <>
      <Button variant="secondary" size="sm" onClick={() => setAsked(true)}>
        <Combine />
        {t('certain', { count })}
      </Button>
      <Dialog open={asked} onOpenChange={setAsked}>
        <DialogContent closeLabel={c('close')}>
          <DialogHeader>
            <DialogTitle>{t('certainTitle', { count })}</DialogTitle>
            <DialogDescription>{t('certainHelp', { score: certain })}</DialogDescription>
          </DialogHeader>
          <DialogFooter>
            <Button variant="secondary" onClick={() => setAsked(false)}>
              {c('cancel')}
            </Button>
            <Button busy={merge.isPending} onClick={() => merge.mutate({ object, count })}>
              {t('certain', { count })}
            </Button>
          </DialogFooter>
        </DialogContent>
      </Dialog>
    </>
  );
}
