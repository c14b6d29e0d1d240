import { companyCreate, companyUpdate } from '@/domain/companies';
import { contactsOfCompany } from '../contacts/contacts';
import { idInput, recordProcedures } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { companyType, updateCompany } from './companies';

export const companiesRouter = router({
  ...recordProcedures(companyType, companyCreate, companyUpdate, { update: updateCompany }),
  contacts: procedure('contact.read')
    .input(idInput)
    .query(({ ctx, input }) => contactsOfCompany(ctx.work, input.id)),
});
