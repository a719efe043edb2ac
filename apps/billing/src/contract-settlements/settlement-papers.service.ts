import { Injectable } from '@nestjs/common';
import { Clock, Database } from '@doorstep/platform';
import type { Language } from '../papers/words';
import { ContractSettlementsService } from './contract-settlements.service';
import { settlementPaper, type SettlementPaper } from './settlement.paper';
import { settlementWorkbook } from './settlement.workbook';

const HEAD = `
  SELECT coalesce(o.name, '') AS "operatorName", coalesce(a.name, '') AS "authorityName", coalesce(k.number, '') AS "contractNumber"
  FROM contract_settlement AS s LEFT JOIN known_organisation AS o ON o.id = s.operator_id
  LEFT JOIN known_organisation AS a ON a.id = s.authority_id LEFT JOIN known_contract AS k ON k.id = s.contract_id
  WHERE s.id = $1`;

/** A settlement as the parties sign it: made anew from its rows each time. */
@Injectable()
export class SettlementPapers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly settlements: ContractSettlementsService,
  ) {}

  async paper(
    id: string,
    format: 'pdf' | 'xlsx',
    language: Language,
  ): Promise<{ name: string; bytes: Buffer }> {
    const paper = await this.db.read(async (tx): Promise<SettlementPaper> => {
      const settlement = await this.settlements.load(tx, id);
      const [head] = await tx.sql<SettlementPaper['head']>(HEAD, [id]);
      return { settlement, head };
    });
    const bytes =
      format === 'pdf'
        ? await settlementPaper(paper, language, this.clock.now())
        : await settlementWorkbook(paper, language);
    const { number, period, sequence } = paper.settlement;
    return { name: `contract-settlement-${number ?? `draft-${period}-${sequence}`}`, bytes };
  }
}
