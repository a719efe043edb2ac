import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, newId, notFound } from '@doorstep/kernel';
import {
  type Actor,
  Clock,
  currentActor,
  Database,
  decodeCursor,
  type Page,
  type PageQuery,
  pageOf,
  type Tx,
} from '@doorstep/platform';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { NotificationsConfig } from '../config';
import { hasten } from '../deliveries/deliveries.queries';
import { Keyring } from '../sealing/keyring';
import { webhookUrl } from './address.guard';
import { HEALTHY } from './endpoint';
import { WebhookEndpointRow } from './webhook-endpoint.entity';
import {
  type NewWebhookEndpoint,
  showEndpoint,
  type WebhookEndpoint,
  type WebhookEndpointWithSecret,
} from './webhook-endpoints.dto';

/** Of one operator: each event is sent to each of them that asked. */
const ENDPOINTS_MAX = 20;
const SECRET_BYTES = 32;

@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly keyring: Keyring,
    private readonly config: NotificationsConfig,
  ) {}

  async register({ url, events }: NewWebhookEndpoint): Promise<WebhookEndpointWithSecret> {
    const actor = currentActor();
    const operatorId = tenantOf(actor);
    const { href } = webhookUrl(url, this.config.webhookAllowPrivate);
    // The sealed form only leaves the transaction: its result is remembered under the Idempotency-Key.
    const row = await this.database.write(async (tx) => {
      await this.assertRoom(tx, operatorId);
      const secretSealed = this.keyring.sealSecret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
      const createdAt = this.clock.now();
      const { status, failures } = HEALTHY;
      const base = { id: newId(), operatorId, url: href, events, secretSealed, status, failures };
      return tx.manager.save(
        tx.manager.create(WebhookEndpointRow, { ...base, createdBy: actor.id, createdAt }),
      );
    });
    const shown = showEndpoint({ ...row, ...UNTROUBLED, createdAt: new Date(row.createdAt) });
    return { ...shown, secret: this.keyring.openSecret(row.secretSealed) };
  }

  list({ limit, cursor }: PageQuery): Promise<Page<WebhookEndpoint>> {
    const after = decodeCursor(cursor, 1);
    return this.database.read(async ({ manager }) => {
      const query = visible(manager)
        .orderBy('endpoint.id')
        .take(limit + 1);
      if (after) query.andWhere('endpoint.id > :after', { after: String(after[0]) });
      return pageOf(await query.getMany(), limit, (row) => [row.id], showEndpoint);
    });
  }

  async find(id: string): Promise<WebhookEndpoint> {
    return showEndpoint(await this.database.read((tx) => load(tx, id)));
  }

  /** Gives a disabled endpoint a fresh start. What was suppressed meanwhile is not sent again. */
  async enable(id: string): Promise<WebhookEndpoint> {
    return this.database.write(async (tx) => {
      const row = await load(tx, id);
      return showEndpoint(await tx.manager.save(Object.assign(row, HEALTHY)));
    });
  }

  /** The secret goes with the row; the sender ends what is queued for it. */
  async remove(id: string): Promise<void> {
    await this.database.write(async (tx) => {
      await tx.manager.remove(await load(tx, id));
      await hasten(tx, id, this.clock.now());
    });
  }

  private async assertRoom(tx: Tx, operatorId: string): Promise<void> {
    if ((await tx.manager.countBy(WebhookEndpointRow, { operatorId })) < ENDPOINTS_MAX) return;
    throw new DomainError(
      'conflict',
      'webhook_endpoints_full',
      `There are ${ENDPOINTS_MAX} endpoints already.`,
      {
        mend: 'Remove one that is not used any more.',
        endpointsMax: ENDPOINTS_MAX,
      },
    );
  }
}

/** What a new row has by the table's defaults. */
const UNTROUBLED = { failingSince: null, pausedUntil: null, lastFailure: null, disabledAt: null };

/** Row-level security shows the tenant's; an API client sees only what it registered itself. */
function visible(manager: EntityManager): SelectQueryBuilder<WebhookEndpointRow> {
  const query = manager.createQueryBuilder(WebhookEndpointRow, 'endpoint').where('TRUE');
  const { kind, id } = currentActor();
  return kind === 'client' ? query.andWhere('endpoint.createdBy = :id', { id }) : query;
}

async function load({ manager }: Tx, id: string): Promise<WebhookEndpointRow> {
  const row = await visible(manager).andWhere('endpoint.id = :endpointId', { endpointId: id }).getOne();
  if (!row) throw notFound('webhook endpoint', id);
  return row;
}

function tenantOf({ operatorId }: Actor): string {
  if (operatorId) return operatorId;
  throw new DomainError('invalid', 'operator_needed', "An endpoint gets one operator's events.", {
    mend: 'Use an account or an API client of that operator.',
  });
}
