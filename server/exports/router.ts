import { exportInput } from '@/domain/exports';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { cancelExport, getExport, listOwnExports, startExport } from './exports';

export const exportsRouter = router({
  start: procedure('exports.run', { heavy: 'exports', confirmedEmail: true })
    .input(exportInput)
    .mutation(({ ctx, input }) => startExport(ctx.work, input)),
  cancel: procedure('exports.run')
    .input(idInput)
    .mutation(({ ctx, input }) => cancelExport(ctx.work, input.id)),
  get: procedure('exports.run')
    .input(idInput)
    .query(({ ctx, input }) => getExport(ctx.work, input.id)),
  list: procedure('exports.run').query(({ ctx }) => listOwnExports(ctx.work)),
});
