import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  type Actor,
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  pageOf,
  PERMISSIONS,
  Revocations,
  SYSTEM_ACTOR,
  type Tx,
} from '@doorstep/platform';
import { IsNull, MoreThan, Not } from 'typeorm';
import { AuditLog } from '../audit/audit.service';
import type { OrganisationEntity } from '../organisations/organisation.entity';
import { loadOrganisation } from '../organisations/organisations.service';
import { ApiClientEntity } from './api-client.entity';
import type { ApiClientDto, ApiClientsQuery, IssueApiKeyDto, IssuedApiKeyDto } from './api-clients.dto';
import { newApiKey, parseApiKey, sameHash } from './api-key';
import { checkScopes } from './scopes';

const HOUR_MS = 3_600_000;
const FRONT_END_PERMISSIONS = PERMISSIONS.filter(({ roles }) => roles.includes('front_end')).map(
  ({ permission }) => permission,
);

@Injectable()
export class ApiClientsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
    private readonly revocations: Revocations,
  ) {}

  /** The key is part of this answer alone: a repeat of the call finds the client, not the key. */
  async issue(command: IssueApiKeyDto): Promise<IssuedApiKeyDto> {
    const scopes = checkScopes(command.scopes, FRONT_END_PERMISSIONS);
    const id = newId();
    const { key, secretHash } = newApiKey(id);
    let fresh = false;
    const client = await this.db.write(async (tx) => {
      const organisation = await this.operatorOf(tx, command);
      const row = {
        id,
        operatorId: organisation.operatorId ?? organisation.id,
        organisationId: organisation.id,
        name: command.name,
        scopes,
        secretHash,
        lastUsedAt: null,
        revokedAt: null,
        version: 1,
        createdBy: currentActor().id,
        createdAt: this.clock.now(),
      };
      await tx.manager.insert(ApiClientEntity, row);
      await this.record(tx, 'api-clients:create', row, { scopes });
      fresh = true;
      return show(row);
    });
    return { ...client, key: fresh ? key : null };
  }

  list(query: ApiClientsQuery): Promise<Page<ApiClientDto>> {
    const after = decodeCursor(query.cursor, 1);
    return this.db.read(async (tx) => {
      const rows = await tx.manager.find(ApiClientEntity, {
        where: {
          ...(query.organisationId && { organisationId: query.organisationId }),
          ...(query.revoked !== undefined && { revokedAt: query.revoked ? Not(IsNull()) : IsNull() }),
          ...(after && { id: MoreThan(String(after[0])) }),
        },
        order: { id: 'ASC' },
        take: query.limit + 1,
      });
      return pageOf(rows, query.limit, (row) => [row.id], show);
    });
  }

  find(id: string): Promise<ApiClientDto> {
    return this.db.read(async (tx) => show(await load(tx, id)));
  }

  async revoke(id: string): Promise<ApiClientDto> {
    const client = await this.db.write(async (tx) => {
      const row = await load(tx, id, { lock: true });
      if (row.revokedAt) return show(row);
      const changes = { revokedAt: this.clock.now(), version: row.version + 1 };
      await tx.manager.update(ApiClientEntity, { id }, changes);
      await this.record(tx, 'api-clients:revoke', row);
      return show({ ...row, ...changes });
    });
    await this.revocations.revoke(id);
    return client;
  }

  /** Whose key this is. Unknown, revoked and mistyped keys get one and the same answer. */
  async verify(key: string): Promise<{ actor: Actor; clientId: string }> {
    const parsed = parseApiKey(key);
    const client = parsed && (await this.withSecret(parsed.clientId));
    if (!parsed || !client || client.revokedAt || !sameHash(client.secretHash, parsed.secretHash)) {
      throw new DomainError('unauthenticated', 'api_key_unknown', 'This API key opens nothing.', {
        mend: 'Check the key, or ask the operator for a new one.',
      });
    }
    await this.noteUse(client);
    const { id, organisationId, operatorId, scopes } = client;
    const actor: Actor = {
      id,
      kind: 'client',
      organisationId,
      operatorId,
      regionPrefix: null,
      roles: ['front_end'],
      ...(scopes && { scopes }),
    };
    return { actor, clientId: id };
  }

  private withSecret(id: string): Promise<ApiClientEntity | null> {
    return this.db.read((tx) =>
      tx.manager
        .createQueryBuilder(ApiClientEntity, 'client')
        .addSelect('client.secretHash')
        .where('client.id = :id', { id })
        .getOne(),
    );
  }

  /** At most one write an hour and key. */
  private async noteUse({ id, lastUsedAt }: ApiClientEntity): Promise<void> {
    const hour = new Date(Math.floor(this.clock.now().getTime() / HOUR_MS) * HOUR_MS);
    if (lastUsedAt && lastUsedAt >= hour) return;
    await this.db.writeAs(SYSTEM_ACTOR, (tx) =>
      tx.sql(`UPDATE api_client SET last_used_at = $2 WHERE id = $1`, [id, hour]),
    );
  }

  private async operatorOf(tx: Tx, { organisationId }: IssueApiKeyDto): Promise<OrganisationEntity> {
    const actor = currentActor();
    const id = organisationId ?? actor.organisationId;
    if (!id) {
      throw new DomainError('invalid', 'organisation_missing', 'Whose front-end is it?', {
        field: 'organisationId',
        mend: "Give the operator's id.",
      });
    }
    const organisation = await loadOrganisation(tx, id);
    if (!actor.roles.includes('administrator') && id !== actor.organisationId)
      throw notFound('organisation', id);
    if (organisation.kind === 'operator') return organisation;
    throw new DomainError('invalid', 'not_an_operator', 'Front-ends book the sites of operators.', {
      field: 'organisationId',
      mend: "Give an operator's id.",
    });
  }

  private record(
    tx: Tx,
    action: string,
    client: Pick<ApiClientEntity, 'id' | 'operatorId'>,
    facts?: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record(tx, { action, entityId: client.id, operatorId: client.operatorId, facts });
  }
}

async function load(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<ApiClientEntity> {
  const client = await tx.manager.findOne(ApiClientEntity, {
    where: { id },
    ...(options.lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!client) throw notFound('API client', id);
  return client;
}

function show(row: Omit<ApiClientEntity, 'secretHash'>): ApiClientDto {
  const { id, organisationId, name, scopes, lastUsedAt, revokedAt, createdAt } = row;
  return { id, organisationId, name, scopes, lastUsedAt, revokedAt, createdAt };
}
