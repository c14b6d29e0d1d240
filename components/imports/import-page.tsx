'use client';

import { useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { ImportRun } from './import-run';
import { ImportWizard } from './import-wizard';

/** `/imports/new?file=…` prepares an import, `/imports/<id>` shows one that was started. */
export function ImportPage({ params }: ScreenProps) {
  const [search] = useSearch();
  const file = search.get('file');
  return params.id === 'new' && file ? (
    <ImportWizard key={file} fileId={file} />
  ) : (
    <ImportRun key={params.id} id={params.id ?? ''} />
  );
}
