import { Injectable } from '@nestjs/common';
import { ClaimSubmitted, event } from '@doorstep/contracts';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { shareResidentsInRun } from '../residents/current-residents';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { chinaDay } from '../shared/days';
import { refusing } from '../shared/refusals';
import { submitClaim, type Finding } from './claim';
import type { ClaimDto, ClaimLineDto, ClaimLinesQuery, ClaimsQuery, DrawUpClaimDto } from './claims.dto';
import {
  CLAIM_BY_ID,
  CLAIM_FOR_UPDATE,
  LIST_CLAIMS,
  LIST_LINES,
  LOCK_WITH_ASKED_AGAIN,
  SET_FINDINGS,
  SETTLE,
  SUBMIT,
  type ClaimLineRow,
  type ClaimRow,
} from './claims.queries';
import {
  DRAW_UP,
  DROP_CLAIM,
  DROP_LINES,
  LINES_TO_CHECK,
  LOCK_FUNDER,
  MONTHS_OF,
  NOTE_PROBLEMS,
  RECOUNT,
  REOPEN_CUTS,
} from './drawing.queries';
import { CutsService } from './cuts.service';
import { findingsOf, type ProvenLine } from './findings';
import { workdaysOf } from './workdays';

/** A claim shows so many of its findings; each line shows its own. */
const FINDINGS_SHOWN_MAX = 200;

/** What funders are asked for: by contract and month, a line for each share that was captured and not claimed yet. */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
    private readonly cuts: CutsService,
  ) {}

  async drawUp({ funderId, contractId, period }: DrawUpClaimDto): Promise<ClaimDto> {
    const of = [currentOperatorId(), funderId, contractId];
    const drawn = this.db.write(async (tx) => {
      await shareResidentsInRun(tx);
      await this.known.contract(tx, contractId);
      await this.known.organisation(tx, funderId);
      await tx.sql(LOCK_FUNDER, of);
      await this.cuts.takeOff(tx, of, period);
      const by = [newId(), currentActor().id, this.clock.now()];
      const [claim] = await tx.sql<ClaimRow>(DRAW_UP, [...of, period, ...by]);
      return claim ? this.note(tx, claim.id, await this.check(tx, claim.id)) : null;
    });
    const claim = await refusing(() => drawn, { claim_one_draft: draftExists });
    // What was taken off cuts stays so though nothing is left to claim.
    if (!claim) throw nothingToClaim(period);
    return claim;
  }

  submit(id: string): Promise<ClaimDto> {
    const submitted = this.db.write(async (tx) => {
      const asked = await tx.sql<{ id: string }>(LOCK_WITH_ASKED_AGAIN, [id]);
      const claim = await this.lock(tx, id);
      submitClaim(claim.status, await this.check(tx, id));
      const now = this.clock.now();
      const year = Number(chinaDay(now).slice(0, 4));
      const [done] = await tx.sql<ClaimRow>(SUBMIT, [id, currentActor().id, now, year]);
      const { operatorId, number, funderId, contractId, period, lines, amountFen, version } = done;
      await tx.sql(SETTLE, [asked.map((one) => one.id), now]);
      tx.tell(
        event(ClaimSubmitted, {
          ...{
            operatorId,
            claimId: id,
            number: number as string,
            funderId,
            contractId,
            period,
            lines,
            amountFen,
          },
          ...{ version, at: now.toISOString() },
        }),
      );
      return done;
    });
    return submitted;
  }

  /** Takes lines out of a draft; they are asked for in a later claim. The check is made anew. */
  holdBack(id: string, lineIds: readonly string[]): Promise<ClaimDto> {
    return this.db.write(async (tx) => {
      const claim = await this.lock(tx, id);
      assertDraft(claim);
      await tx.sql(REOPEN_CUTS, [id, lineIds]);
      const dropped = new Set(
        (await tx.sql<{ id: string }>(DROP_LINES, [id, lineIds])).map((line) => line.id),
      );
      const unknown = lineIds.find((lineId) => !dropped.has(lineId.toLowerCase()));
      if (unknown) throw notFound('claim line', unknown);
      if (claim.lines === dropped.size) throw nothingLeft();
      await tx.sql(RECOUNT, [id]);
      return this.note(tx, id, await this.check(tx, id));
    });
  }

  /** Throws a draft away; all of it can be claimed again. */
  discard(id: string): Promise<ClaimDto> {
    return this.db.write(async (tx) => {
      const claim = await this.lock(tx, id);
      assertDraft(claim);
      await tx.sql(REOPEN_CUTS, [id, null]);
      await tx.sql(DROP_LINES, [id, null]);
      await tx.sql(DROP_CLAIM, [id]);
      return claim;
    });
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

  lines(id: string, { answer, problems, limit, cursor }: ClaimLinesQuery): Promise<Page<ClaimLineDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      await this.load(tx, id);
      const values = [id, after, limit + 1, answer ?? null, problems === 'true'];
      return page(await tx.sql<ClaimLineRow>(LIST_LINES, values), limit, (row) => [row.id]);
    });
  }

  async load(tx: Tx, id: string): Promise<ClaimRow> {
    const [claim] = await tx.sql<ClaimRow>(CLAIM_BY_ID, [id]);
    if (!claim) throw notFound('claim', id);
    return claim;
  }

  private async lock(tx: Tx, id: string): Promise<ClaimRow> {
    const [claim] = await tx.sql<ClaimRow>(CLAIM_FOR_UPDATE, [id]);
    if (!claim) throw notFound('claim', id);
    return claim;
  }

  private async check(tx: Tx, id: string): Promise<Finding[]> {
    const months = await tx.sql<{ month: string }>(MONTHS_OF, [id]);
    const workdays = months.map(({ month }) => ({ month: `${month}-01`, workdays: workdaysOf(month) }));
    return findingsOf(await tx.sql<ProvenLine>(LINES_TO_CHECK, [id, JSON.stringify(workdays)]));
  }

  private async note(tx: Tx, id: string, findings: Finding[]): Promise<ClaimRow> {
    await tx.sql(NOTE_PROBLEMS, [id, JSON.stringify(findings)]);
    const shown = JSON.stringify(findings.slice(0, FINDINGS_SHOWN_MAX));
    const [noted] = await tx.sql<ClaimRow>(SET_FINDINGS, [id, shown]);
    return noted;
  }
}

function assertDraft({ status }: ClaimRow): void {
  if (status === 'draft') return;
  throw new DomainError('conflict', `claim_${status}`, `A claim that is ${status} isn't changed.`, {
    mend: 'What has to change goes into the next claim.',
  });
}

function nothingLeft(): DomainError {
  return new DomainError('conflict', 'claim_without_lines', 'No line would be left.', {
    mend: 'Throw the draft away: POST /v1/claims/{id}/discard.',
  });
}

function nothingToClaim(period: string): DomainError {
  return new DomainError(
    'conflict',
    'nothing_to_claim',
    `Nothing that is not claimed yet was captured or corrected for this funder up to ${period}.`,
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
