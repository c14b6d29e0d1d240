'use client';

import { useTranslations } from 'use-intl';
import { ObjectIcon } from '@/components/records/chips';
import { QuickCreate } from '@/components/records/quick-create';
import type { ObjectKey } from '@/components/records/use-object';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { useCan } from './boot';
import { useLabels } from './labels';
import { useOwnObjects } from './nav';
import { creatable, type WantedRecord } from './quick-create';

/** Asks what to create, then for its fields. */
export function CreateDialog({
  open,
  wanted,
  choose,
  close,
}: {
  open: boolean;
  wanted: WantedRecord | null;
  choose: (object: ObjectKey) => void;
  close: () => void;
}) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()}>
      {wanted && <Content wanted={wanted} choose={choose} close={close} />}
    </Dialog>
  );
}

function Content({
  wanted,
  choose,
  close,
}: {
  wanted: WantedRecord;
  choose: (object: ObjectKey) => void;
  close: () => void;
}) {
  const t = useTranslations('shell.create');
  const c = useTranslations('common');
  const labels = useLabels();
  const can = useCan();
  const { object } = wanted;
  const own = useOwnObjects().map((each) => each.object);
  return (
    <DialogContent closeLabel={c('close')} aria-describedby={undefined}>
      <DialogHeader>
        <DialogTitle>{object ? t('title', { object: labels.object(object, 'one') }) : t('choose')}</DialogTitle>
        <DialogDescription className="sr-only">{t('choose')}</DialogDescription>
      </DialogHeader>
      {object ? (
        <QuickCreate object={object} values={wanted.values} onDone={close} />
      ) : (
        <DialogBody className="grid gap-1 px-3 pb-4">
          {[...creatable, ...own]
            .filter((name) => can(`${name}.write`))
            .map((name) => (
              <Button key={name} variant="ghost" className="justify-start" onClick={() => choose(name)}>
                <ObjectIcon object={name} className="text-muted-foreground" />
                {labels.object(name, 'One')}
              </Button>
            ))}
        </DialogBody>
      )}
    </DialogContent>
  );
}
