import { Injectable } from '@nestjs/common';
import { packageWishOf } from '@doorstep/contracts';
import { DomainError, notFound } from '@doorstep/kernel';
import { currentActor, Database } from '@doorstep/platform';
import { byPackage } from '../charges/by-package';
import { judge, type HeldBooking, type Refusal } from '../charges/charge';
import { knowledgeOf } from '../charges/holds.queries';
import { KnownService } from '../known/known.service';
import { freeUses, packagesFor } from '../packages/uses.queries';
import { candidatesFor } from '../programmes/candidates';
import { budgetsCovering, readCounters, termsConcerning } from '../programmes/programmes.queries';
import { Purse } from '../programmes/purse';
import { split } from '../programmes/split';
import { siteScopeOf } from '../shared/actor.scope';
import type { AskQuoteDto, QuoteDto } from './quotes.dto';
import { placeOf, type Place } from './quotes.queries';

/** Who would pay what, if it were booked now: the same rules as for a held booking, and nothing is reserved. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly db: Database,
    private readonly known: KnownService,
  ) {}

  async quote(asked: AskQuoteDto): Promise<QuoteDto> {
    if (Date.parse(asked.end) <= Date.parse(asked.start)) throw endsBeforeStart();
    return (await this.attempt(asked)) ?? (await this.attemptAfterNews(asked));
  }

  private async attemptAfterNews(asked: AskQuoteDto): Promise<QuoteDto> {
    await this.known.arrival({ offering: asked.offeringId, resident: asked.residentId });
    const quote = await this.attempt(asked, { last: true });
    if (!quote) throw notFound('offering', asked.offeringId);
    return quote;
  }

  /** @returns nothing when it could be answered a moment later, and this isn't the last attempt */
  private attempt(asked: AskQuoteDto, { last = false } = {}): Promise<QuoteDto | undefined> {
    return this.db.read(async (tx) => {
      const place = await placeOf(tx, asked);
      if (!place || !mayReach(place)) return undefined;
      if (!place.residentKnown) {
        if (!last) return undefined;
        throw notFound('resident', asked.residentId);
      }
      if (place.contractId === null) throw notCovered(place);
      const booking = bookingOf(asked, { ...place, contractId: place.contractId });
      const service = {
        kind: place.kind,
        mode: place.mode,
        regionCode: place.regionCode,
        day: place.serviceDay,
      };
      const [[known], offers, budgets, counters, packages] = await Promise.all([
        knowledgeOf(tx, [booking]),
        termsConcerning(tx, [service]),
        budgetsCovering(tx, [service]),
        readCounters(tx, place.residentId, place.serviceDay),
        packagesFor(tx, [booking]),
      ]);
      const found = judge(booking, known);
      if (found.outcome !== 'priceable') throw refused(found.refusal);
      const judged = byPackage(found, await freeUses(tx, packages, { lock: false }), booking);
      if (judged.outcome !== 'priceable') throw refused(judged.refusal);
      const { siteStars, resident } = known;
      const candidates = candidatesFor(
        judged.use ? [] : offers,
        { ...service, operatorId: place.operatorId, siteStars },
        resident,
      );
      const result = split(
        judged.cost,
        candidates,
        new Purse(counters, budgets).for(place.residentId, service),
      );
      const { grossFen, residentFen, fundersFen, operatorFen, shares, trace } = result;
      return {
        ...{ serviceDay: place.serviceDay, contractId: place.contractId, priceId: judged.price.id },
        ...{
          unit: judged.tariff.unit,
          unitFen: judged.tariff.amountFen,
          spans: judged.tariff.spans,
          packageId: judged.use?.packageId ?? null,
          grossFen,
          residentFen,
          fundersFen,
          operatorFen,
        },
        funders: shares
          .filter(({ payer }) => payer === 'funder')
          .map(({ terms, amountFen }) => ({
            programmeId: terms.programmeId,
            funderId: terms.funderId,
            amountFen,
          })),
        trace,
      };
    });
  }
}

function mayReach({ siteId }: Place): boolean {
  return siteScopeOf(currentActor())?.includes(siteId) ?? true;
}

function bookingOf(
  { offeringId, start, end, partySize = 1, packageId }: AskQuoteDto,
  place: Place & { contractId: string },
): HeldBooking {
  const { operatorId, contractId, siteId, residentId, kind, mode, regionCode, serviceDay } = place;
  return {
    // No booking has this id, so no charge is found under it.
    bookingId: '00000000-0000-0000-0000-000000000000',
    ...{ operatorId, contractId, siteId, offeringId, residentId, kind, mode, regionCode, serviceDay },
    ...{ start, end, partySize, packageWish: packageWishOf(packageId) },
  };
}

function refused({ code, reason, mend }: Refusal): DomainError {
  return new DomainError('invalid', code, reason, {
    mend:
      mend ??
      'It can be booked once its contract is in force and a price is set: GET /v1/contracts, GET /v1/prices.',
  });
}

function notCovered({ serviceDay }: Place): DomainError {
  return new DomainError(
    'invalid',
    'site_not_in_force',
    `No contract covers this service at its site on ${serviceDay}.`,
    {
      mend: 'Bring the site under a contract: POST /v1/contracts/{id}/sites.',
    },
  );
}

function endsBeforeStart(): DomainError {
  return new DomainError('invalid', 'period_empty', 'The service ends before it starts.', {
    field: 'end',
    mend: 'Take start and end from a session of GET /v1/availability.',
  });
}
