'use client';

import { useTranslations } from 'use-intl';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { actionGroups, useAllActions } from './actions';

/** Every key that works here, from the declared actions. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell');
  const c = useTranslations('common');
  const actions = useAllActions().filter((action) => action.keys);
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        closeLabel={c('close')}
        className="sm:max-w-2xl"
        onOpenAutoFocus={(event) => {
          // There is nothing to fill in: the sheet itself takes the focus, not its close button.
          event.preventDefault();
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
        }}
      >
        <DialogHeader>
          <DialogTitle>{t('shortcuts.title')}</DialogTitle>
          <DialogDescription>{t('shortcuts.description')}</DialogDescription>
        </DialogHeader>
        <DialogBody className="gap-x-8 pb-5 sm:columns-2">
          {actionGroups.map((group) => {
            const members = actions.filter((action) => action.group === group);
            if (members.length === 0) return null;
            return (
              <section key={group} className="mb-4 break-inside-avoid">
                <h3 className="mb-1 font-medium text-muted-foreground text-xs">{t(`palette.${group}`)}</h3>
                <dl>
                  {members.map((action) => (
                    <div
                      key={action.id}
                      className="flex min-h-8 items-center justify-between gap-4 border-b last:border-0"
                    >
                      <dt className="text-sm">{action.label}</dt>
                      <dd>
                        <Kbd keys={action.keys ?? ''} className="pointer-coarse:inline-flex" />
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            );
          })}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
