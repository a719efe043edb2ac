import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { NotificationsConfig } from '../config';
import type { Outcome } from '../deliveries/delivery';
import { guardedLookup, webhookUrl } from './address.guard';

const CONNECT_MS_MAX = 5_000;
/** From the first byte sent to the last byte read. */
const ANSWER_MS_MAX = 15_000;
/** Of an answer's body, which nobody reads. */
const ANSWER_BYTES_MAX = 64 * 1024;

/** What an endpoint gets. `id` is the event's; the header webhook-id is the delivery's, the same on every attempt. */
export interface WebhookBody {
  id: string;
  type: string;
  timestamp: string;
  data: object;
}

export interface WebhookCall {
  /** The delivery's id. */
  id: string;
  url: string;
  secret: string;
  body: WebhookBody;
}

/** Standard Webhooks 1.0 over HTTPS: signed, no redirects, public addresses only. */
@Injectable()
export class WebhookChannel implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(private readonly config: NotificationsConfig) {
    this.agent = new Agent({
      connect: {
        timeout: CONNECT_MS_MAX,
        ...(!config.webhookAllowPrivate && { lookup: guardedLookup }),
      },
      headersTimeout: ANSWER_MS_MAX,
      bodyTimeout: ANSWER_MS_MAX,
      keepAliveTimeout: 10_000,
      connections: 2,
    });
  }

  /** Never throws for what the other side does: that is an outcome. */
  async call({ id, url, secret, body }: WebhookCall): Promise<Outcome> {
    const text = JSON.stringify(body);
    // The signature's time is the transport's, which receivers compare with their own clocks: not the service's clock,
    // which a rehearsal may have moved.
    const sentAt = new Date();
    try {
      const answer = await request(webhookUrl(url, this.config.webhookAllowPrivate), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Doorstep-Webhooks/1',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(id, sentAt, text),
        },
        body: text,
        dispatcher: this.agent,
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      await answer.body.dump({ limit: ANSWER_BYTES_MAX }).catch(() => undefined);
      return outcomeOfStatus(answer.statusCode, answer.headers['retry-after']);
    } catch (error) {
      return outcomeOfError(error as { code?: string; name?: string });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

export const GONE = 'http_410';

function outcomeOfStatus(status: number, retryAfter: string | string[] | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 410) return { kind: 'refused', reason: GONE };
  const seconds = Number(retryAfter);
  const afterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
  return { kind: 'failed', reason: `http_${status}`, ...(afterMs && { afterMs }) };
}

function outcomeOfError({ code, name }: { code?: string; name?: string }): Outcome {
  // A name that leads to a private network today may have been set right tomorrow: so it is tried again.
  if (code === 'EFORBIDDEN' || code === 'webhook_url_forbidden') {
    return { kind: 'failed', reason: 'address_forbidden' };
  }
  if (name === 'TimeoutError' || code?.startsWith('UND_ERR_') === true) {
    return { kind: 'failed', reason: name === 'TimeoutError' ? 'timeout' : code!.slice(8).toLowerCase() };
  }
  return { kind: 'failed', reason: `net_${(code ?? 'error').toLowerCase()}` };
}
