import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ClaimAnswered, event } from '@doorstep/contracts';
import { DomainError, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, type Tx } from '@doorstep/platform';
import { asJson } from '../shared/rows';
import { answersOfCsv } from './answer-file.reader';
import { ALL_ANSWERED, ANSWER, LINES_TO_ANSWER, type LineToAnswer } from './answers.queries';
import type { AnswerClaimDto, AnswerOutcomeDto } from './answers.dto';
import { answerTo, type Answered, type AnsweredLine } from './claim';
import { CLAIM_FOR_UPDATE, SETTLE, TOTALS, type ClaimRow, type TotalsRow } from './claims.queries';

/** What a funder says to a claim, entered by itself or by the operator's finance, line by line or as a file. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  answer(claimId: string, { lines, acceptRest }: AnswerClaimDto): Promise<AnswerOutcomeDto> {
    return this.db.write((tx) => this.enter(tx, claimId, lines, acceptRest));
  }

  async answerByFile(claimId: string, file: Readable, acceptRest: boolean): Promise<AnswerOutcomeDto> {
    const lines = await answersOfCsv(file);
    return this.db.write((tx) => this.enter(tx, claimId, lines, acceptRest));
  }

  private async enter(
    tx: Tx,
    claimId: string,
    said: readonly AnsweredLine[],
    acceptRest: boolean,
  ): Promise<AnswerOutcomeDto> {
    const [claim] = await tx.sql<ClaimRow>(CLAIM_FOR_UPDATE, [claimId]);
    if (!claim) throw notFound('claim', claimId);
    if (claim.status === 'draft') throw notSubmitted();
    const ids = acceptRest ? null : said.map(({ lineId }) => lineId);
    const lines = await tx.sql<LineToAnswer>(LINES_TO_ANSWER, [claimId, ids]);
    const answers = answersTo(lines, said, acceptRest);
    const now = this.clock.now();
    if (answers.length > 0) await tx.sql(ANSWER, [asJson(answers), currentActor().id, now]);
    const [totals] = await tx.sql<TotalsRow>(TOTALS, [claimId]);
    let status: ClaimRow['status'] = claim.status;
    if (totals.unanswered === 0 && status === 'submitted') {
      status = await this.close(tx, claim, totals, now);
    }
    return { claimId, status, answered: answers.length, ...totals };
  }

  private async close(tx: Tx, claim: ClaimRow, totals: TotalsRow, now: Date): Promise<ClaimRow['status']> {
    const [{ version }] = await tx.sql<{ version: number }>(ALL_ANSWERED, [claim.id, now]);
    const { id: claimId, operatorId, funderId, contractId, period } = claim;
    const { amountFen, acceptedFen, cutFen } = totals;
    tx.tell(
      event(ClaimAnswered, {
        ...{ operatorId, claimId, funderId, contractId, period, amountFen, acceptedFen, cutFen },
        ...{ version, at: now.toISOString() },
      }),
    );
    const settled = await tx.sql(SETTLE, [[claimId], now]);
    return settled.length > 0 ? 'settled' : 'answered';
  }
}

/** Each line that is named, and the others as accepted when that is what the funder says. */
function answersTo(
  lines: readonly LineToAnswer[],
  said: readonly AnsweredLine[],
  acceptRest: boolean,
): Answered[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const named = new Set<string>();
  const answers = said.map((each, index) => {
    const field = `lines[${index}]`;
    const line = byId.get(each.lineId);
    if (!line) throw unknownLine(each.lineId, field);
    if (named.has(each.lineId)) throw twice(each.lineId, field);
    named.add(each.lineId);
    return answerTo(line, each, field);
  });
  if (acceptRest) {
    for (const line of lines) {
      if (named.has(line.id) || line.answer !== null) continue;
      answers.push(answerTo(line, { lineId: line.id, outcome: 'accepted' }, 'acceptRest'));
    }
  }
  return answers.filter((answer) => answer !== undefined);
}

function notSubmitted(): DomainError {
  return new DomainError('conflict', 'claim_draft', 'A draft has not been asked for yet.', {
    mend: 'Submit it first: POST /v1/claims/{id}/submit.',
  });
}

function unknownLine(lineId: string, field: string): DomainError {
  return new DomainError('invalid', 'line_not_of_claim', `Line ${lineId} is not of this claim.`, {
    field,
    mend: 'Take the ids from GET /v1/claims/{id}/lines or the claim pack.',
  });
}

function twice(lineId: string, field: string): DomainError {
  return new DomainError('invalid', 'line_named_twice', `Line ${lineId} is named twice.`, {
    field,
    mend: 'Name each line once.',
  });
}
