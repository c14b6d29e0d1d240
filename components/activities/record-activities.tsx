'use client';

import { CalendarPlus, Phone } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { useKeysOf } from '@/components/shell/desk';
import { PutBack } from '@/components/tasks/put-back';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Hint } from '@/components/ui/tooltip';
import { aboutOf } from './actions';
import { useActivityForms } from './forms';

const forms = [
  { form: 'call', icon: Phone, keys: 'l' },
  { form: 'meeting', icon: CalendarPlus, keys: 'm' },
] as const;

/** What one does with a record on its page: log a call, plan a meeting, give a task back to its queue. */
export function RecordActivities({ object, row }: { object: ObjectKey; row: RecordRow }) {
  return (
    <>
      {object === 'task' && <PutBack task={row} />}
      <Forms object={object} row={row} />
    </>
  );
}

/** Nothing where a record is nothing to talk about. */
function Forms({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const t = useTranslations('activities');
  const can = useCan();
  const keysOf = useKeysOf();
  const open = useActivityForms();
  const about = aboutOf(useObject(object), row);
  if (about.length === 0 || !can('activity.write')) return null;
  return (
    <>
      {forms.map(({ form, icon: Icon, keys }) => (
        <Hint key={form} label={t(`${form}.action`)} keys={keysOf(`activity.${form}`, keys)}>
          <Button
            variant="secondary"
            size="sm"
            aria-label={t(`${form}.action`)}
            onClick={() => open(form, about)}
            className="max-lg:w-7 max-lg:px-0 max-sm:hidden"
          >
            <Icon />
            <span className="max-lg:hidden">{t(`${form}.action`)}</span>
          </Button>
        </Hint>
      ))}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon-sm" aria-label={t('log')} className="sm:hidden">
            <CalendarPlus />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {forms.map(({ form, icon: Icon }) => (
            <DropdownMenuItem key={form} onSelect={() => setTimeout(() => open(form, about))}>
              <Icon />
              {t(`${form}.action`)}
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
    </>
  );
}
