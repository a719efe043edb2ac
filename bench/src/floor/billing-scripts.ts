import type { Place } from '../billing-scene';
import { loadSource, recorded } from './recorded';

type Send = (tx: Parameters<Parameters<typeof recorded>[0]>[0], ...args: unknown[]) => Promise<unknown>;

/** What a quote asks the database, in a transaction of its own. */
export async function quoteScript(
  operatorId: string,
  { siteId, regionCode, offerings }: Place,
  residentId: string,
  day: string,
): Promise<string> {
  const load = (path: string) => loadSource<Record<string, Send>>(`apps/billing/src/${path}`);
  const { placeOf } = load('quotes/quotes.queries');
  const { knowledgeOf } = load('charges/holds.queries');
  const { termsConcerning, budgetsCovering, readCounters } = load('programmes/programmes.queries');
  const { packagesFor } = load('packages/uses.queries');
  const asked = { offeringId: offerings.hot, residentId, start: `${day}T09:30:00Z` };
  const service = { kind: 'sports', mode: 'session', regionCode, day };
  const booking = {
    ...{ bookingId: operatorId, operatorId, contractId: operatorId, siteId, ...asked },
    ...{ kind: service.kind, mode: service.mode, serviceDay: day },
  };
  return [
    'BEGIN READ ONLY;',
    `SELECT set_config('app.operator_id', '${operatorId}', true);`,
    ...(await recorded((tx) => placeOf(tx, asked))),
    ...(await recorded((tx) => knowledgeOf(tx, [booking]))),
    ...(await recorded((tx) => termsConcerning(tx, [service]))),
    ...(await recorded((tx) => budgetsCovering(tx, [service]))),
    ...(await recorded((tx) => readCounters(tx, residentId, day))),
    ...(await recorded((tx) => packagesFor(tx, [booking]))),
    'COMMIT;',
  ].join('\n');
}
