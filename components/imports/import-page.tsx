'use client';

import { useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { ImportRun } from './import-run';
import { ImportWizard } from './import-wizard';
import { SetPage } from './set-page';

/** `/imports/new?file=…` prepares an import, `/imports/set?id=…` shows files imported together, `/imports/<id>` one import. */
export function ImportPage({ params }: ScreenProps) {
  const [search] = useSearch();
  const file = search.get('file');
  const set = search.get('id');
  if (params.id === 'set' && set) return <SetPage key={set} id={set} />;
  return params.id === 'new' && file ? (
    <ImportWizard key={file} fileId={file} />
  ) : (
    <ImportRun key={params.id} id={params.id ?? ''} />
  );
}
