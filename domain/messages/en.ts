import activities from './en/activities.json';
import archives from './en/archives.json';
import audit from './en/audit.json';
import common from './en/common.json';
import conversation from './en/conversation.json';
import deals from './en/deals.json';
import duplicates from './en/duplicates.json';
import errors from './en/errors.json';
import exported from './en/exports.json';
import fields from './en/fields.json';
import fieldsSettings from './en/fields-settings.json';
import home from './en/home.json';
import imports from './en/imports.json';
import mail from './en/mail.json';
import records from './en/records.json';
import reports from './en/reports.json';
import settings from './en/settings.json';
import shell from './en/shell.json';
import site from './en/site.json';
import tasks from './en/tasks.json';

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
