'use client';

import { ChevronDown } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import { DialogBody, DialogFooter } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { Label } from '@/components/ui/label';
import { defaultsOf, formFields } from './field-rules';
import { useRecordCreate, type Values } from './record-data';
import { RecordForm, type RecordFormHandle } from './record-form';
import { type ObjectKey, useObject } from './use-object';

/** Keeps the titles of references that came with the values: `refs` is no field. */
const titlesKey = 'refs';

export interface QuickCreateProps {
  object: ObjectKey;
  /** What the form begins with; `refs` may hold what the references among them are called. */
  values?: Values;
  onDone: (created?: { id: string }) => void;
}

/** The form of a new record inside the quick-create dialog: what matters first, everything on demand. */
export function QuickCreate({ object, values = {}, onDone }: QuickCreateProps) {
  const t = useTranslations('records.create');
  const labels = useLabels();
  const { member } = useBoot();
  const undoToast = useUndoToast();
  const create = useRecordCreate(object, { quiet: true });
  const form = useRef<RecordFormHandle>(null);
  const [more, setMore] = useState(false);
  const [another, setAnother] = useState(false);
  const [busy, setBusy] = useState(false);
  const anotherId = useId();
  const kind = useObject(object);
  const { fields, title } = kind;
  const { [titlesKey]: refs, ...given } = values;
  const { first, rest } = formFields(kind, given);
  const owned = 'ownerId' in fields;
  const titles = { ...(owned ? { ownerId: member.name } : {}), ...(isTitles(refs) ? refs : {}) };
  const begin = { ...defaultsOf(kind), ...(owned ? { ownerId: member.id } : {}), ...given };

  const save = async (entered: Values) => {
    const { id, changeSetId } = await create(entered);
    undoToast(changeSetId, t('created', { object: labels.object(object, 'One'), title: String(entered[title] ?? '') }));
    if (another) form.current?.reset();
    else onDone({ id });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key saves from any field inside
    <div
      className="contents"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          form.current?.submit();
        }
      }}
    >
      <DialogBody>
        <RecordForm
          ref={form}
          object={object}
          names={more ? [...first, ...rest] : first}
          values={begin}
          titles={titles}
          autoFocus={title in given ? undefined : title}
          onSubmit={save}
          onBusy={setBusy}
          onHiddenErrors={() => setMore(true)}
          checkDuplicates
        >
          {rest.length > 0 && (
            <Button
              variant="quiet"
              size="sm"
              className="-ml-2 w-fit"
              aria-expanded={more}
              onClick={() => setMore(!more)}
            >
              <ChevronDown className={cn('transition-transform', more && 'rotate-180')} />
              {more ? t('less') : t('more', { count: rest.length })}
            </Button>
          )}
          {/* Enter in a field saves; the button people see is in the footer. */}
          <button type="submit" tabIndex={-1} aria-hidden className="hidden" />
        </RecordForm>
      </DialogBody>
      <DialogFooter className="border-t">
        <span className="mr-auto flex items-center gap-2">
          <Checkbox id={anotherId} checked={another} onCheckedChange={(next) => setAnother(next === true)} />
          <Label htmlFor={anotherId} className="font-normal">
            {t('another')}
          </Label>
        </span>
        <Button busy={busy} onClick={() => form.current?.submit()}>
          {t('save')}
          <Kbd
            keys="mod+enter"
            className="max-sm:hidden [&_kbd]:border-transparent [&_kbd]:bg-white/15 [&_kbd]:text-current"
          />
        </Button>
      </DialogFooter>
    </div>
  );
}

function isTitles(value: unknown): value is Record<string, string | null> {
  return typeof value === 'object' && value !== null;
}
