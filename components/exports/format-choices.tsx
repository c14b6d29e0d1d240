'use client';

import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { usePreference } from '@/components/shell/boot';
import type { Inputs } from '@/components/shell/trpc';
import { Segmented } from '@/components/ui/segmented';
import {
  type ExportEncoding,
  type ExportFormat,
  exportEncodings,
  exportFormats,
  type VcardVersion,
  vcardVersions,
} from '@/domain/exports';

/** How a file is to be written, as the person chose it the last time. */
export type Written = Required<Pick<Inputs['exports']['start'], 'format' | 'encoding' | 'vcard'>>;

/** @param people whether it is a list of contacts, which can be cards */
export function useWritten(people: boolean): [Written, (change: Partial<Written>) => void] {
  const [format, setFormat] = usePreference<ExportFormat>('exports.format', 'csv');
  const [encoding, setEncoding] = usePreference<ExportEncoding>('exports.encoding', 'utf-8');
  const [vcard, setVcard] = usePreference<VcardVersion>('exports.vcard', '3.0');
  const set = (change: Partial<Written>) => {
    if (change.format) setFormat(change.format);
    if (change.encoding) setEncoding(change.encoding);
    if (change.vcard) setVcard(change.vcard);
  };
  return [{ format: format === 'vcard' && !people ? 'csv' : format, encoding, vcard }, set];
}

/** Asks for the format, and what each format leaves open. */
export function FormatChoices({
  people,
  value,
  onChange,
  children,
}: {
  people: boolean;
  value: Written;
  onChange: (change: Partial<Written>) => void;
  /** Between the two. */
  children?: ReactNode;
}) {
  const t = useTranslations('exports');
  const { format, encoding, vcard } = value;
  return (
    <>
      <Choice label={t('format')} help={t(`formatHelp.${format}`)}>
        <Segmented
          aria-label={t('format')}
          value={format}
          onValueChange={(next) => onChange({ format: next })}
          options={exportFormats
            .filter((each) => each !== 'vcard' || people)
            .map((each) => ({ value: each, label: t(`formats.${each}`) }))}
        />
      </Choice>
      {children}
      {format === 'csv' && (
        <Choice label={t('encoding')} help={t(`encodingHelp.${encoding}`)}>
          <Segmented
            aria-label={t('encoding')}
            value={encoding}
            onValueChange={(next) => onChange({ encoding: next })}
            options={exportEncodings.map((each) => ({ value: each, label: t(`encodings.${each}`) }))}
          />
        </Choice>
      )}
      {format === 'vcard' && (
        <Choice label={t('version')} help={t(vcard === '3.0' ? 'versionHelp.old' : 'versionHelp.new')}>
          <Segmented
            aria-label={t('version')}
            value={vcard}
            onValueChange={(next) => onChange({ vcard: next })}
            options={vcardVersions.map((each) => ({ value: each, label: each }))}
          />
        </Choice>
      )}
    </>
  );
}

/** A question, and what its answer means. */
export function Choice({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <span id={id} className="font-medium text-sm">
        {label}
      </span>
      {children}
      {help && <p className="text-muted-foreground text-sm">{help}</p>}
    </div>
  );
}
