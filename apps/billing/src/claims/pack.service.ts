import { Injectable } from '@nestjs/common';
import { DomainError } from '@doorstep/kernel';
import { Clock, Database } from '@doorstep/platform';
import type { Language } from '../papers/words';
import { ClaimsService } from './claims.service';
import { packPaper, type Pack } from './pack.paper';
import {
  PACK_GROUPS,
  PACK_HEAD,
  PACK_LINES,
  type PackGroup,
  type PackHead,
  type PackLine,
} from './pack.queries';
import { packWorkbook } from './pack.workbook';

/** Largest claim that is put into one workbook; a month of a very large operator with one funder. */
const LINES_MAX = 100_000;

/** The claim as a funder takes it: made anew from its rows each time. */
@Injectable()
export class PackService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimsService,
  ) {}

  async pack(
    id: string,
    format: 'pdf' | 'xlsx',
    language: Language,
  ): Promise<{ name: string; bytes: Buffer }> {
    const pack = await this.db.read(async (tx): Promise<Pack> => {
      const claim = await this.claims.load(tx, id);
      if (claim.lines > LINES_MAX) throw tooLarge(claim.lines);
      const [head] = await tx.sql<PackHead>(PACK_HEAD, [id]);
      const groups = await tx.sql<PackGroup>(PACK_GROUPS, [id]);
      return { claim, head, groups, lines: await tx.sql<PackLine>(PACK_LINES, [id, LINES_MAX]) };
    });
    const bytes =
      format === 'pdf'
        ? await packPaper(pack, language, this.clock.now())
        : await packWorkbook(pack, language);
    const { number, period, sequence } = pack.claim;
    return { name: `claim-${number ?? `draft-${period}-${sequence}`}`, bytes };
  }
}

function tooLarge(lines: number): DomainError {
  return new DomainError('too_large', 'claim_too_large', `${lines} lines don't fit into one file.`, {
    mend: 'Read them page by page: GET /v1/claims/{id}/lines.',
  });
}
