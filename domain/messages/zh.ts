import activities from './zh/activities.json';
import archives from './zh/archives.json';
import audit from './zh/audit.json';
import common from './zh/common.json';
import conversation from './zh/conversation.json';
import deals from './zh/deals.json';
import duplicates from './zh/duplicates.json';
import errors from './zh/errors.json';
import exported from './zh/exports.json';
import fields from './zh/fields.json';
import fieldsSettings from './zh/fields-settings.json';
import home from './zh/home.json';
import imports from './zh/imports.json';
import mail from './zh/mail.json';
import records from './zh/records.json';
import reports from './zh/reports.json';
import settings from './zh/settings.json';
import shell from './zh/shell.json';
import site from './zh/site.json';
import tasks from './zh/tasks.json';

export default {
  activities,
  archives,
  audit,
  common,
  conversation,
  deals,
  duplicates,
  errors,
  exports: exported,
  fields,
  fieldsSettings,
  home,
  imports,
  mail,
  records,
  reports,
  settings,
  shell,
  site,
  tasks,
};
