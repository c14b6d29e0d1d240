import { Plus, Rows3 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { RecordAvatar } from '@/components/records/chips';
import { listPath, type ObjectKey, titleField, useIsObject } from '@/components/records/use-object';
import { cn } from '@/components/ui/cn';
import { CommandGroup, CommandItem } from '@/components/ui/command';
import { useCan } from './boot';
import { useFormat } from './format';
import type { Group } from './found-groups';
import { useLabels } from './labels';
import { creatable, useQuickCreate } from './quick-create';
import { navigate } from './router';

export type Hit = Group['hits'][number];

export const hitValue = ({ object, id }: { object: string; id: string }) => `${object} ${id}`;

/** Records of a search by kind, and the way to all of a kind where there are more. */
export function FoundGroups({
  groups,
  query,
  run,
  onChoose,
}: {
  groups: readonly Group[];
  query: string;
  run: (task: () => void) => void;
  /** Instead of opening the page of what is chosen. */
  onChoose?: ((hit: Hit) => void) | undefined;
}) {
  const t = useTranslations('shell.palette');
  const labels = useLabels();
  const isObject = useIsObject();
  return groups.map(({ object, hits, count, more }) => {
    if (!isObject(object)) return null;
    const all = `${listPath(object)}?q=${encodeURIComponent(query)}`;
    return (
      <CommandGroup key={object} heading={labels.object(object, 'Other')}>
        {hits.map((hit) => (
          <HitItem key={hit.id} hit={hit} object={object} run={run} onChoose={onChoose} />
        ))}
        {!onChoose && (more || count > hits.length) && (
          <CommandItem value={`all ${object}`} onSelect={() => run(() => navigate(all))}>
            <Rows3 />
            <span className="truncate text-muted-foreground">
              {t(more ? 'allAndMore' : 'all', { count, objects: labels.object(object, 'other') })}
            </span>
          </CommandItem>
        )}
      </CommandGroup>
    );
  });
}

/** Records opened last. */
export function RecentGroup({
  hits,
  run,
  onChoose,
}: {
  hits: readonly Hit[];
  run: (task: () => void) => void;
  onChoose?: (hit: Hit) => void;
}) {
  const t = useTranslations('shell.palette');
  const labels = useLabels();
  const isObject = useIsObject();
  if (hits.length === 0) return null;
  return (
    <CommandGroup heading={t('recent')}>
      {hits.map((hit) => {
        const { object } = hit;
        if (!isObject(object)) return null;
        const kind = labels.object(object, 'One');
        return <HitItem key={hit.id} hit={hit} object={object} run={run} kind={kind} onChoose={onChoose} />;
      })}
    </CommandGroup>
  );
}

function HitItem({
  hit,
  object,
  kind,
  run,
  onChoose,
}: {
  hit: Hit;
  object: ObjectKey;
  /** Said at the end where records of several kinds stand together. */
  kind?: string;
  run: (task: () => void) => void;
  onChoose?: ((hit: Hit) => void) | undefined;
}) {
  const { id, title, subtitle, when, done, marks, found } = hit;
  const labels = useLabels();
  const format = useFormat();
  const open = () => (onChoose ? onChoose(hit) : navigate(`${listPath(object)}/${id}`));
  return (
    <CommandItem value={hitValue(hit)} onSelect={() => run(open)}>
      <RecordAvatar object={object} id={id} title={title} />
      <span
        className={cn(
          'min-w-0 max-w-[70%] shrink-0 truncate max-sm:shrink',
          done && 'text-muted-foreground line-through',
        )}
        title={title}
      >
        <Marked text={title} marks={marks} />
      </span>
      <span className="min-w-0 truncate text-muted-foreground">
        {found ? (
          <>
            {labels.field(object, found.field)} <Marked text={found.text} marks={found.marks} />
          </>
        ) : (
          subtitle
        )}
      </span>
      {(kind || when) && (
        <span className="ml-auto shrink-0 pl-4 text-muted-foreground text-xs">
          {[kind, when && (when.length > 10 ? format.dateTime(when) : format.relativeDay(when))]
            .filter(Boolean)
            .join(' · ')}
        </span>
      )}
    </CommandItem>
  );
}

/** A text with the parts that were found standing out. */
export function Marked({ text, marks }: { text: string; marks: readonly (readonly [number, number])[] }) {
  const parts = marks.map(([from, to], i) => ({
    from,
    before: text.slice(marks[i - 1]?.[1] ?? 0, from),
    part: text.slice(from, to),
  }));
  return (
    <>
      {parts.map(({ from, before, part }) => (
        <span key={from}>
          {before}
          <mark className="bg-transparent font-semibold text-link">{part}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.[1] ?? 0)}
    </>
  );
}

const mail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Offers to make a record of what was typed: a mail address is a person's. */
export function CreateGroup({ query, run }: { query: string; run: (task: () => void) => void }) {
  const t = useTranslations('shell.palette');
  const labels = useLabels();
  const can = useCan();
  const create = useQuickCreate();
  const offered = creatable.filter((object) => can(`${object}.write`) && (!mail.test(query) || object === 'contact'));
  if (offered.length === 0) return null;
  return (
    <CommandGroup heading={t('create')}>
      {offered.map((object) => {
        const values = { [mail.test(query) ? 'email' : titleField(object)]: query };
        return (
          <CommandItem key={object} value={`new ${object}`} onSelect={() => run(() => create(object, values))}>
            <Plus />
            <span className="truncate">{t('createNamed', { object: labels.object(object, 'one'), name: query })}</span>
          </CommandItem>
        );
      })}
    </CommandGroup>
  );
}
