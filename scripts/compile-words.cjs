// Takes the texts of domain/messages apart while Next builds, so that no browser needs what reads ICU's language.
const { default: compile } = require('icu-minify/compile');

/** A loader for Next's bundler: JSON in, JSON out. */
module.exports = (json) =>
  JSON.stringify(JSON.parse(json, (_key, value) => (typeof value === 'string' ? compile(value) : value)));
