'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { FlaskConical, Trash2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { recordPath } from '@/components/records/record-data';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { isRecordObject } from '@/domain/objects';
import { Section } from './section';

const listed = 8;

/** Puts believable records in to try things out with, and takes them out again. */
export function SamplesSection() {
  const t = useTranslations('settings.samples');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const status = useQuery(trpc.samples.status.queryOptions());
  const add = useMutation(
    trpc.samples.add.mutationOptions({
      onSuccess: ({ changeSetId, count }) => undo(changeSetId, t('added', { count })),
    }),
  );
  const remove = useMutation(
    trpc.samples.remove.mutationOptions({
      onSuccess: ({ changeSetId, removed }) => changeSetId && undo(changeSetId, t('removed', { count: removed })),
    }),
  );
  const count = status.data?.count;
  const kept = remove.data?.kept ?? [];
  return (
    <Section
      title={t('title')}
      description={count ? t('there', { count }) : t('description')}
      aside={
        count === undefined ? null : count > 0 ? (
          <Button variant="secondary" busy={remove.isPending} onClick={() => remove.mutate()}>
            <Trash2 />
            {t('remove')}
          </Button>
        ) : (
          <Button variant="secondary" busy={add.isPending} onClick={() => add.mutate()}>
            <FlaskConical />
            {t('add')}
          </Button>
        )
      }
    >
      {kept.length > 0 && (
        <Alert variant="warning">
          <AlertDescription>
            <p>{t('kept', { count: kept.length })}</p>
            <ul className="mt-1 list-disc pl-4">
              {kept.slice(0, listed).map(({ object, id, title, why }) => (
                <li key={id}>
                  {isRecordObject(object) && object !== 'note' ? (
                    <Link to={recordPath(object, id)} className="underline underline-offset-2">
                      {title}
                    </Link>
                  ) : (
                    title
                  )}{' '}
                  ({t(why)})
                </li>
              ))}
              {kept.length > listed && <li>{t('more', { count: kept.length - listed })}</li>}
            </ul>
          </AlertDescription>
        </Alert>
      )}
    </Section>
  );
}
