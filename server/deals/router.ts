import { z } from 'zod';
import { dealContactRoles, dealCreate, dealUpdate } from '@/domain/deals';
import { baseInput } from '../core/base';
import { idInput, recordProcedures } from '../core/record-router';
import type { RecordValues } from '../core/record-types';
import { procedure, router } from '../core/trpc';
import { board, boardInput, column, columnInput } from './board';
import { createDeal, dealType, moveDeal, updateDeal, updateDeals } from './deals';
import { contactsOfDeal, linkContact, unlinkContact } from './people';

const moveInput = z.strictObject({
  id: z.uuid(),
  stageId: z.uuid(),
  values: dealUpdate.optional(),
  version: z.int().min(1).optional(),
  base: baseInput,
  before: z.uuid().nullish(),
  after: z.uuid().nullish(),
});
const linkInput = z.strictObject({
  dealId: z.uuid(),
  contactId: z.uuid(),
  role: z.enum(dealContactRoles).nullish(),
  primary: z.boolean().optional(),
});

export const dealsRouter = router({
  ...recordProcedures(dealType, dealCreate, dealUpdate, {
    create: createDeal,
    update: updateDeal,
    updateMany: updateDeals,
  }),
  board: procedure('deal.read', { heavy: 'board' })
    .input(boardInput)
    .query(({ ctx, input }) => board(ctx.work, input)),
  column: procedure('deal.read', { heavy: 'board' })
    .input(columnInput)
    .query(({ ctx, input }) => column(ctx.work, input)),
  move: procedure('deal.write')
    .input(moveInput)
    // The schema is the catalogue's: what passes is a deal's values.
    .mutation(({ ctx, input }) => moveDeal(ctx.work, { ...input, values: input.values as RecordValues | undefined })),
  contacts: procedure('contact.read')
    .input(idInput)
    .query(({ ctx, input }) => contactsOfDeal(ctx.work, input.id)),
  linkContact: procedure('deal.write')
    .input(linkInput)
    .mutation(({ ctx, input }) => linkContact(ctx.work, input)),
  unlinkContact: procedure('deal.write')
    .input(linkInput.pick({ dealId: true, contactId: true }))
    .mutation(({ ctx, input }) => unlinkContact(ctx.work, input)),
});
