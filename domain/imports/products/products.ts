import { dynamics } from './dynamics';
import { google } from './google';
import { guanxi } from './guanxi';
import { hubspot } from './hubspot';
import { outlook } from './outlook';
import { phone } from './phone';
import { pipedrive } from './pipedrive';
import type { Product } from './product';
import { salesforce } from './salesforce';
import { suitecrm } from './suitecrm';
import { zoho } from './zoho';

/** Products whose exports are recognised; their names for people are `imports.products`. */
export const sourceProducts = [
  'hubspot',
  'salesforce',
  'pipedrive',
  'zoho',
  'dynamics',
  'suitecrm',
  'google',
  'outlook',
  'phone',
  'guanxi',
] as const;
export type SourceProduct = (typeof sourceProducts)[number];

export const products: Record<SourceProduct, Product> = {
  hubspot,
  salesforce,
  pipedrive,
  zoho,
  dynamics,
  suitecrm,
  google,
  outlook,
  phone,
  guanxi,
};
