import { DomainError, splitByLargestRemainder, type Day, type Fen } from '@doorstep/kernel';
import { addDays } from '../shared/days';

/** Most uses of one package. */
export const USES_MAX = 366;
export const PACKAGE_STATUSES = ['active', 'ended'] as const;
/** ended: what was not used is given back, and nothing more is taken of it. */
export type PackageStatus = (typeof PACKAGE_STATUSES)[number];
export const USE_STATES = ['free', 'taken', 'refunded'] as const;
export type UseState = (typeof USE_STATES)[number];

/** Which services a package is for. */
export interface Covered {
  contractId: string;
  /** Null: every site of the contract. */
  siteId: string | null;
  kind: string;
  /** Null: every mode of the kind. */
  mode: string | null;
}

export interface Package extends Covered {
  id: string;
  operatorId: string;
  residentId: string;
  status: PackageStatus;
  /** Bookings take uses of it by themselves. */
  autoUse: boolean;
  validFrom: Day;
  /** First day on which it can't be used. */
  validTo: Day;
}

export interface Use {
  packageId: string;
  sequence: number;
  /** What the use costs: its part of the package's price. */
  partFen: Fen;
  /** The charge that has it until its booking, which moves, has ended. */
  heldBy?: string;
}

const OTHERWISE = 'Name another package, buy one, or book with packageId none by the price list.';
const SEE_PACKAGES = `See which there are with GET /v1/packages?residentId=…. ${OTHERWISE}`;

/** A service that may take a use. */
export interface Wanting {
  contractId: string;
  siteId: string;
  residentId: string;
  kind: string;
  mode: string;
  serviceDay: Day;
  operatorId: string;
  /** The booking that it takes the place of. */
  replaces?: string | null;
}

/** What each use costs: the parts sum to the price, and the earlier ones bear the fen that are left over. */
export function partsOf(amountFen: Fen, uses: number): Fen[] {
  return splitByLargestRemainder(amountFen, Array<number>(uses).fill(1));
}

/** The dearest part: what a ceiling looks at. */
export function dearestPart({ amountFen, uses }: { amountFen: Fen; uses: number }): Fen {
  return Math.ceil(amountFen / uses);
}

export function validTo(validFrom: Day, validDays: number): Day {
  return addDays(validFrom, validDays);
}

/** Whether a booking that names no package takes a use of this one. */
export function covers(one: Package, service: Wanting): boolean {
  return one.autoUse && againstTaking(one, service) === undefined;
}

/** Why a booking that names a package gets no use of it, and what would help. */
export interface PackageRefusal {
  code: string;
  reason: string;
  mend: string;
}

/** What stands against a use of the package for the service, whatever is left of it. */
export function againstTaking(one: Package | undefined, service: Wanting): PackageRefusal | undefined {
  // Whose it is, is nobody else's affair: another resident's package is as good as none.
  if (!one || one.residentId !== service.residentId || one.operatorId !== service.operatorId)
    return { code: 'package_not_theirs', reason: 'The resident has no such package.', mend: SEE_PACKAGES };
  const { contractId, siteId, kind, mode, status, validFrom, validTo } = one;
  const isFor =
    contractId === service.contractId &&
    kind === service.kind &&
    (siteId === null || siteId === service.siteId) &&
    (mode === null || mode === service.mode);
  if (!isFor) {
    const reason = 'The package is for another kind, mode, site or contract.';
    return { code: 'package_not_for_service', reason, mend: SEE_PACKAGES };
  }
  if (status === 'ended')
    return { code: 'package_ended', reason: 'What was left of the package is given back.', mend: OTHERWISE };
  if (service.serviceDay < validFrom || validTo <= service.serviceDay) {
    const reason = `The package is for days from ${validFrom} until before ${validTo}.`;
    return { code: 'package_not_on_day', reason, mend: `Book another day, or: ${OTHERWISE}` };
  }
  return undefined;
}

export function usedUp(): PackageRefusal {
  return { code: 'package_used_up', reason: 'No use of the package is left.', mend: OTHERWISE };
}

export function notForGuests(): PackageRefusal {
  return {
    code: 'package_not_for_guests',
    reason: 'A use of a package is for the resident alone.',
    mend: 'Book for the guests apart, or with packageId none by the price list.',
  };
}

/** Uses that are free, to be taken one by one: of the package that ends first, its earliest use. */
export class FreeUses {
  private readonly free: Map<string, Use[]>;
  private readonly inOrder: readonly Package[];

  /** @param moving uses that bookings have until another one has taken their place, by their ids */
  constructor(
    packages: readonly Package[],
    uses: readonly Use[],
    private readonly moving: Map<string, Use> = new Map(),
  ) {
    this.inOrder = packages.toSorted(
      (a, b) => (a.validTo === b.validTo ? 0 : a.validTo < b.validTo ? -1 : 1) || (a.id < b.id ? -1 : 1),
    );
    this.free = new Map(packages.map(({ id }) => [id, uses.filter(({ packageId }) => packageId === id)]));
  }

  take(service: Wanting): Use | undefined {
    const from = this.inOrder.find((one) => covers(one, service) && (this.free.get(one.id) ?? []).length > 0);
    return from ? this.free.get(from.id)?.shift() : this.moved(service, (one) => covers(one, service));
  }

  /** A use of the package that is named, also of one that is kept from bookings that name none. */
  takeOf(packageId: string, service: Wanting): Use | PackageRefusal {
    const named = this.inOrder.find(({ id }) => id === packageId);
    return (
      againstTaking(named, service) ??
      this.free.get(packageId)?.shift() ??
      this.moved(service, (one) => one === named) ??
      usedUp()
    );
  }

  /** Where none is free, a booking that moves keeps the one that it has. */
  private moved({ replaces }: Wanting, fits: (one: Package) => boolean): Use | undefined {
    const use = replaces ? this.moving.get(replaces) : undefined;
    const from = use && this.inOrder.find(({ id }) => id === use.packageId);
    if (!replaces || !from || !fits(from)) return undefined;
    this.moving.delete(replaces);
    return use;
  }
}

export interface PackageOffer extends Covered {
  id: string;
  operatorId: string;
  name: string;
  uses: number;
  amountFen: Fen;
  validDays: number;
  from: Day;
  to: Day | null;
}

/** @param today by China's clock */
export function assertOnSale({ from, to }: Pick<PackageOffer, 'from' | 'to'>, today: Day): void {
  if (from <= today && (to === null || today < to)) return;
  throw new DomainError('conflict', 'package_not_on_sale', `It is not sold on ${today}.`, {
    mend: 'See what is: GET /v1/package-offers?on=….',
  });
}
