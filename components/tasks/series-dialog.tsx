'use client';

import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { useRecurrenceText } from './recurrence-text';
import type { SeriesAsked } from './series-question';

/** Asks whether one of a series is meant or all of it. */
export function SeriesDialog({
  open,
  question,
  close,
}: {
  open: boolean;
  question: SeriesAsked | null;
  close: () => void;
}) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()}>
      {question && (
        <Asked
          {...question}
          answer={(scope) => {
            close();
            question.answer(scope);
          }}
        />
      )}
    </Dialog>
  );
}

function Asked({ subject, rule, answer }: SeriesAsked) {
  const t = useTranslations('tasks.series');
  const c = useTranslations('common');
  const text = useRecurrenceText();
  return (
    <DialogContent closeLabel={c('close')} className="sm:max-w-sm">
      <DialogHeader>
        <DialogTitle>{t('title')}</DialogTitle>
        <DialogDescription>{t('about', { subject, rule: text(rule) })}</DialogDescription>
      </DialogHeader>
      <DialogBody className="grid gap-2 pb-5">
        {(['this', 'series'] as const).map((scope, i) => (
          <Button
            key={scope}
            variant="secondary"
            autoFocus={i === 0}
            onClick={() => answer(scope)}
            className="grid h-auto justify-start justify-items-start gap-0 whitespace-normal px-3 py-2 text-left pointer-coarse:h-auto"
          >
            <span>{t(scope)}</span>
            <span className="font-normal text-muted-foreground text-xs">{t(`${scope}Help`)}</span>
          </Button>
        ))}
      </DialogBody>
    </DialogContent>
  );
}
