'use client';

import { FileSpreadsheet, X } from 'lucide-react';
import { type ChangeEvent, type DragEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Progress } from '@/components/ui/progress';
import { chosenFiles, droppedFiles } from './dropped-files';
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
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: File[]) => {
    if (files.length > 0) onFiles(files);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = chosenFiles(event.target.files);
    event.target.value = '';
    take(files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(take);
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
        <div className="mt-2 flex flex-wrap justify-center gap-2">
          <Button onClick={() => input.current?.click()}>{t('drop.choose')}</Button>
          <Button variant="secondary" onClick={() => folder.current?.click()}>
            {t('drop.chooseFolder')}
          </Button>
        </div>
        <input
          ref={input}
          type="file"
          multiple
          accept=".csv,.tsv,.txt,.xlsx,.xlsm,.vcf,.vcard,.zip,text/csv,text/tab-separated-values,text/plain,text/vcard,text/x-vcard,application/zip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          className="sr-only"
          tabIndex={-1}
          aria-label={t('drop.choose')}
          onChange={choose}
        />
        <input
          ref={(element) => {
            folder.current = element;
            // React does not know the attribute; every browser does.
            element?.setAttribute('webkitdirectory', '');
          }}
          type="file"
          className="sr-only"
          tabIndex={-1}
          aria-label={t('drop.chooseFolder')}
          onChange={choose}
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
