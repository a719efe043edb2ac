import { event, PrepaidCardExpiring, PrepaidCardRefunded, PrepaidCardToppedUp } from '@doorstep/contracts';
import type { Day, Fen } from '@doorstep/kernel';
import { addDays } from '../shared/days';
import type { PrepaidCard } from './prepaid-card';

type Told = Pick<PrepaidCard, 'id' | 'operatorId' | 'contractId' | 'residentId' | 'number' | 'balanceFen'> & {
  version: number;
};
/** Money that came or went, and the payment that brought it. */
interface Moved {
  paymentId: string;
  amountFen: Fen;
}

/** Characters of a card's number that are told: its holder knows it by them, and nobody else has the number. */
const CARD_END = 4;

function facts({ id: cardId, number, ...card }: Told, at: Date) {
  const { operatorId, contractId, residentId, balanceFen, version } = card;
  return {
    ...{ operatorId, contractId, residentId, cardId, cardEnd: number.slice(-CARD_END), balanceFen },
    ...{ version, at: at.toISOString() },
  };
}

export const prepaidCardToppedUp = (card: Told, moved: Moved, at: Date): PrepaidCardToppedUp =>
  event(PrepaidCardToppedUp, { ...facts(card, at), ...moved });
export const prepaidCardRefunded = (card: Told, moved: Moved, at: Date): PrepaidCardRefunded =>
  event(PrepaidCardRefunded, { ...facts(card, at), ...moved });
/** @param expiresOn first day on which it can't be used */
export const prepaidCardExpiring = (card: Told, expiresOn: Day, at: Date): PrepaidCardExpiring =>
  event(PrepaidCardExpiring, { ...facts(card, at), lastDay: addDays(expiresOn, -1) });
