'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type CatalogueObject, catalogueOf } from '@/domain/catalogue';
import type { OwnObject } from '@/domain/fields';
import { can, type Permission, type RecordAction } from '@/domain/permissions';
import { type Inputs, type Outputs, useTRPC, useTRPCClient } from './trpc';

type Answer = Outputs['tenant']['boot'];

/** In the browser there always is a person; only machines call without one. */
export type Boot = Answer & { user: NonNullable<Answer['user']> };

const BootContext = createContext<Boot | null>(null);
const CatalogueContext = createContext<ReadonlyMap<string, CatalogueObject> | null>(null);

export function BootProvider({ boot, children }: { boot: Boot; children: ReactNode }) {
  const { objects, fields } = boot;
  const catalogue = useMemo(() => catalogueOf(objects, fields), [objects, fields]);
  return (
    <BootContext value={boot}>
      <CatalogueContext value={catalogue}>{children}</CatalogueContext>
    </BootContext>
  );
}

/** Tenant, person, pipelines, teams: what the whole product needs to know before it paints. */
export function useBoot(): Boot {
  const boot = useContext(BootContext);
  if (!boot) throw new Error('useBoot outside the shell');
  return boot;
}

/** The tenant's kinds of records, by name: the standard ones with what it added, and its own. */
export function useCatalogue(): ReadonlyMap<string, CatalogueObject> {
  const catalogue = useContext(CatalogueContext);
  if (!catalogue) throw new Error('useCatalogue outside the shell');
  return catalogue;
}

/** A right of everybody's table, or to records of an object the tenant made (`o_asset.write`). */
export type AnyPermission = Permission | `${OwnObject}.${RecordAction}`;

/** The same rights the server asks: one table for all tenants, and what each of its own objects says. */
export function useCan(): (permission: AnyPermission) => boolean {
  const { member } = useBoot();
  const catalogue = useCatalogue();
  return (permission) => {
    const [name = '', action] = permission.split('.');
    const kind = catalogue.get(name)?.definition;
    if (kind) return kind.rights[action as RecordAction][member.role] !== 'none';
    // What is left when it is no object of the tenant is a right of the table; an object that is gone gives none.
    return !name.startsWith('o_') && can(member.role, permission as Permission);
  };
}

type Storable = Inputs['preferences']['set']['value'];

/** Something this person arranged here (columns, widths): read at once, kept on the server. */
export function usePreference<T extends Storable>(key: string, fallback: T): [T, (value: T) => void] {
  const { preferences } = useBoot();
  const queries = useQueryClient();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const set = (value: T) => {
    queries.setQueryData(trpc.tenant.boot.queryKey(), (boot) =>
      boot ? { ...boot, preferences: { ...boot.preferences, [key]: value } } : boot,
    );
    // An arrangement that could not be kept is not worth a message: it holds until the page is left.
    client.preferences.set.mutate({ key, value }).catch(() => {});
  };
  // Only this hook writes the key, and always a T.
  return [(preferences[key] as T | undefined) ?? fallback, set];
}
