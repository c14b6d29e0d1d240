import { headerKey } from './keys';

/** HubSpot's columns of when a deal entered a stage: `Date entered "Closed Won (Sales Pipeline)"`, in the words of the account. */
const entered =
  /^\s*(?:date entered|entered|first entered|进入|fecha de entrada en|eintrittsdatum|date d.entrée dans|data de entrada em)\s*["“”'‘«「]\s*(.+?)\s*["“”'’»」](?:\s*(?:的?日期|stage|阶段的?日期))?\s*$/iu;

/** The stage that a column of a deal's history is about, and its pipeline where the header names it; null for other columns. */
export function stageOfHeader(header: string): { stage: string; pipeline: string | null } | null {
  const inside = entered.exec(header.slice(0, 300))?.[1];
  if (!inside) return null;
  const parts = /^(.+?)\s*[(（]([^()（）]+)[)）]$/.exec(inside);
  return parts?.[1] && parts[2] ? { stage: parts[1], pipeline: parts[2] } : { stage: inside, pipeline: null };
}

/** Whether the rows of a file are moves: when, in a column that names no stage of its own. */
export const areMoves = (columns: readonly { target: string | null; header: string }[]): boolean =>
  columns.some(({ target, header }) => target === 'stageEntered' && stageOfHeader(header) === null);

/** Salesforce's `OpportunityHistory`: a row for every change of a deal, with the stage it was in. */
const history: Record<string, string> = {
  opportunityid: 'externalId',
  stagename: 'stage',
  createddate: 'stageEntered',
  createdbyid: 'createdByExternalId',
  isdeleted: 'deleted',
};

/** Where the columns of a list of moves go; null for any other file. What else it says was the deal's at that time. */
export function historyTargets(headers: readonly string[]): (string | null)[] | null {
  const keys = headers.map(headerKey);
  const has = (key: string) => keys.includes(key);
  const isHistory = has('opportunityid') && has('stagename') && has('createddate') && !has('name') && !has('accountid');
  return isHistory ? keys.map((key) => history[key] ?? null) : null;
}
