import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import { Clock, currentActor, Database, decodeCursor, page, type Page, type Tx } from '@doorstep/platform';
import { KnownService } from '../known/known.service';
import { currentOperatorId } from '../shared/actor.scope';
import { refusing } from '../shared/refusals';
import { checkMapping } from './mapping';
import type {
  StatementAccountsQuery,
  ChangeAccountDto,
  OpenAccountDto,
  StatementAccountDto,
} from './statement-accounts.dto';

const ACCOUNT = `id, operator_id AS "operatorId", code, name, kind, channel, funder_id AS "funderId",
  account_no AS "accountNo", layout, mapping, payer_names AS "payerNames", created_at AS "createdAt", version`;

export async function findAccount(tx: Tx, id: string): Promise<StatementAccountDto> {
  const [account] = await tx.sql<StatementAccountDto>(
    `SELECT ${ACCOUNT} FROM statement_account WHERE id = $1`,
    [id],
  );
  if (!account) throw notFound('statement account', id);
  return account;
}

/** The accounts whose statements come in, and how to read them. */
@Injectable()
export class StatementAccountsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly known: KnownService,
  ) {}

  async open(command: OpenAccountDto): Promise<StatementAccountDto> {
    const operatorId = currentOperatorId();
    const { code, name, kind, channel, funderId, accountNo, layout, mapping, payerNames = [] } = command;
    checkAccount(command);
    if (funderId) await this.known.arrival({ organisation: funderId });
    const opened = this.db.write(async (tx) => {
      if (funderId) await this.known.organisation(tx, funderId);
      const [account] = await tx.sql<StatementAccountDto>(
        `INSERT INTO statement_account (id, operator_id, code, name, kind, channel, funder_id, account_no, layout, mapping,
           payer_names, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${ACCOUNT}`,
        [
          ...[newId(), operatorId, code, name, kind, channel ?? null, funderId ?? null, accountNo, layout],
          ...[mapping ? JSON.stringify(mapping) : null, JSON.stringify(payerNames)],
          ...[currentActor().id, this.clock.now()],
        ],
      );
      return account;
    });
    return refusing(() => opened, {
      statement_account_code_once: () => taken('code', code),
      statement_account_no_once: () => taken('accountNo', accountNo),
    });
  }

  find(id: string): Promise<StatementAccountDto> {
    return this.db.read((tx) => findAccount(tx, id));
  }

  list({ kind, limit, cursor }: StatementAccountsQuery): Promise<Page<StatementAccountDto>> {
    const after = decodeCursor(cursor, 1)?.[0] ?? null;
    return this.db.read(async (tx) => {
      const rows = await tx.sql<StatementAccountDto>(
        `SELECT ${ACCOUNT} FROM statement_account
         WHERE ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR kind = $3) ORDER BY id LIMIT $1`,
        [limit + 1, after, kind ?? null],
      );
      return page(rows, limit, (account) => [account.id]);
    });
  }

  change(id: string, { name, mapping, payerNames }: ChangeAccountDto): Promise<StatementAccountDto> {
    if (mapping) checkMapping(mapping);
    return this.db.write(async (tx) => {
      const account = await findAccount(tx, id);
      if (mapping && account.layout !== 'mapped') throw notMapped();
      const [changed] = await tx.sql<StatementAccountDto>(
        `UPDATE statement_account SET name = coalesce($2, name), mapping = coalesce($3, mapping),
           payer_names = coalesce($4, payer_names), version = version + 1 WHERE id = $1 RETURNING ${ACCOUNT}`,
        [
          id,
          name ?? null,
          mapping ? JSON.stringify(mapping) : null,
          payerNames ? JSON.stringify(payerNames) : null,
        ],
      );
      return changed;
    });
  }
}

function checkAccount({ kind, channel, funderId, layout, mapping }: OpenAccountDto): void {
  if ((kind === 'channel') !== (channel !== undefined))
    throw wrong('channel', 'Say the channel for kind channel, and only there.');
  if ((kind === 'funder') !== (funderId !== undefined))
    throw wrong('funderId', 'Say the funder for kind funder, and only there.');
  if ((layout === 'wechat_fund_flow') !== (kind === 'channel' && channel === 'wechat') && layout !== 'mapped')
    throw wrong('layout', 'wechat_fund_flow is of the account at WeChat Pay; other channels are mapped.');
  if (layout !== 'mapped' && mapping) throw notMapped();
  if (layout === 'mapped') {
    if (!mapping) throw wrong('mapping', 'Say which column holds what.');
    checkMapping(mapping);
  }
}

function wrong(field: string, mend: string): DomainError {
  return new DomainError('invalid', 'account_unclear', `${field} does not fit the rest.`, { field, mend });
}

function notMapped(): DomainError {
  return wrong('mapping', 'Only accounts of layout mapped have one.');
}

function taken(field: string, value: string): DomainError {
  return new DomainError(
    'conflict',
    'account_exists',
    `There is an account with ${field} ${value} already.`,
    {
      field,
      mend: 'Use that one: GET /v1/statement-accounts.',
    },
  );
}
