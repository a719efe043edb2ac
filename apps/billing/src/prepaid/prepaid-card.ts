import { DomainError, type Day, type Fen } from '@doorstep/kernel';
import { DateTime } from 'luxon';

export const CARD_STATUSES = ['active', 'closed'] as const;
export type CardStatus = (typeof CARD_STATUSES)[number];

/**
 * What holds for cards that are issued or topped up while it lasts. In China: 单用途商业预付卡管理办法（试行）, Order 9 of
 * 2012 of the Ministry of Commerce, articles 18 (a registered card holds at most 5,000 yuan) and 19 (it does not expire).
 */
export interface PrepaidRule {
  id: string;
  balanceMaxFen: Fen;
  /** Null: cards don't expire. */
  validityMonths: number | null;
  /** The provision that says so. */
  source: string;
}

export interface PrepaidCard {
  id: string;
  operatorId: string;
  contractId: string;
  residentId: string;
  number: string;
  status: CardStatus;
  /** First day on which it can't be used; null: it does not expire. */
  expiresOn: Day | null;
  /** What can be spent. */
  balanceFen: Fen;
  /** Meant for services to come, and free again when they fall. */
  reservedFen: Fen;
}

/** @param issuedOn by China's clock */
export function expiryOf({ validityMonths }: Pick<PrepaidRule, 'validityMonths'>, issuedOn: Day): Day | null {
  if (validityMonths === null) return null;
  return DateTime.fromISO(issuedOn, { zone: 'utc' }).plus({ months: validityMonths }).toISODate();
}

export function assertActive({ status }: Pick<PrepaidCard, 'status'>): void {
  if (status === 'active') return;
  throw new DomainError('conflict', 'prepaid_card_closed', 'The card is closed.', {
    mend: 'Issue it again: POST /v1/prepaid-cards.',
  });
}

/** Neither used nor topped up once it has expired; what is on it stays the resident's. */
export function assertUsable(card: Pick<PrepaidCard, 'status' | 'expiresOn'>, today: Day): void {
  assertActive(card);
  if (card.expiresOn === null || today < card.expiresOn) return;
  throw new DomainError('conflict', 'prepaid_card_expired', `The card has expired on ${card.expiresOn}.`, {
    mend: 'Extend it, POST /v1/prepaid-cards/{id}/extend, or give back what is on it.',
  });
}

/** Whatever is stored counts, what is meant for services to come included. */
export function assertWithinLimit(
  { balanceFen, reservedFen }: Pick<PrepaidCard, 'balanceFen' | 'reservedFen'>,
  amountFen: Fen,
  { balanceMaxFen, source }: PrepaidRule,
): void {
  const roomFen = Math.max(0, balanceMaxFen - balanceFen - reservedFen);
  if (amountFen <= roomFen) return;
  throw new DomainError(
    'conflict',
    'prepaid_limit_exceeded',
    `A card holds at most ${balanceMaxFen} fen (${source}); this one takes ${roomFen} fen more.`,
    { field: 'amountFen', mend: 'Top up less, or use what is on it first.', roomFen },
  );
}

export function assertEmpty({ balanceFen, reservedFen }: PrepaidCard): void {
  if (balanceFen === 0 && reservedFen === 0) return;
  throw new DomainError(
    'conflict',
    'prepaid_card_not_empty',
    `${balanceFen} fen are on the card, and ${reservedFen} fen are meant for services to come.`,
    { mend: 'Give back what is on it: POST /v1/prepaid-cards/{id}/refunds.' },
  );
}

/** Never shorter than what was promised. */
export function assertLonger(expiresOn: Day | null, until: Day | null): void {
  if (expiresOn !== null && (until === null || until > expiresOn)) return;
  throw new DomainError(
    'invalid',
    'prepaid_card_not_longer',
    expiresOn === null ? 'The card does not expire.' : `The card holds until ${expiresOn} already.`,
    { field: 'expiresOn', mend: 'Name a later day, or none at all.' },
  );
}
