import archives from './en/archives.json';
import audit from './en/audit.json';
import fieldsSettings from './en/fields-settings.json';
import imports from './en/imports.json';
import settings from './en/settings.json';

/** The words of settings and imports alone, which most days nobody opens. */
export default {
  archives,
  audit,
  fieldsSettings,
  imports,
  settings,
};
