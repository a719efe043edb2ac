import type { IncomingHttpHeaders } from 'node:http';

type Headers = Record<string, string | string[]>;

/**
 * What of a request's headers goes on to a service. A list of what may pass, not of what may not: so nothing
 * from outside can pose as an identity, and credentials stay here.
 */
const PASSED_ON = [
  'accept',
  'accept-language',
  'content-type',
  'prefer',
  'hold-token',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'range',
  'last-event-id',
  'tracestate',
];

/** Of a connection, not of a message (RFC 9110 section 7.6.1); or the gateway's own to say. */
const KEPT_BACK = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'date',
  'server',
  'set-cookie',
  'x-request-id',
  'x-powered-by',
]);

export function requestHeaders(
  incoming: IncomingHttpHeaders,
  own: Record<string, string | undefined>,
): Headers {
  const headers: Headers = {};
  for (const name of PASSED_ON) {
    const value = incoming[name];
    if (value !== undefined) headers[name] = value;
  }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) headers[name] = value;
  return headers;
}

export function responseHeaders(upstream: Record<string, string | string[] | undefined>): Headers {
  const headers: Headers = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (value !== undefined && !KEPT_BACK.has(name)) headers[name] = value;
  }
  return headers;
}
