import archives from './zh/archives.json';
import audit from './zh/audit.json';
import fieldsSettings from './zh/fields-settings.json';
import imports from './zh/imports.json';
import settings from './zh/settings.json';

/** The words of settings and imports alone, which most days nobody opens. */
export default {
  archives,
  audit,
  fieldsSettings,
  imports,
  settings,
};
