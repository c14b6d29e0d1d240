let site = '';

/** Says under which address people reach the site; called once, at boot. For links in mails that no request asked for. */
export function openSite(address: string): void {
  site = address;
}

/** Address people reach the site under, without a trailing slash. */
export const siteAddress = (): string => site;
