'use client';

import type { RecordRow } from '@/components/records/record-data';
import { TaskRow } from '@/components/records/task-row';
import { cn } from '@/components/ui/cn';

/** Tasks under one heading; nothing at all when there are none. */
export function TaskSection({
  title,
  late,
  tasks,
  more,
  chosen,
  onSelect,
  onOpen,
}: {
  title: string;
  late?: boolean;
  tasks: readonly RecordRow[];
  /** There are more of them than these. */
  more?: boolean;
  /** The ones that are chosen; without it none can be. */
  chosen?: ReadonlySet<string>;
  onSelect?: (id: string, selected: boolean) => void;
  onOpen?: (id: string) => void;
}) {
  if (tasks.length === 0) return null;
  return (
    <section>
      <h2
        className={cn(
          'flex items-center gap-2 pb-1.5 font-medium text-sm',
          late ? 'text-destructive' : 'text-foreground',
        )}
      >
        {title}
        <span className="tabular font-normal text-muted-foreground text-xs">
          {tasks.length}
          {more && '+'}
        </span>
      </h2>
      <ul className="divide-y overflow-hidden rounded-lg border bg-card">
        {tasks.map((task) => (
          <li key={task.id} className="hover:bg-subtle">
            <TaskRow
              task={task}
              showLinks
              onOpen={onOpen}
              selected={chosen?.has(task.id)}
              onSelect={chosen && onSelect}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
