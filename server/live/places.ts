import type { HereTold } from '../core/bus';

/** Somebody who looks at a record. */
export interface Present {
  member: string;
  tab: string;
  field?: string;
}

interface Entry extends Present {
  stream: string;
  key: string;
  until: number;
}

interface Place {
  object: string;
  id: string;
  tabs: Set<string>;
}

interface Tenant {
  /** Where each tab is. */
  tabs: Map<string, Entry>;
  places: Map<string, Place>;
}

/** Tabs say every 20 seconds that they are still there. */
const keptMs = 50_000;
/** A person with more tabs is somebody who plays. */
const tabsPerMember = 30;
const shownAtMost = 30;

/** How a place is called. */
export const keyOf = ({ object, id }: { object: string; id: string }) => `${object} ${id}`;

/** Who looks at what, in all processes: each tells the others, and forgets whom it has not heard of for a while. */
export class Places {
  private readonly tenants = new Map<string, Tenant>();

  /** Takes in what a process told. @returns places where something is different now */
  set(told: HereTold, now: number): Set<string> {
    if (!told.tab) return this.leave(told.tenant, told.stream);
    const tenant = this.tenants.get(told.tenant) ?? {
      tabs: new Map<string, Entry>(),
      places: new Map<string, Place>(),
    };
    this.tenants.set(told.tenant, tenant);
    const before = tenant.tabs.get(told.tab);
    // A tab's name is its browser's own invention.
    if (before && before.member !== told.member) return new Set();
    const changed = new Set<string>();
    const key = told.place && keyOf(told.place);
    if (before && before.key !== key) {
      remove(tenant, told.tab);
      changed.add(before.key);
    }
    if (told.place && key) {
      if (!before && countOf(tenant, told.member) >= tabsPerMember) return changed;
      const { member, stream, tab, field } = told;
      tenant.tabs.set(tab, { member, stream, tab, field, key, until: now + keptMs });
      const place = tenant.places.get(key) ?? { ...told.place, tabs: new Set<string>() };
      place.tabs.add(tab);
      tenant.places.set(key, place);
      if (before?.key !== key || before.field !== field || before.stream !== stream) changed.add(key);
    }
    this.drop(told.tenant);
    return changed;
  }

  /** Takes a stream's tabs away. @returns the places they were at */
  leave(tenantId: string, stream: string): Set<string> {
    const tenant = this.tenants.get(tenantId);
    const gone = [...(tenant?.tabs.values() ?? [])].filter((entry) => entry.stream === stream);
    if (tenant) for (const { tab } of gone) remove(tenant, tab);
    this.drop(tenantId);
    return new Set(gone.map(({ key }) => key));
  }

  /** Forgets tabs that have not been heard of. @returns the places they were at */
  expired(now: number): { tenant: string; key: string }[] {
    const found: { tenant: string; key: string }[] = [];
    for (const [tenantId, tenant] of this.tenants) {
      for (const { tab, key, until } of tenant.tabs.values()) {
        if (until > now) continue;
        remove(tenant, tab);
        found.push({ tenant: tenantId, key });
      }
      this.drop(tenantId);
    }
    return found;
  }

  /** Who is at a place, and by which streams they hear of each other; a place nobody is at has none. */
  at(
    tenantId: string,
    key: string,
  ): { object: string; id: string; people: Present[]; streams: ReadonlyMap<string, string> } | undefined {
    const tenant = this.tenants.get(tenantId);
    const place = tenant?.places.get(key);
    if (!tenant || !place) return undefined;
    const entries = [...place.tabs].flatMap((tab) => tenant.tabs.get(tab) ?? []);
    return {
      object: place.object,
      id: place.id,
      people: entries.slice(0, shownAtMost).map(({ member, tab, field }) => ({ member, tab, field })),
      streams: new Map(entries.map(({ stream, member }) => [stream, member])),
    };
  }

  /** Whether a stream has a tab at a place. */
  holds(tenantId: string, key: string, stream: string): boolean {
    return this.at(tenantId, key)?.streams.has(stream) ?? false;
  }

  private drop(tenantId: string): void {
    if (this.tenants.get(tenantId)?.tabs.size === 0) this.tenants.delete(tenantId);
  }
}

function remove(tenant: Tenant, tab: string): void {
  const entry = tenant.tabs.get(tab);
  tenant.tabs.delete(tab);
  const place = entry && tenant.places.get(entry.key);
  if (!place) return;
  place.tabs.delete(tab);
  if (place.tabs.size === 0) tenant.places.delete(entry.key);
}

function countOf(tenant: Tenant, member: string): number {
  let count = 0;
  for (const entry of tenant.tabs.values()) if (entry.member === member) count++;
  return count;
}
