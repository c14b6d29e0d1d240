import { z } from 'zod';
import { contactCompanyRoles, contactCreate, contactUpdate } from '@/domain/contacts';
import { idInput, recordProcedures } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { dealsOfContact } from '../deals/people';
import { companiesOfContact, contactType, createContact, linkCompany, unlinkCompany, updateContact } from './contacts';

const linkInput = z.strictObject({
  contactId: z.uuid(),
  companyId: z.uuid(),
  role: z.enum(contactCompanyRoles).nullish(),
  primary: z.boolean().optional(),
});

export const contactsRouter = router({
  ...recordProcedures(contactType, contactCreate, contactUpdate, { create: createContact, update: updateContact }),
  companies: procedure('company.read')
    .input(idInput)
    .query(({ ctx, input }) => companiesOfContact(ctx.work, input.id)),
  deals: procedure('deal.read')
    .input(idInput)
    .query(({ ctx, input }) => dealsOfContact(ctx.work, input.id)),
  linkCompany: procedure('contact.write')
    .input(linkInput)
    .mutation(({ ctx, input }) => linkCompany(ctx.work, input)),
  unlinkCompany: procedure('contact.write')
    .input(linkInput.pick({ contactId: true, companyId: true }))
    .mutation(({ ctx, input }) => unlinkCompany(ctx.work, input)),
});
