import { procedure, router } from '../core/trpc';
import {
  link,
  linked,
  linkedInput,
  linkInput,
  pointing,
  pointingInput,
  relationInput,
  setAttributes,
  unlink,
} from './relations';

/** Links between records through fields of type `relation`, and what points to a record. */
export const relationsRouter = router({
  of: procedure('records.read')
    .input(linkedInput)
    .query(({ ctx, input }) => linked(ctx.work, input)),
  pointing: procedure('records.read')
    .input(pointingInput)
    .query(({ ctx, input }) => pointing(ctx.work, input)),
  link: procedure('records.write')
    .input(linkInput)
    .mutation(({ ctx, input }) => link(ctx.work, input)),
  setAttributes: procedure('records.write')
    .input(linkInput)
    .mutation(({ ctx, input }) => setAttributes(ctx.work, input)),
  unlink: procedure('records.write')
    .input(relationInput.extend({ to: linkInput.shape.to }))
    .mutation(({ ctx, input }) => unlink(ctx.work, input)),
});
