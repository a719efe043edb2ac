import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Channel, Outcome } from '../deliveries/delivery';
import { NotificationsConfig } from '../config';
import type { Mail, MessageChannel } from './channel';
import { FileChannel } from './file.channel';
import { SmtpChannel } from './smtp.channel';

/** The ways to residents that this process has. */
@Injectable()
export class MessageChannels implements OnApplicationShutdown {
  /** Takes new messages: e-mail where a mail server is set, else the file sink. */
  readonly preferred: MessageChannel;
  private readonly byName: Map<Channel, MessageChannel>;
  private readonly smtp?: SmtpChannel;

  constructor({ smtpUrl, mailFrom, notificationsDir }: NotificationsConfig) {
    const file = new FileChannel(notificationsDir);
    this.smtp = smtpUrl ? new SmtpChannel(smtpUrl, mailFrom) : undefined;
    this.preferred = this.smtp ?? file;
    // The file sink stays open for messages that were queued for it before a mail server was set.
    this.byName = new Map<Channel, MessageChannel>([['file', file]]);
    if (this.smtp) this.byName.set('email', this.smtp);
  }

  get names(): Channel[] {
    return [...this.byName.keys()];
  }

  send(channel: Channel, mail: Mail): Promise<Outcome> {
    const way = this.byName.get(channel);
    if (!way) throw new Error(`this process has no channel ${channel}`);
    return way.send(mail);
  }

  onApplicationShutdown(): void {
    this.smtp?.close();
  }
}
