import { randomUUID } from 'node:crypto';

export interface Answer {
  status: number;
  body: unknown;
  text: string;
}

type Headers = Record<string, string>;

/** Somebody who sends requests to the gateway and looks at whatever comes back. */
export class Caller {
  constructor(
    readonly name: string,
    /** Undefined for API clients: they have the role front_end. */
    readonly role: string,
    private readonly gatewayUrl: string,
    private readonly credentials: Headers = {},
  ) {}

  as(name: string, role: string, credentials: Headers): Caller {
    return new Caller(name, role, this.gatewayUrl, credentials);
  }

  async send(method: string, path: string, body?: unknown, more: Headers = {}): Promise<Answer> {
    const isFile = typeof body === 'string';
    const headers: Headers = { ...this.credentials };
    if (body !== undefined) headers['content-type'] = isFile ? 'text/csv' : 'application/json';
    if (method === 'POST') headers['idempotency-key'] = randomUUID();
    const response = await fetch(this.gatewayUrl + path, {
      method,
      headers: { ...headers, ...more },
      body: body === undefined ? undefined : isFile ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, text, body: parsed(text) };
  }

  /** A request that must succeed. */
  async must<T>(method: string, path: string, body?: unknown, more: Headers = {}): Promise<T> {
    const answer = await this.send(method, path, body, more);
    if (answer.status >= 300)
      throw new Error(`${this.name}: ${method} ${path} → ${answer.status} ${answer.text}`);
    return answer.body as T;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
/** What a sample body makes unique (see samples.ts). */
const UNIQUE = /uq[0-9a-z]{10}/g;
/** Keys, secrets and passwords that are shown once. */
const SHOWN_ONCE = /(whsec_|dsk_)[\w+/=-]+|(?<="oneTimePassword":")[^"]+/g;

/** What an answer says once everything that differs from request to request is taken out. */
export function gist({ status, text }: Answer): string {
  const plain = text
    .replace(ID, '<id>')
    .replace(INSTANT, '<instant>')
    .replace(UNIQUE, '<unique>')
    .replace(SHOWN_ONCE, '<secret>');
  return `${status} ${plain.replace(/"retryAfterSeconds":\d+/, '"retryAfterSeconds":n')}`;
}

/** Every id that an answer mentions. */
export function idsIn(text: string): string[] {
  return [...new Set(text.match(ID) ?? [])];
}
