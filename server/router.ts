import { accountRouter } from './accounts/router';
import { apiKeysRouter } from './api-keys/router';
import { auditRouter } from './audit/router';
import { changesRouter } from './changes/router';
import { companiesRouter } from './companies/router';
import { contactsRouter } from './contacts/router';
import { router } from './core/trpc';
import { dealsRouter } from './deals/router';
import { fieldsRouter, objectsRouter } from './fields/router';
import { importsRouter } from './imports/router';
import { jobsRouter } from './jobs/router';
import { membersRouter } from './members/router';
import { notesRouter } from './notes/router';
import { pipelinesRouter } from './pipelines/router';
import { productsRouter } from './products/router';
import { recordsRouter } from './records/router';
import { reportsRouter } from './reports/router';
import { samplesRouter } from './samples/router';
import { searchRouter } from './search/router';
import { tasksRouter } from './tasks/router';
import { teamsRouter } from './teams/router';
import { preferencesRouter, tenantRouter } from './tenants/router';

/** The door for people: one line per domain. */
export const appRouter = router({
  account: accountRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  changes: changesRouter,
  companies: companiesRouter,
  contacts: contactsRouter,
  deals: dealsRouter,
  fields: fieldsRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  members: membersRouter,
  notes: notesRouter,
  objects: objectsRouter,
  pipelines: pipelinesRouter,
  preferences: preferencesRouter,
  products: productsRouter,
  records: recordsRouter,
  reports: reportsRouter,
  samples: samplesRouter,
  search: searchRouter,
  tasks: tasksRouter,
  teams: teamsRouter,
  tenant: tenantRouter,
});
export type AppRouter = typeof appRouter;
