import mail from './zh/mail.json';
import site from './zh/site.json';
import first from './zh-first';
import more from './zh-more';

export default { ...first, ...more, mail, site };
