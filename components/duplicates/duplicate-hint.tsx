'use client';

import { useQuery } from '@tanstack/react-query';
import { CopyCheck, X } from 'lucide-react';
import { type Control, useWatch } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { recordPath, type Values } from '@/components/records/record-data';
import type { ObjectKey } from '@/components/records/use-object';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { textsOf } from './compared';
import { useReason } from './reasons';
import { useSettled } from './use-settled';

const settleMs = 500;

/**
 * Says while somebody types that the record may be there already: those they may see as links, of others only that there
 * is one. Nothing while there is none, and nothing when asking fails: it never stands in the way of saving.
 */
export function DuplicateHint({
  object,
  values,
  exceptId,
  before,
  onMerge,
  onClose,
}: {
  object: ObjectKey;
  values: Values;
  exceptId?: string;
  /** What an edited record was: only what it has become alike to is told. */
  before?: Values;
  /** Offers to merge with one of those found. */
  onMerge?: (id: string) => void;
  /** Offers to say nothing more of it. */
  onClose?: () => void;
}) {
  const t = useTranslations('duplicates.hint');
  const d = useTranslations('duplicates');
  const reason = useReason();
  const trpc = useTRPC();
  const typed = useSettled(JSON.stringify(textsOf(values)), settleMs);
  const check = useQuery({
    ...trpc.duplicates.check.queryOptions({
      object,
      values: JSON.parse(typed) as Record<string, string>,
      exceptId,
      before: before && textsOf(before),
    }),
    enabled: typed !== '{}',
    placeholderData: (previous) => previous,
    retry: false,
  });
  const { found = [], hidden = [] } = (typed !== '{}' && check.data) || {};
  if (found.length + hidden.length === 0) return null;
  return (
    <Alert variant="warning" aria-live="polite">
      <CopyCheck aria-hidden />
      <div className="grid min-w-0 flex-1 gap-1">
        <AlertTitle>{t(before ? 'edited' : 'title')}</AlertTitle>
        <AlertDescription className="text-foreground">
          <ul className="grid gap-1">
            {found.map(({ id, title, owner, reasons }) => (
              <li key={id} className="min-w-0">
                <Link
                  to={recordPath(object, id)}
                  target="_blank"
                  className="rounded-xs font-medium text-link underline-offset-4 hover:underline"
                  aria-label={t('open', { title })}
                >
                  {title}
                </Link>
                <span className="text-muted-foreground">
                  {[
                    ...reasons.slice(0, 2).map((rule) => reason(object, rule)),
                    ...(owner ? [t('ownedBy', { owner })] : []),
                  ]
                    .map((text) => ` · ${text}`)
                    .join('')}
                </span>
                {onMerge && (
                  <Button variant="link" size="sm" className="block font-medium" onClick={() => onMerge(id)}>
                    {t('merge')}
                  </Button>
                )}
              </li>
            ))}
            {hidden.map(({ team }) => (
              <li key={team ?? ''}>{team ? t('hiddenTeam', { team }) : t('hidden')}</li>
            ))}
          </ul>
        </AlertDescription>
      </div>
      {onClose && (
        <Button variant="quiet" size="icon-xs" aria-label={t('close')} className="-mr-1 shrink-0" onClick={onClose}>
          <X />
        </Button>
      )}
      <span className="sr-only">{found[0] && d('score', { score: found[0].score })}</span>
    </Alert>
  );
}

/** The same for a form, which need not render again at every key. */
export function FormDuplicateHint({ object, control }: { object: ObjectKey; control: Control<Values> }) {
  return <DuplicateHint object={object} values={useWatch({ control })} />;
}
