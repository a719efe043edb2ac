import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { WebhookBody } from './webhook.channel';

export interface ReceivedCall {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: WebhookBody;
}

/** For specs: a real HTTP server that keeps what it is sent and answers as it is told. */
export class Receiver {
  readonly calls: ReceivedCall[] = [];
  /** Answers a call; 204 by default. */
  answer: (call: ReceivedCall, response: ServerResponse) => void = (_call, response) =>
    void response.writeHead(204).end();

  private constructor(private readonly server: Server) {}

  static start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const body = JSON.parse(text) as WebhookBody;
        const call = { path: request.url ?? '', headers: request.headers, text, body };
        receiver.calls.push(call);
        receiver.answer(call, response);
      });
    });
    const receiver = new Receiver(server);
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(receiver)));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  to(path: string): ReceivedCall[] {
    return this.calls.filter((call) => call.path === path);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** As a careful receiver does it; throws when the signature is another's or the time is off. */
export function verify(secret: string, { text, headers }: ReceivedCall): unknown {
  return new Webhook(secret).verify(text, headers as Record<string, string>);
}
