'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';

/** Whom a new task is for: oneself, which is `nobody` of the queues, or one of the queues. */
export function QueueChoice({
  queues,
  value,
  nobody,
  onChange,
}: {
  queues: readonly { id: string; name: string }[];
  value: string;
  nobody: string;
  onChange: (queue: string) => void;
}) {
  const t = useTranslations('tasks');
  const labels = useLabels();
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger
        size="sm"
        aria-label={labels.field('task', 'queueId')}
        className="ml-auto w-fit max-w-48 border-0 bg-transparent"
      >
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={nobody}>{t('quick.forMe')}</SelectItem>
        {queues.map(({ id, name }) => (
          <SelectItem key={id} value={id}>
            {t('quick.forQueue', { name })}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
