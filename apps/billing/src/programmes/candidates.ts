import { ineligibility, type ResidentFacts } from './eligibility';
import { concerns, type ServiceAsked, type Terms } from './programme';
import type { Candidate } from './split';

/** The programmes that concern a service, in the order in which they are asked, each with what bars it. */
export function candidatesFor(
  offers: readonly { terms: Terms; payer: Candidate['payer'] }[],
  service: ServiceAsked,
  resident: ResidentFacts | null,
): Candidate[] {
  return offers
    .filter(
      ({ terms, payer }) =>
        concerns(terms, service) && (payer === 'funder' || terms.funderId === service.operatorId),
    )
    .sort(({ terms: a }, { terms: b }) => a.order - b.order || (a.code < b.code ? -1 : 1))
    .map(({ terms, payer }) => ({
      terms,
      payer,
      ineligible: resident ? ineligibility(terms.eligibility, resident, service) : undefined,
    }));
}
