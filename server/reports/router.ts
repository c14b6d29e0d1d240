import { reportScope, revenueInput, wonByInput } from '@/domain/reports';
import { procedure, router } from '../core/trpc';
import { home, revenueBy, wonBy } from './reports';

export const reportsRouter = router({
  home: procedure('reports.read', { heavy: 'reports' })
    .input(reportScope)
    .query(({ ctx, input }) => home(ctx.work, input)),
  revenueBy: procedure('reports.read', { heavy: 'reports' })
    .input(revenueInput)
    .query(({ ctx, input }) => revenueBy(ctx.work, input)),
  wonBy: procedure('reports.read', { heavy: 'reports' })
    .input(wonByInput)
    .query(({ ctx, input }) => wonBy(ctx.work, input)),
});
