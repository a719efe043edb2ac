import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, period } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { assertWithinContract, servicesOn } from '../prices/ceiling';
import { currentOperatorId } from '../shared/actor.scope';
import { dearestPart } from './package';
import type { OfferPackageDto, PackageOfferDto, PackageOffersQuery } from './packages.dto';
import { END_OFFER, findOffer, INSERT_OFFER, listOffers } from './packages.queries';

/** Packages that are on sale. */
@Injectable()
export class PackageOffersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  async offer(command: OfferPackageDto): Promise<PackageOfferDto> {
    const { contractId, name, siteId = null, kind, mode = null, uses, amountFen, validDays } = command;
    const { from, to } = period(command.from, command.to);
    const operatorId = currentOperatorId();
    if (amountFen < uses) throw tooCheap(uses);
    await this.known.arrival({ contract: contractId, site: command.siteId });
    return this.db.write(async (tx) => {
      const contract = await this.known.contract(tx, contractId);
      const place = siteId ? await this.known.regionOfSite(tx, siteId) : null;
      const part = { kind, mode, amountFen: dearestPart({ amountFen, uses }), bands: [] };
      assertWithinContract(part, servicesOn(contract, from), place);
      const id = newId();
      await tx.sql(INSERT_OFFER, [
        ...[id, operatorId, contractId, name, siteId, kind, mode, uses, amountFen, validDays, from, to],
        ...[currentActor().id, this.clock.now()],
      ]);
      return this.load(tx, id);
    });
  }

  end(id: string, to: string): Promise<PackageOfferDto> {
    return this.db.write(async (tx) => {
      const offer = await this.load(tx, id, 'FOR UPDATE');
      period(offer.from, to);
      if (offer.to !== null && offer.to < to) throw prolonged(offer.to);
      await tx.sql(END_OFFER, [id, to]);
      return this.load(tx, id);
    });
  }

  find(id: string): Promise<PackageOfferDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ limit, cursor, ...sought }: PackageOffersQuery): Promise<Page<PackageOfferDto>> {
    const after = (decodeCursor(cursor, 1)?.[0] as string | undefined) ?? null;
    return this.db.read(async (tx) =>
      page(await listOffers(tx, sought, after, limit), limit, (offer) => [offer.id]),
    );
  }

  async load(tx: Tx, id: string, lock = ''): Promise<PackageOfferDto> {
    const offer = await findOffer(tx, id, lock);
    if (!offer) throw notFound('package_offer', id);
    return offer;
  }
}

function tooCheap(uses: number): DomainError {
  return new DomainError('invalid', 'package_too_cheap', `${uses} uses cost at least ${uses} fen.`, {
    field: 'amountFen',
    mend: 'Let each use cost a fen or more.',
  });
}

function prolonged(to: string): DomainError {
  return new DomainError('invalid', 'package_offer_ended', `It is sold until ${to} already.`, {
    field: 'to',
    mend: 'An end can be moved forward in time only; offer another package from that day on.',
  });
}
