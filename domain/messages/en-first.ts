import activities from './en/activities.json';
import common from './en/common.json';
import conversation from './en/conversation.json';
import deals from './en/deals.json';
import duplicates from './en/duplicates.json';
import errors from './en/errors.json';
import exported from './en/exports.json';
import fields from './en/fields.json';
import home from './en/home.json';
import records from './en/records.json';
import reports from './en/reports.json';
import shell from './en/shell.json';
import tasks from './en/tasks.json';

/** The words of every page but those of `en-more.ts`. */
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
