import { createTransport } from 'nodemailer';
import type { Outcome } from '../deliveries/delivery';
import { type Mail, MessageChannel } from './channel';

const CONNECT_MS_MAX = 10_000;
const SOCKET_MS_MAX = 20_000;
/** As many as the sender has messages under way. */
const CONNECTIONS_MAX = 5;

/** E-mail over SMTP, by pooled connections. */
export class SmtpChannel extends MessageChannel {
  readonly channel = 'email';
  private readonly transport;
  private readonly domain: string;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.domain = /@([^@\s>]+)>?\s*$/.exec(from)?.[1] ?? 'doorstep.invalid';
    this.transport = createTransport({
      url,
      pool: true,
      maxConnections: CONNECTIONS_MAX,
      connectionTimeout: CONNECT_MS_MAX,
      greetingTimeout: CONNECT_MS_MAX,
      socketTimeout: SOCKET_MS_MAX,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ id, to, language, subject, text, at }: Mail): Promise<Outcome> {
    if (!to.email) return { kind: 'suppressed', reason: 'no_address' };
    try {
      await this.transport.sendMail({
        messageId: `<${id}@${this.domain}>`,
        date: at,
        from: this.from,
        to: { name: to.name, address: to.email },
        subject,
        text,
        headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
      });
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error as { responseCode?: number; code?: string });
    }
  }

  close(): void {
    this.transport.close();
  }
}

/**
 * RFC 5321 §4.2.1: 5yz is for good, 4yz and a broken connection are for now. The server's own words may quote the
 * address, so only the codes are kept.
 */
function outcomeOf({ responseCode, code }: { responseCode?: number; code?: string }): Outcome {
  if (responseCode && responseCode >= 500 && code !== 'EAUTH')
    return { kind: 'refused', reason: `smtp_${responseCode}` };
  const reason = responseCode ? String(responseCode) : (code ?? 'error').toLowerCase();
  return { kind: 'failed', reason: `smtp_${reason}` };
}
