import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound, type Fen } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { LedgerService } from '../ledger/ledger.service';
import { refusing } from '../shared/refusals';
import { bankMatchUndone, summed } from './match-entries';
import type {
  ExpectedDto,
  ExpectedQuery,
  MatchByHandDto,
  MatchedLineDto,
  SuggestionDto,
  SuggestionsQuery,
  UndoMatchDto,
} from './matches.dto';
import { undoneLikeness } from './alike.queries';
import {
  allocate,
  beginMatch,
  judgePattern,
  nameRest,
  nameWhatIsOpen,
  overtakeSuggestions,
  reopenExceptions,
  undoAllocations,
} from './matches.queries';
import { MatchesService } from './matches.service';
import { partsFor } from './parts';
import { scored } from './suggestion';

const SUGGESTION = `id, account_id AS "accountId", line_id AS "lineId", expected_id AS "expectedId", score, reasons, status,
  created_at AS "createdAt", version`;
const EXPECTED = `id, contract_id AS "contractId", kind, channel, funder_id AS "funderId", source_id AS "sourceId", reference,
  day, amount_fen AS "amountFen", matched_fen AS "matchedFen", written_off_fen AS "writtenOffFen", withdrawn`;
const LINE = `l.id, l.operator_id AS "operatorId", l.account_id AS "accountId", l.amount_fen AS "amountFen",
  l.matched_fen AS "matchedFen", a.kind`;

/** What is decided is serialised by `beginMatch`; what was found before it is only good for knowing whose it is. */
interface FoundLine {
  id: number;
  operatorId: string;
  accountId: string;
  amountFen: Fen;
  matchedFen: Fen;
  kind: string;
}

/** What people decide about single lines: take or decline a suggestion, match by hand, undo. */
@Injectable()
export class MatchDecisionsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly matches: MatchesService,
  ) {}

  suggestions({ status, accountId, limit, cursor }: SuggestionsQuery): Promise<Page<SuggestionDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<SuggestionDto>(
        `SELECT ${SUGGESTION} FROM match_suggestion WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR status = $3)
           AND ($4::uuid IS NULL OR account_id = $4) ORDER BY id LIMIT $1`,
        [limit + 1, after, status ?? null, accountId ?? null],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }

  expected({ kind, contractId, open, limit, cursor }: ExpectedQuery): Promise<Page<ExpectedDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<ExpectedDto>(
        `SELECT ${EXPECTED} FROM expected_movement
         WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR kind = $3) AND ($4::uuid IS NULL OR contract_id = $4)
           AND ($5::boolean IS NULL OR (matched_fen + written_off_fen <> amount_fen) = $5) ORDER BY id LIMIT $1`,
        [limit + 1, after, kind ?? null, contractId ?? null, open === undefined ? null : open === 'true'],
      );
      return page(rows, limit, (row) => [row.id]);
    });
  }

  line(id: number): Promise<MatchedLineDto> {
    return this.db.read((tx) => this.loadLine(tx, id));
  }

  accept(id: string): Promise<SuggestionDto> {
    return this.decide(id, 'accepted', async (tx, { lineId, expectedId }) => {
      const line = await findLine(tx, lineId);
      await this.settle(tx, line, [expectedId], 'suggestion');
    });
  }

  decline(id: string): Promise<SuggestionDto> {
    return this.decide(id, 'declined', async () => undefined);
  }

  matchByHand(lineId: number, { expectedIds, ...how }: MatchByHandDto): Promise<MatchedLineDto> {
    const matched = this.db.write(async (tx) => {
      const { operatorId } = await findLine(tx, lineId);
      await beginMatch(tx, operatorId);
      await this.settle(tx, await findLine(tx, lineId), expectedIds, 'hand', how);
      await overtakeSuggestions(tx, operatorId);
      return this.loadLine(tx, lineId);
    });
    return refusing(() => matched, { allocation_expected_once: matchedBefore });
  }

  /** What a line was matched with, all or by one match, is open again, and booked back; only a person puts it together again. */
  undo(lineId: number, { comment, matchId }: UndoMatchDto): Promise<MatchedLineDto> {
    return this.db.write(async (tx) => {
      const { operatorId } = await findLine(tx, lineId);
      await beginMatch(tx, operatorId);
      const line = await findLine(tx, lineId);
      const [at, by, undoId] = [this.clock.now(), currentActor().id, newId()];
      if (matchId) await assertNotGivenUp(tx, lineId, matchId);
      const { undone, parts } = await undoAllocations(tx, lineId, { at, by }, { matchId });
      if (undone === 0)
        throw new DomainError(
          'conflict',
          'line_not_matched',
          'The line is not matched with anything (by that match).',
          {
            mend: 'Match it, or look at what is open: GET /v1/exceptions.',
          },
        );
      await this.ledger.post(
        tx,
        summed(parts).map((part) => bankMatchUndone(undoId, part)),
      );
      // What likeness had brought together was not alike after all: its pattern is no longer applied by itself.
      for (const candidate of await undoneLikeness(tx, lineId, at))
        await judgePattern(tx, operatorId, scored(candidate).pattern, 'declined');
      await reopenExceptions(tx, lineId, { at, by, comment });
      await nameRest(tx, lineId, { at, by, comment });
      await nameWhatIsOpen(tx, line, { at, by, overdueDays: 366, isBank: false });
      return this.loadLine(tx, lineId);
    });
  }

  /** Allocates what is open of a line to what it is for, all of it unless a rest is to stay. */
  private async settle(
    tx: Tx,
    line: FoundLine,
    expectedIds: readonly string[],
    step: string,
    { comment, leaveRest = false }: Partial<MatchByHandDto> = {},
  ): Promise<void> {
    if (line.kind !== 'bank') throw notABank();
    const openFen = line.amountFen - line.matchedFen;
    if (openFen === 0)
      throw new DomainError('conflict', 'line_matched', 'The line is matched already.', {
        mend: 'Undo that first.',
      });
    const expected = await tx.sql<{ id: string; leftFen: Fen }>(
      `SELECT id, amount_fen - matched_fen - written_off_fen AS "leftFen" FROM expected_movement
       WHERE id = ANY ($1) ORDER BY day, id FOR NO KEY UPDATE`,
      [expectedIds],
    );
    const missing = expectedIds.find((id) => !expected.some((row) => row.id === id));
    if (missing) throw notFound('expected movement', missing);
    const matchId = newId();
    await allocate(
      tx,
      { matchId, operatorId: line.operatorId, step, leaveRest },
      partsFor(openFen, expected, leaveRest).map((part) => ({ lineId: line.id, exceptionId: null, ...part })),
    );
    const [at, by] = [this.clock.now(), currentActor().id];
    await nameRest(tx, line.id, { at, by, comment });
    await nameWhatIsOpen(tx, line, { at, by, overdueDays: 366, isBank: false, comment });
    await this.matches.book(tx, matchId);
  }

  private decide(
    id: string,
    status: 'accepted' | 'declined',
    act: (tx: Tx, suggestion: SuggestionDto) => Promise<void>,
  ): Promise<SuggestionDto> {
    return this.db.write(async (tx) => {
      const found = await findSuggestion(tx, id);
      await beginMatch(tx, found.operatorId);
      const suggestion = await findSuggestion(tx, id);
      if (suggestion.status !== 'open')
        throw new DomainError('conflict', 'suggestion_decided', `The suggestion is ${suggestion.status}.`, {
          mend: 'Match the line by hand instead.',
        });
      await act(tx, suggestion);
      const [decided] = await tx.sql<SuggestionDto>(
        `UPDATE match_suggestion SET status = $2, decided_by = $3, decided_at = $4, version = version + 1
         WHERE id = $1 RETURNING ${SUGGESTION}`,
        [id, status, currentActor().id, this.clock.now()],
      );
      const judgement = status === 'accepted' ? 'confirmed' : 'declined';
      await judgePattern(tx, found.operatorId, suggestion.pattern, judgement);
      await overtakeSuggestions(tx, found.operatorId);
      return decided;
    });
  }

  private async loadLine(tx: Tx, id: number): Promise<MatchedLineDto> {
    const [line] = await tx.sql<MatchedLineDto>(
      `SELECT id, amount_fen AS "amountFen", matched_fen AS "matchedFen", rest_fen AS "restFen",
              (SELECT coalesce(jsonb_agg(jsonb_build_object('matchId', match_id, 'expectedId', expected_id, 'advisedId', advised_id, 'billLineId',
                 bill_line_id, 'transferLineId', transfer_line_id, 'exceptionId', exception_id, 'amountFen', a.amount_fen,
                 'step', step, 'undoneAt', undone_at) ORDER BY a.id), '[]')
               FROM statement_allocation AS a WHERE a.line_id = l.id) AS allocations
       FROM statement_line AS l WHERE id = $1`,
      [id],
    );
    if (!line) throw notFound('statement line', String(id));
    return line;
  }
}

type FoundSuggestion = SuggestionDto & { operatorId: string; pattern: string };

async function findSuggestion(tx: Tx, id: string): Promise<FoundSuggestion> {
  const [suggestion] = await tx.sql<FoundSuggestion>(
    `SELECT ${SUGGESTION}, operator_id AS "operatorId", pattern FROM match_suggestion WHERE id = $1`,
    [id],
  );
  if (!suggestion) throw notFound('suggestion', id);
  return suggestion;
}

async function findLine(tx: Tx, id: number): Promise<FoundLine> {
  const [line] = await tx.sql<FoundLine>(
    `SELECT ${LINE} FROM statement_line AS l JOIN statement_account AS a ON a.id = l.account_id WHERE l.id = $1`,
    [id],
  );
  if (!line) throw notFound('statement line', String(id));
  return line;
}

/** One match of several can't be opened under a rest that was given up: that names all the others leave. */
async function assertNotGivenUp(tx: Tx, lineId: number, matchId: string): Promise<void> {
  const given = await tx.sql(
    `SELECT FROM statement_allocation WHERE line_id = $1 AND undone_at IS NULL AND step = 'write_off' AND match_id <> $2`,
    [lineId, matchId],
  );
  if (given.length === 0) return;
  throw new DomainError('conflict', 'rest_written_off', 'What the line’s matches had left was written off.', {
    mend: 'Reopen its exception first (POST /v1/exceptions/{id}/reopen), or undo all of the line: leave matchId out.',
  });
}

function matchedBefore(): DomainError {
  return new DomainError('conflict', 'matched_with_it', 'A match of the line with one of these stands.', {
    field: 'expectedIds',
    mend: 'Undo that one match (matchId of GET /v1/statement-lines/{id}), then match it with all that is for it.',
  });
}

function notABank(): DomainError {
  return new DomainError(
    'conflict',
    'line_of_no_bank',
    "Only lines of a bank's statement are matched by hand.",
    {
      mend: "Lines of a channel's account follow its bills; those of a funder's list follow its claims.",
    },
  );
}
