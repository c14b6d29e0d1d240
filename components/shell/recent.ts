import { useEffect, useState } from 'react';
import { useIsObject } from '@/components/records/use-object';
import { useBoot } from './boot';
import { useRouter } from './router';

/** A record somebody opened: no names, which are asked for with the rights of the moment. */
export interface Visit {
  object: string;
  id: string;
}

const most = 12;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The records this person opened last in this browser, the last one first; the one on the screen is not among them. */
export function useRecentVisits(): Visit[] {
  const { match, slug } = useRouter();
  const { member } = useBoot();
  const isObject = useIsObject();
  const key = `guanxi.recent.${slug}.${member.id}`;
  const object = match?.screen.object ?? match?.params.object;
  const id = match?.params.id;
  const [visits, setVisits] = useState<Visit[]>(() => read(key));
  useEffect(() => {
    if (!object || !id || !uuid.test(id)) return;
    // Read again: another tab may have added to it.
    const next = [{ object, id }, ...read(key).filter((visit) => visit.id !== id)].slice(0, most);
    setVisits(next);
    write(key, next);
  }, [key, object, id]);
  return visits.filter((visit) => visit.id !== id && isObject(visit.object));
}

function read(key: string): Visit[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isVisit).slice(0, most) : [];
  } catch {
    // Storage that is closed or holds something else: then nothing is recent.
    return [];
  }
}

function write(key: string, visits: readonly Visit[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(visits));
  } catch {
    // Full or closed: the list lasts as long as the page.
  }
}

function isVisit(value: unknown): value is Visit {
  if (typeof value !== 'object' || value === null) return false;
  const { object, id } = value as Partial<Record<keyof Visit, unknown>>;
  return typeof object === 'string' && typeof id === 'string' && uuid.test(id);
}
