import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and body as they came. */
  text: string;
}

/** For specs: a real mail server that keeps what it is sent. `refuse550@…` is refused with that code. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  private readonly server: SMTPServer;
  port = 0;

  private constructor() {
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      // Idle connections of a pool are cut, as by a server that goes down.
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        const code = Number(/^refuse(\d+)@/.exec(address)?.[1]);
        done(code ? Object.assign(new Error(`no such person ${address}`), { responseCode: code }) : null);
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.keep(session, Buffer.concat(chunks).toString('utf8'));
          done();
        });
      },
    });
    this.server.on('error', () => undefined); // clients that hang up
  }

  /** @param port 0 takes a free one */
  static start(port = 0): Promise<MailServer> {
    const mail = new MailServer();
    return new Promise((resolve) =>
      mail.server.listen(port, '127.0.0.1', () => {
        mail.port = (mail.server.server.address() as AddressInfo).port;
        resolve(mail);
      }),
    );
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }

  private keep({ envelope }: SMTPServerSession, text: string): void {
    const { mailFrom, rcptTo } = envelope;
    const from = mailFrom ? mailFrom.address : '';
    this.received.push({ from, to: rcptTo.map(({ address }) => address), text });
  }
}
