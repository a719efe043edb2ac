import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

/** A problem document of the API (RFC 9457), with the HTTP status it came by. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly body: Record<string, unknown>,
    request: string,
  ) {
    super(
      `${request} → ${status} ${code}: ${String(body.detail ?? body.title ?? '')} ${JSON.stringify(body.errors ?? '')}`,
    );
  }
}

export interface Answer<T> {
  status: number;
  body: T;
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** Raw text instead of JSON. */
  text?: string;
}

/** One caller of the gateway: everything the demo does goes through this, as any front-end would. */
export class FrontEnd {
  calls = 0;

  private constructor(
    private readonly pool: Pool,
    private readonly credentials: Record<string, string>,
  ) {}

  static connect(gatewayUrl: string): FrontEnd {
    return new FrontEnd(
      new Pool(gatewayUrl, { connections: 32, headersTimeout: 30_000, bodyTimeout: 30_000 }),
      {},
    );
  }

  /** The same connections under another identity. */
  as(credentials: { apiKey: string } | { accessToken: string }): FrontEnd {
    return new FrontEnd(
      this.pool,
      'apiKey' in credentials
        ? { 'x-api-key': credentials.apiKey }
        : { authorization: `Bearer ${credentials.accessToken}` },
    );
  }

  async signIn(login: string, password: string): Promise<FrontEnd> {
    const token = await this.post<{ accessToken: string }>('/v1/auth/token', { login, password });
    return this.as({ accessToken: token.accessToken });
  }

  async get<T>(path: string): Promise<T> {
    return (await this.send<T>('GET', path, {})).body;
  }

  /** A file that is text, as it is. */
  async text(path: string): Promise<string> {
    const response = await this.pool.request({ method: 'GET', path, headers: this.credentials });
    const text = await response.body.text();
    if (response.statusCode >= 400) throw new Refused(response.statusCode, 'unknown', {}, `GET ${path}`);
    return text;
  }

  async post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return (await this.send<T>('POST', path, { body, headers })).body;
  }

  async patch<T>(path: string, body: unknown): Promise<T> {
    return (await this.send<T>('PATCH', path, { body })).body;
  }

  async upload<T>(path: string, text: string): Promise<T> {
    return (await this.send<T>('POST', path, { text, headers: { 'content-type': 'text/csv' } })).body;
  }

  /** Every page of a list, bounded: a list that never ends is a defect to see, not to wait for. */
  async all<T>(path: string, pagesMax = 2_000): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < pagesMax; page++) {
      const join = path.includes('?') ? '&' : '?';
      const answer: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}${join}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (!cursor) return items;
    }
    throw new Error(`${path} has more than ${pagesMax} pages`);
  }

  /**
   * Sends one request. Refusals become `Refused`; 429 and 503 are retried a few times after the delay the API asks
   * for, under the same idempotency key, so that a repeated write happens once.
   */
  async send<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    call: Call,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = {
      ...this.credentials,
      'idempotency-key': randomUUID(),
      ...call.headers,
    };
    if (method === 'GET') delete headers['idempotency-key'];
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    for (let attempt = 1; ; attempt++) {
      this.calls++;
      const response = await this.pool.request({ method, path, headers, body });
      const text = await response.body.text();
      const parsed = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
      if (response.statusCode < 400) return { status: response.statusCode, body: parsed as T };
      if ((response.statusCode === 429 || response.statusCode === 503) && attempt < 8) {
        const seconds = Number(response.headers['retry-after'] ?? 0.25);
        await new Promise((resolve) => setTimeout(resolve, Math.min(5, seconds) * 1000));
        continue;
      }
      throw new Refused(response.statusCode, String(parsed.code ?? 'unknown'), parsed, `${method} ${path}`);
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** Runs `work` over the items, a bounded number at a time, in order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
