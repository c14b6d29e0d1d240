'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { toast } from '@/components/ui/toaster';
import type { UndoReport } from '@/domain/changes';
import { queuedKey, queuedSet } from '@/domain/queued';
import { useRefusalText } from './errors';
import { useLabels } from './labels';
import { waiting } from './outbox';
import { useTRPC, useTRPCClient } from './trpc';

const listed = 5;
/** Keys pressed by habit must not take back what was done long ago; the timeline can. */
const keyReach = 15 * 60_000;

/** Tells what was done and offers to take it back: `toast(changeSetId, 'Moved to Won')`. */
export function useUndoToast(): (changeSetId: string, message: string) => void {
  const t = useTranslations('common');
  const undo = useUndo();
  return (changeSetId, message) => {
    toast(message, { id: changeSetId, duration: 8000, action: { label: t('undo'), onClick: () => undo(changeSetId) } });
  };
}

/** Takes a change set back and says what came of it. */
export function useUndo(): (changeSetId: string) => void {
  const trpc = useTRPC();
  const text = useRefusalText();
  const { mutate } = useMutation(
    trpc.changes.undo.mutationOptions({
      meta: { quiet: true },
      onSuccess: useUndone(),
      onError: (error) => {
        toast.error(text(error));
      },
    }),
  );

  const t = useTranslations('shell.undo');
  return (changeSetId) => {
    const key = queuedKey(changeSetId);
    if (key === null) return mutate({ changeSetId });
    void import('./outbox-replay').then(async ({ setOf, withdraw }) => {
      const sent = setOf(key);
      if (sent) mutate({ changeSetId: sent });
      else toast(t((await withdraw(key)) ? 'done' : 'sentMeanwhile'));
    });
  };
}

type Undone = Omit<UndoReport, 'changeSetId'>;

/** Says what came of taking something back. */
export function useUndone(): (report: Undone) => void {
  const t = useTranslations('shell.undo');
  const labels = useLabels();
  return (report) => {
    toast.success(t('done'), { description: <Report report={report} labels={labels} /> });
  };
}

/** How much went back, and which fields stayed because somebody edited them since. Notices stand outside of the tenant's part of the page, which has the names. */
function Report({ report, labels }: { report: Undone; labels: ReturnType<typeof useLabels> }) {
  const t = useTranslations('shell.undo');
  const { kept } = report;
  return (
    <>
      <p>{report.queued ? t('queued', { count: report.queued }) : t('count', { count: report.undone })}</p>
      {kept.length > 0 && (
        <>
          <p className="mt-1">{t('kept', { count: kept.length })}</p>
          <ul className="mt-0.5 list-disc pl-4">
            {kept.slice(0, listed).map((item) => (
              <li key={`${item.recordId} ${item.field}`}>
                {t(item.by ? 'keptFieldBy' : 'keptField', {
                  field: labels.field(item.object, item.field),
                  record: item.recordTitle ?? '',
                  by: item.by ?? '',
                })}
              </li>
            ))}
            {kept.length > listed && <li>{t('more', { count: kept.length - listed })}</li>}
          </ul>
        </>
      )}
    </>
  );
}

/** `mod+z`: takes back one's own newest change that is not taken back yet. */
export function useUndoLast(): () => Promise<void> {
  const t = useTranslations('shell.undo');
  const client = useTRPCClient();
  const text = useRefusalText();
  const undo = useUndo();
  return async () => {
    try {
      // What was done last has perhaps not been sent.
      const own = waiting().findLast(({ refusal }) => !refusal);
      if (own) return undo(queuedSet(own.key));
      const [last] = await client.changes.recent.query({ limit: 1 });
      if (last && Date.now() - Date.parse(last.at) < keyReach) undo(last.changeSetId);
      else toast(t('nothing'));
    } catch (error) {
      toast.error(text(error));
    }
  };
}
