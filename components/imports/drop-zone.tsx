'use client';

import { FileSpreadsheet, X } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Progress } from '@/components/ui/progress';
import type { Upload } from './upload';

export interface DropZoneProps {
  uploads: readonly Upload[];
  onFiles: (files: File[]) => void;
  onDismiss: (key: string) => void;
}

/** Takes files by dropping or choosing, and shows how far each is. */
export function DropZone({ uploads, onFiles, onDismiss }: DropZoneProps) {
  const t = useTranslations('imports');
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
  };
  return (
    <section aria-label={t('drop.label')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is for the mouse; the button inside does the same */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={cn(
          'flex flex-col items-center gap-2 rounded-lg border border-dashed px-6 py-8 text-center transition-colors',
          over ? 'border-primary bg-primary-soft' : 'bg-subtle',
        )}
      >
        <FileSpreadsheet aria-hidden className="size-6 text-muted-foreground" />
        <p className="font-medium text-base">{t('drop.title')}</p>
        <p className="max-w-lg text-muted-foreground text-sm">{t('drop.help')}</p>
        <Button className="mt-2" onClick={() => input.current?.click()}>
          {t('drop.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
          className="sr-only"
          tabIndex={-1}
          aria-label={t('drop.choose')}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            if (files.length > 0) onFiles(files);
          }}
        />
      </div>
      {uploads.length > 0 && (
        <ul className="mt-3 grid gap-2">
          {uploads.map((upload) => (
            <UploadLine key={upload.key} upload={upload} onDismiss={() => onDismiss(upload.key)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function UploadLine({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }) {
  const t = useTranslations('imports');
  const common = useTranslations('common');
  const text = useRefusalText();
  return (
    <li className="flex items-center gap-3 text-sm">
      <span className="min-w-0 flex-1 truncate">{upload.name}</span>
      {upload.error === null ? (
        <Progress
          value={upload.progress * 100}
          aria-label={t('drop.sending', { name: upload.name })}
          className="w-40"
        />
      ) : (
        <>
          <span role="alert" className="min-w-0 text-destructive">
            {text(upload.error)}
          </span>
          <Button variant="quiet" size="icon-sm" aria-label={common('close')} onClick={onDismiss}>
            <X />
          </Button>
        </>
      )}
    </li>
  );
}
