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
}

/** A service that may take a use. */
export interface Wanting {
  contractId: string;
  siteId: string;
  residentId: string;
  kind: string;
  mode: string;
  serviceDay: Day;
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

export function covers(one: Package, service: Wanting): boolean {
  return (
    one.status === 'active' &&
    one.autoUse &&
    one.residentId === service.residentId &&
    one.contractId === service.contractId &&
    one.kind === service.kind &&
    (one.siteId === null || one.siteId === service.siteId) &&
    (one.mode === null || one.mode === service.mode) &&
    one.validFrom <= service.serviceDay &&
    service.serviceDay < one.validTo
  );
}

/** Uses that are free, to be taken one by one: of the package that ends first, its earliest use. */
export class FreeUses {
  private readonly free: Map<string, Use[]>;
  private readonly inOrder: readonly Package[];

  constructor(packages: readonly Package[], uses: readonly Use[]) {
    this.inOrder = packages.toSorted(
      (a, b) => (a.validTo === b.validTo ? 0 : a.validTo < b.validTo ? -1 : 1) || (a.id < b.id ? -1 : 1),
    );
    this.free = new Map(packages.map(({ id }) => [id, uses.filter(({ packageId }) => packageId === id)]));
  }

  take(service: Wanting): Use | undefined {
    const from = this.inOrder.find((one) => covers(one, service) && (this.free.get(one.id) ?? []).length > 0);
    return from && this.free.get(from.id)?.shift();
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
