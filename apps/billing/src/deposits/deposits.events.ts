import { DepositReturned, DepositSetOff, DepositTaken, event } from '@doorstep/contracts';
import type { Fen } from '@doorstep/kernel';
import type { DepositDetailDto } from './deposits.dto';

/** @param amountFen what was taken, set off or returned by this step */
function facts({ id: depositId, ...deposit }: DepositDetailDto, amountFen: Fen, at: Date) {
  const { operatorId, contractId, residentId, kind, referenceId, heldFen, moves } = deposit;
  return {
    ...{ operatorId, contractId, residentId, depositId, kind, amountFen, heldFen },
    ...(referenceId && { referenceId }),
    ...{ version: moves.length + 1, at: at.toISOString() },
  };
}

export const depositTaken = (deposit: DepositDetailDto, amountFen: Fen, at: Date): DepositTaken =>
  event(DepositTaken, facts(deposit, amountFen, at));
export const depositSetOff = (deposit: DepositDetailDto, amountFen: Fen, at: Date): DepositSetOff =>
  event(DepositSetOff, facts(deposit, amountFen, at));
export const depositReturned = (deposit: DepositDetailDto, amountFen: Fen, at: Date): DepositReturned =>
  event(DepositReturned, facts(deposit, amountFen, at));
