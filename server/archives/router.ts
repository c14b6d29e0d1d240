import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { discardArchive, fetchArchive, listArchives, loadArchive, loadInput, makeArchive } from './archives';

export const archivesRouter = router({
  list: procedure('archives.manage').query(({ ctx }) => listArchives(ctx.work)),
  make: procedure('archives.manage', { heavy: 'exports', stepUp: true, confirmedEmail: true }).mutation(({ ctx }) =>
    makeArchive(ctx.work),
  ),
  fetch: procedure('archives.manage', { stepUp: true, confirmedEmail: true })
    .input(idInput)
    .mutation(({ ctx, input }) => fetchArchive(ctx.work, input.id)),
  load: procedure('archives.manage', { stepUp: true, confirmedEmail: true })
    .input(loadInput)
    .mutation(({ ctx, input }) => loadArchive(ctx.work, input)),
  discard: procedure('archives.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => discardArchive(ctx.work, input.id)),
});
