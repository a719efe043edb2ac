import { Injectable } from '@nestjs/common';
import { DomainError, sumFen } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { AuditLog } from '../audit/audit.service';
import { Calendar } from '../shared/calendar.service';
import { ownOperator } from './costs.service';
import { rentOfMonth } from './rent';
import type { RentsTakenDto, TakeRentsDto } from './rents.dto';
import { oneTakeoverAtATime, rentedContracts, replaceRents, type RentPart } from './rents.queries';

/** Parts that one answer shows; GET /v1/costs lists all that were written. */
const PARTS_SHOWN_MAX = 1000;
const CONTRACTS_SHOWN_MAX = 200;

/** Takes the rent of contracts over into what premises cost: by an act, for terms may still be agreed on for past days. */
@Injectable()
export class RentsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly audit: AuditLog,
  ) {}

  /** The same again changes nothing; after a change of contracts it writes the difference. */
  take({ month, dryRun = false }: TakeRentsDto): Promise<RentsTakenDto> {
    const operatorId = ownOperator();
    const thisMonth = this.calendar.today().slice(0, 7);
    if (month > thisMonth) throw ahead(thisMonth);
    return this.db.write(async (tx) => {
      await oneTakeoverAtATime(tx, operatorId);
      const contracts = (await rentedContracts(tx, operatorId, month))
        .map((contract) => ({ ...contract, ...rentOfMonth(contract, month) }))
        .filter(({ rentFen }) => rentFen > 0);
      const parts = contracts.flatMap(({ contractId, number, parts: own }) =>
        own.filter(({ amountFen }) => amountFen > 0).map((part) => ({ ...part, contractId, note: number })),
      );
      const counts = dryRun
        ? await this.rehearse(tx, operatorId, month, parts)
        : await this.replace(tx, operatorId, month, parts);
      const rentFen = sumFen(contracts.map((contract) => contract.rentFen));
      const unplacedFen = rentFen - sumFen(parts.map(({ amountFen }) => amountFen));
      const facts = { month, rentFen, unplacedFen, contracts: contracts.length, ...counts };
      if (!dryRun)
        await this.audit.record(tx, { action: 'costs:take-rent', entityId: operatorId, operatorId, facts });
      return {
        ...{ month, dryRun, rentFen, unplacedFen, ...counts },
        unchanged: parts.length - counts.added - counts.changed,
        contractCount: contracts.length,
        contracts: contracts.slice(0, CONTRACTS_SHOWN_MAX).map((contract) => ({
          ...{ contractId: contract.contractId, number: contract.number, rentFen: contract.rentFen },
          ...{ days: contract.days, sites: contract.parts.length, basis: contract.basis },
        })),
        parts: parts
          .slice(0, PARTS_SHOWN_MAX)
          .map(({ siteId, contractId, amountFen }) => ({ siteId, contractId, amountFen })),
      };
    });
  }

  private replace(tx: Tx, operatorId: string, month: string, parts: readonly RentPart[]) {
    const by = { operatorId, month, actorId: currentActor().id, now: this.clock.now() };
    return replaceRents(tx, parts, by);
  }

  private async rehearse(tx: Tx, operatorId: string, month: string, parts: readonly RentPart[]) {
    await tx.sql('SAVEPOINT rehearsal');
    const counts = await this.replace(tx, operatorId, month, parts);
    await tx.sql('ROLLBACK TO SAVEPOINT rehearsal');
    return counts;
  }
}

function ahead(thisMonth: string): DomainError {
  return new DomainError('invalid', 'month_ahead', 'The month has not begun.', {
    field: 'month',
    mend: `Take over the rent of months up to ${thisMonth}.`,
  });
}
