import { Injectable } from '@nestjs/common';
import { ClaimSubmitted, event } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  type Page,
  type PageQuery,
  type Tx,
} from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import { findingsOf, submitClaim, type Finding, type ProvenLine } from './claim';
import type { ClaimDto, ClaimLineDto, ClaimsQuery, DrawUpClaimDto } from './claims.dto';
import {
  CLAIM_BY_ID,
  CLAIM_FOR_UPDATE,
  DRAW_UP,
  LINES_TO_CHECK,
  LIST_CLAIMS,
  LIST_LINES,
  LOCK_PERIOD,
  SET_FINDINGS,
  SUBMIT,
  type ClaimLineRow,
  type ClaimRow,
} from './claims.queries';

/** What funders are asked for: by contract and month, a line for each share that was captured and not claimed yet. */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  drawUp({ funderId, contractId, period }: DrawUpClaimDto): Promise<ClaimDto> {
    const operatorId = currentOperatorId();
    const drawn = this.db.write(async (tx) => {
      await this.known.contract(tx, contractId);
      await this.known.organisation(tx, funderId);
      await tx.sql(LOCK_PERIOD, [operatorId, funderId, contractId, period]);
      const [claim] = await tx.sql<ClaimRow>(DRAW_UP, [
        newId(),
        operatorId,
        funderId,
        contractId,
        period,
        currentActor().id,
        this.clock.now(),
      ]);
      if (!claim) throw nothingToClaim(period);
      return this.note(tx, claim, await this.check(tx, claim.id));
    });
    return refusing(() => drawn, { claim_one_draft: draftExists });
  }

  submit(id: string): Promise<ClaimDto> {
    const submitted = this.db.write(async (tx) => {
      const [claim] = await tx.sql<ClaimRow>(CLAIM_FOR_UPDATE, [id]);
      if (!claim) throw notFound('claim', id);
      submitClaim(claim.status, await this.check(tx, id));
      const now = this.clock.now();
      const [done] = await tx.sql<ClaimRow>(SUBMIT, [id, currentActor().id, now]);
      tx.tell(
        event(ClaimSubmitted, {
          operatorId: done.operatorId,
          claimId: id,
          funderId: done.funderId,
          contractId: done.contractId,
          period: done.period,
          lines: done.lines,
          amountFen: done.amountFen,
          version: done.version,
          at: now.toISOString(),
        }),
      );
      return done;
    });
    return submitted;
  }

  find(id: string): Promise<ClaimDto> {
    return this.db.read((tx) => this.load(tx, id));
  }

  list({ funderId, contractId, period, status, limit, cursor }: ClaimsQuery): Promise<Page<ClaimDto>> {
    const after = decodeCursor(cursor, 1)?.[0];
    return this.db.read(async (tx) => {
      const filters = [funderId, contractId, period, status, after].map((value) => value ?? null);
      const rows = await tx.sql<ClaimRow>(LIST_CLAIMS, [...filters, limit + 1]);
      return page(rows, limit, (row) => [row.id]);
    });
  }

  lines(id: string, { limit, cursor }: PageQuery): Promise<Page<ClaimLineDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      await this.load(tx, id);
      const rows = await tx.sql<ClaimLineRow>(LIST_LINES, [id, after, limit + 1]);
      return page(rows, limit, (row) => [row.id]);
    });
  }

  private async load(tx: Tx, id: string): Promise<ClaimRow> {
    const [claim] = await tx.sql<ClaimRow>(CLAIM_BY_ID, [id]);
    if (!claim) throw notFound('claim', id);
    return claim;
  }

  private async check(tx: Tx, id: string): Promise<Finding[]> {
    return findingsOf(await tx.sql<ProvenLine>(LINES_TO_CHECK, [id]));
  }

  private async note(tx: Tx, claim: ClaimRow, findings: Finding[]): Promise<ClaimRow> {
    if (findings.length === 0) return claim;
    const [noted] = await tx.sql<ClaimRow>(SET_FINDINGS, [claim.id, JSON.stringify(findings)]);
    return noted;
  }
}

function nothingToClaim(period: string): DomainError {
  return new DomainError(
    'conflict',
    'nothing_to_claim',
    `Nothing that is not claimed yet was captured for this funder in ${period}.`,
    {
      mend: 'GET /v1/charges?status=captured shows what was captured; GET /v1/claims what has been claimed.',
    },
  );
}

function draftExists(): DomainError {
  return new DomainError(
    'conflict',
    'claim_draft_exists',
    'A draft for this funder, contract and period stands already.',
    {
      mend: 'Submit it first: POST /v1/claims/{id}/submit. What is captured afterwards goes into the next one.',
    },
  );
}
