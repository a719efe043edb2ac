import { Injectable } from '@nestjs/common';
import { newId } from '@doorstep/kernel';
import {
  Clock,
  currentActor,
  Database,
  decodeCursor,
  page,
  type Page,
  type Report,
  type Tx,
} from '@doorstep/platform';
import { LedgerService } from '../ledger/ledger.service';
import { Progress } from '../settlement-files/progress.service';
import type { StatementAccountDto } from '../statements/statement-accounts.dto';
import { findAccount } from '../statements/statement-accounts.service';
import { alikeToExpected, alikeToLines, nextOpenLines } from './alike.queries';
import { matchChannelAccount } from './channel-steps.queries';
import { expectNews } from './expected.queries';
import { bankMatched, summed } from './match-entries';
import type { MatchDto, MatchesQuery, RunMatchDto } from './matches.dto';
import {
  allocate,
  beginMatch,
  nameNearMisses,
  nameWhatIsOpen,
  overtakeSuggestions,
  partsOfMatch,
  patternsOf,
  writeSuggestions,
  type NewAllocation,
} from './matches.queries';
import { matchBank, matchFunderList, nearMisses, type Matched, type MatchOf } from './steps.queries';
import { ranked, uncontested, type Suggestion } from './suggestion';
import type { ReconciliationTerms } from './terms';
import { termsOn } from './terms.service';

const MATCH = `id, account_id AS "accountId", lines, matched, suggested, exceptions, created_at AS "createdAt"`;
/** Entries that are posted by one statement. */
const ENTRIES_AT_ONCE = 1_000;
const STEPS = 5;

/** Matches the open lines of an account with what is expected on it; what is left over is named, one way or the other. */
@Injectable()
export class MatchesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly ledger: LedgerService,
    private readonly progress: Progress,
  ) {}

  run({ accountId, progressId }: RunMatchDto): Promise<MatchDto> {
    return this.db.write(async (tx) => {
      const account = await findAccount(tx, accountId);
      const { operatorId } = account;
      const report = this.progress.reporter(progressId, operatorId);
      const of: MatchOf = { matchId: newId(), operatorId, accountId };
      await beginMatch(tx, operatorId);
      const [{ lines }] = await tx.sql<{ lines: number }>(
        `SELECT count(*)::int AS lines FROM statement_line WHERE account_id = $1 AND matched_fen = 0`,
        [accountId],
      );
      const { matched, suggested, exceptions } = await this.match(tx, of, account, report);
      const [match] = await tx.sql<MatchDto>(
        `INSERT INTO statement_match (id, operator_id, account_id, lines, matched, suggested, exceptions, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${MATCH}`,
        [
          ...[of.matchId, operatorId, accountId, lines, JSON.stringify(matched), suggested, exceptions],
          ...[currentActor().id, this.clock.now()],
        ],
      );
      tx.afterCommit(() => report('done', STEPS, STEPS));
      return match;
    });
  }

  list({ accountId, limit, cursor }: MatchesQuery): Promise<Page<MatchDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<MatchDto>(
        `SELECT ${MATCH} FROM statement_match
         WHERE ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR account_id = $3) ORDER BY id LIMIT $1`,
        [limit + 1, after, accountId ?? null],
      );
      return page(rows, limit, (match) => [match.id]);
    });
  }

  /** Books what a match moved on a bank account. */
  async book(tx: Tx, matchId: string): Promise<void> {
    const entries = summed(await partsOfMatch(tx, matchId)).map((part) => bankMatched(matchId, part));
    for (let at = 0; at < entries.length; at += ENTRIES_AT_ONCE)
      await this.ledger.post(tx, entries.slice(at, at + ENTRIES_AT_ONCE));
  }

  private async match(
    tx: Tx,
    of: MatchOf,
    account: StatementAccountDto,
    report: Report,
  ): Promise<{ matched: Matched; suggested: number; exceptions: number }> {
    const { operatorId } = of;
    const [at, by] = [this.clock.now(), currentActor().id];
    const terms = await termsOn(tx, operatorId, at);
    report('matching', 0, STEPS);
    await expectNews(tx, operatorId);
    report('matching', 1, STEPS);
    const matched = await bySteps(tx, of, account.kind);
    report('matching', 2, STEPS);
    let suggested = 0;
    if (account.kind === 'bank') {
      matched.tolerance = await this.withinTolerance(tx, of, terms);
      const learnt = await this.suggest(tx, of, terms);
      matched.learnt = learnt.applied;
      suggested = learnt.suggested;
    }
    report('matching', 3, STEPS);
    await overtakeSuggestions(tx, operatorId);
    const isBank = account.kind === 'bank';
    const exceptions = await nameWhatIsOpen(tx, of, { at, by, overdueDays: terms.overdueDays, isBank });
    await this.book(tx, of.matchId);
    report('matching', 4, STEPS);
    return { matched, suggested, exceptions };
  }

  /** A line that names something and is a few fen off settles it; the fen have a name of their own. */
  private async withinTolerance(tx: Tx, of: MatchOf, { toleranceFen }: ReconciliationTerms): Promise<number> {
    if (toleranceFen === 0) return 0;
    const misses = (await nearMisses(tx, of, toleranceFen)).map((miss) => ({ ...miss, id: newId() }));
    const comment = `Within the tolerance of ${toleranceFen} fen.`;
    await nameNearMisses(tx, of.operatorId, misses, { at: this.clock.now(), by: currentActor().id, comment });
    const parts = misses.flatMap(({ id, lineId, expectedId, lineFen, expectedFen }) => [
      { lineId, expectedId, exceptionId: null, amountFen: expectedFen },
      { lineId, expectedId: null, exceptionId: id, amountFen: lineFen - expectedFen },
    ]);
    await allocate(tx, { ...of, step: 'tolerance' }, parts);
    return misses.length;
  }

  /** Looks at all open lines, some at a time. What is applied by itself has no rival among lines of a later turn either. */
  private async suggest(
    tx: Tx,
    of: MatchOf,
    { confirmationsNeeded }: ReconciliationTerms,
  ): Promise<{ applied: number; suggested: number }> {
    const patterns = await patternsOf(tx, of.operatorId);
    let [applied, suggested] = [0, 0];
    let lineIds = await nextOpenLines(tx, of, 0);
    while (lineIds.length > 0) {
      const { apply, suggest } = ranked(await alikeToLines(tx, of, lineIds), patterns, confirmationsNeeded);
      const rivals = await alikeToExpected(
        tx,
        of,
        apply.map(({ expectedId }) => expectedId),
      );
      const certain = uncontested(apply, rivals);
      await allocate(tx, { ...of, step: 'learnt' }, certain.apply.map(wholeLine));
      applied += certain.apply.length;
      suggested += await writeSuggestions(tx, of, [...certain.contested, ...suggest], this.clock.now());
      lineIds = await nextOpenLines(tx, of, lineIds[lineIds.length - 1]);
    }
    return { applied, suggested };
  }
}

function wholeLine({ lineId, expectedId, lineFen }: Suggestion): NewAllocation {
  return { lineId, expectedId, exceptionId: null, amountFen: lineFen };
}

function bySteps(tx: Tx, of: MatchOf, kind: StatementAccountDto['kind']): Promise<Matched> {
  switch (kind) {
    case 'bank':
      return matchBank(tx, of);
    case 'channel':
      return matchChannelAccount(tx, of);
    case 'funder':
      return matchFunderList(tx, of);
  }
}
