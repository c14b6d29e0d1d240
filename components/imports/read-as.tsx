'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useNavigate } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { encodings, isWide } from '@/domain/imports/encoding';
import { ReadingChoice } from './reading-choice';
import type { Analysis } from './use-draft';

export interface ReadAsProps {
  fileId: string;
  readAs: NonNullable<Analysis['readAs']>;
  /** Called once the file has given way to what is read anew. */
  onRead: () => void;
}

/** What the people of a vCard file, or the names in a zip, were read as. Another choice has the whole file read again. */
export function ReadAs({ fileId, readAs, onRead }: ReadAsProps) {
  const t = useTranslations('imports.file');
  const text = useRefusalText();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const read = useMutation(
    trpc.imports.readAs.mutationOptions({
      // Only the list of files has changed, and this one is no longer among them.
      meta: { refresh: false },
      onSuccess: async () => {
        onRead();
        await queries.invalidateQueries(trpc.imports.list.queryFilter());
        navigate('/imports');
      },
    }),
  );
  return (
    <ReadingChoice
      label={t(`readAs.${readAs.of}`)}
      help={t('readAs.help')}
      error={read.isError ? text(read.error) : undefined}
      value={readAs.encoding}
      options={encodings
        .filter((name) => isWide(name) === isWide(readAs.encoding))
        .map((name) => [name, t(`encodings.${name}`)])}
      disabled={read.isPending}
      onChange={(encoding) => read.mutate({ fileId, encoding })}
    />
  );
}
