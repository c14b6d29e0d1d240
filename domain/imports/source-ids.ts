const short = /^[0-9A-Za-z]{15}$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * An id as its source would write it everywhere. Salesforce's reports cut ids to 15 characters that differ in case; its
 * data exports add three that say which of each five are capitals ("ID Field Type", Salesforce Object Reference).
 */
export function wholeId(source: string, id: string): string {
  if (source !== 'salesforce' || !short.test(id)) return id;
  const suffix = [0, 5, 10].map((at) => {
    const bits = [...id.slice(at, at + 5)].reduce((sum, char, i) => sum + (/[A-Z]/.test(char) ? 2 ** i : 0), 0);
    return alphabet[bits];
  });
  return id + suffix.join('');
}
