'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { toast } from '@/components/ui/toaster';
import { contactCompanyRoles } from '@/domain/contacts';
import { dealContactRoles } from '@/domain/deals';

export type Linked = Pick<Outputs['contacts']['companies'][number], 'id' | 'name' | 'role' | 'primary'> &
  Partial<Pick<Outputs['companies']['contacts'][number], 'jobTitle' | 'email' | 'phone'>>;

/** Which two kinds of record are linked, seen from which side. */
export type LinkKind = 'companyContacts' | 'contactCompanies' | 'dealContacts' | 'contactDeals';

/** Whether a link is a contact's part in a deal, from either side. */
export const ofDeal = (kind: LinkKind) => kind === 'dealContacts' || kind === 'contactDeals';

export interface Links {
  items: Linked[] | undefined;
  failed: boolean;
  /** Values of the role; labels are in `fields.<roleKey>`. */
  roles: readonly string[];
  roleKey: 'contactCompanyRoles' | 'dealContactRoles';
  /** Links, or changes the role or the primary mark of what is linked already. */
  put: (item: Linked) => void;
  remove: (item: Linked) => void;
}

/** What is linked to a record with a role, shown as changed before the server answers. */
export function useLinks(kind: LinkKind, id: string): Links {
  const t = useTranslations('records.related');
  const trpc = useTRPC();
  const queries = useQueryClient();
  const undoToast = useUndoToast();
  const text = useRefusalText();
  const companyContacts = useQuery(
    trpc.companies.contacts.queryOptions({ id }, { enabled: kind === 'companyContacts' }),
  );
  const contactCompanies = useQuery(
    trpc.contacts.companies.queryOptions({ id }, { enabled: kind === 'contactCompanies' }),
  );
  const dealContacts = useQuery(trpc.deals.contacts.queryOptions({ id }, { enabled: kind === 'dealContacts' }));
  const contactDeals = useQuery(trpc.contacts.deals.queryOptions({ id }, { enabled: kind === 'contactDeals' }));
  const query = { companyContacts, contactCompanies, dealContacts, contactDeals }[kind];
  const key: readonly unknown[] = {
    companyContacts: trpc.companies.contacts.queryKey({ id }),
    contactCompanies: trpc.contacts.companies.queryKey({ id }),
    dealContacts: trpc.deals.contacts.queryKey({ id }),
    contactDeals: trpc.contacts.deals.queryKey({ id }),
  }[kind];
  const show = (change: (items: Linked[]) => Linked[]) => {
    const before = queries.getQueryData<Linked[]>(key);
    queries.setQueryData(key, change(before ?? []));
    return (error: unknown) => {
      queries.setQueryData(key, before);
      toast.error(text(error));
    };
  };
  const meta = { quiet: true, refresh: ['companies', 'contacts', 'deals'] };
  const linkCompany = useMutation(trpc.contacts.linkCompany.mutationOptions({ meta }));
  const unlinkCompany = useMutation(trpc.contacts.unlinkCompany.mutationOptions({ meta }));
  const linkContact = useMutation(trpc.deals.linkContact.mutationOptions({ meta }));
  const unlinkContact = useMutation(trpc.deals.unlinkContact.mutationOptions({ meta }));

  const dealPair = (item: Linked) =>
    kind === 'contactDeals' ? { dealId: item.id, contactId: id } : { dealId: id, contactId: item.id };
  // By their promises: callbacks given to a mutation are forgotten when the next one goes out or the list leaves the screen.
  const put = (item: Linked) => {
    const takeBack = show((items) => {
      const others = items.map((each) => (item.primary && onePrimary(kind) ? { ...each, primary: false } : each));
      const at = others.findIndex((each) => each.id === item.id);
      return at < 0 ? [...others, item] : others.with(at, item);
    });
    const { role, primary } = item;
    if (ofDeal(kind)) {
      const pair = dealPair(item);
      linkContact.mutateAsync({ ...pair, role: oneOf(dealContactRoles, role), primary }).catch(takeBack);
    } else {
      const pair =
        kind === 'companyContacts' ? { companyId: id, contactId: item.id } : { companyId: item.id, contactId: id };
      linkCompany.mutateAsync({ ...pair, role: oneOf(contactCompanyRoles, role), primary }).catch(takeBack);
    }
  };
  const remove = (item: Linked) => {
    const takeBack = show((items) => items.filter((each) => each.id !== item.id));
    const offerUndo = ({ changeSetId }: { changeSetId: string }) =>
      undoToast(changeSetId, t('unlinked', { name: item.name }));
    if (ofDeal(kind)) unlinkContact.mutateAsync(dealPair(item)).then(offerUndo, takeBack);
    else {
      const pair =
        kind === 'companyContacts' ? { companyId: id, contactId: item.id } : { companyId: item.id, contactId: id };
      unlinkCompany.mutateAsync(pair).then(offerUndo, takeBack);
    }
  };
  return {
    items: query.data,
    failed: query.isError,
    roles: ofDeal(kind) ? dealContactRoles : contactCompanyRoles,
    roleKey: ofDeal(kind) ? 'dealContactRoles' : 'contactCompanyRoles',
    put,
    remove,
  };
}

/** A record has one main company or contact; of the deals or contacts on the other side several may have it as theirs. */
export const onePrimary = (kind: LinkKind) => kind === 'contactCompanies' || kind === 'dealContacts';

function oneOf<R extends string>(roles: readonly R[], role: string | null): R | null {
  return roles.find((known) => known === role) ?? null;
}
