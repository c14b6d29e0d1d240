import { accountRouter } from './accounts/router';
import { activitiesRouter } from './activities/router';
import { apiKeysRouter } from './api-keys/router';
import { archivesRouter } from './archives/router';
import { attachmentsRouter } from './attachments/router';
import { auditRouter } from './audit/router';
import { binRouter } from './bin/router';
import { changesRouter } from './changes/router';
import { companiesRouter } from './companies/router';
import { contactsRouter } from './contacts/router';
import { conversationRouter } from './conversation/router';
import { router } from './core/trpc';
import { dealsRouter } from './deals/router';
import { duplicatesRouter } from './duplicates/router';
import { exportsRouter } from './exports/router';
import { fieldsRouter, objectsRouter } from './fields/router';
import { importsRouter } from './imports/router';
import { jobsRouter } from './jobs/router';
import { layoutsRouter } from './layouts/router';
import { liveRouter } from './live/router';
import { membersRouter } from './members/router';
import { mergesRouter } from './merges/router';
import { notesRouter } from './notes/router';
import { notificationsRouter } from './notifications/router';
import { pipelinesRouter } from './pipelines/router';
import { productsRouter } from './products/router';
import { recordsRouter } from './records/router';
import { relationsRouter } from './relations/router';
import { reportsRouter } from './reports/router';
import { samplesRouter } from './samples/router';
import { searchRouter } from './search/router';
import { tasksRouter } from './tasks/router';
import { teamsRouter } from './teams/router';
import { preferencesRouter, tenantRouter } from './tenants/router';
import { bulkRouter, viewsRouter } from './views/router';

/** The door for people: one line per domain. */
export const appRouter = router({
  account: accountRouter,
  activities: activitiesRouter,
  apiKeys: apiKeysRouter,
  archives: archivesRouter,
  attachments: attachmentsRouter,
  audit: auditRouter,
  bulk: bulkRouter,
  bin: binRouter,
  changes: changesRouter,
  companies: companiesRouter,
  contacts: contactsRouter,
  conversation: conversationRouter,
  deals: dealsRouter,
  duplicates: duplicatesRouter,
  exports: exportsRouter,
  fields: fieldsRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  layouts: layoutsRouter,
  live: liveRouter,
  members: membersRouter,
  merges: mergesRouter,
  notes: notesRouter,
  notifications: notificationsRouter,
  objects: objectsRouter,
  pipelines: pipelinesRouter,
  preferences: preferencesRouter,
  products: productsRouter,
  records: recordsRouter,
  relations: relationsRouter,
  reports: reportsRouter,
  samples: samplesRouter,
  search: searchRouter,
  tasks: tasksRouter,
  teams: teamsRouter,
  tenant: tenantRouter,
  views: viewsRouter,
});
export type AppRouter = typeof appRouter;
