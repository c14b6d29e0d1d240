import activities from './zh/activities.json';
import common from './zh/common.json';
import conversation from './zh/conversation.json';
import deals from './zh/deals.json';
import duplicates from './zh/duplicates.json';
import errors from './zh/errors.json';
import exported from './zh/exports.json';
import fields from './zh/fields.json';
import home from './zh/home.json';
import records from './zh/records.json';
import reports from './zh/reports.json';
import shell from './zh/shell.json';
import tasks from './zh/tasks.json';

/** The words of every page but those of `zh-more.ts`. */
export default {
  activities,
  common,
  conversation,
  deals,
  duplicates,
  errors,
  exports: exported,
  fields,
  home,
  records,
  reports,
  shell,
  tasks,
};
