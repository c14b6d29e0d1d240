import mail from './en/mail.json';
import site from './en/site.json';
import first from './en-first';
import more from './en-more';

export default { ...first, ...more, mail, site };
