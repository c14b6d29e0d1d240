'use client';

import type { ReactNode } from 'react';
import { fieldErrors, useRefusalText } from '@/components/shell/errors';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { DialogBody, DialogFooter } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';

/** A form inside a dialog: what is wrong on top unless a field says it, saved by its button and by its key. */
export function FormFrame({
  onSave,
  busy,
  label,
  error,
  known,
  children,
}: {
  onSave: () => void;
  busy: boolean;
  label: string;
  error: unknown;
  /** Fields that show their errors themselves. */
  known: readonly string[];
  children: ReactNode;
}) {
  const text = useRefusalText();
  const shown = Object.keys(fieldErrors(error)).some((name) => known.includes(name));
  return (
    <form
      noValidate
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          onSave();
        }
      }}
    >
      <DialogBody className="grid content-start gap-4 pb-4">
        {Boolean(error) && !shown && (
          <Alert variant="destructive">
            <AlertDescription>{text(error)}</AlertDescription>
          </Alert>
        )}
        {children}
      </DialogBody>
      <DialogFooter className="border-t">
        <Button type="submit" busy={busy}>
          {label}
          <Kbd
            keys="mod+enter"
            className="max-sm:hidden [&_kbd]:border-transparent [&_kbd]:bg-white/15 [&_kbd]:text-current"
          />
        </Button>
      </DialogFooter>
    </form>
  );
}
