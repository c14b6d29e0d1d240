import audit from './zh/audit.json';
import common from './zh/common.json';
import deals from './zh/deals.json';
import errors from './zh/errors.json';
import fields from './zh/fields.json';
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
  audit,
  common,
  deals,
  errors,
  fields,
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
