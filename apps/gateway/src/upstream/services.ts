/** The five services behind the gateway and the first path segments under /v1 that each one serves. */
export const SEGMENTS = {
  facilities: ['regions', 'kinds', 'sites', 'offerings', 'nearby'],
  operators: ['organisations', 'people', 'api-clients', 'contracts', 'staff'],
  bookings: ['households', 'residents', 'availability', 'bookings', 'visits', 'sessions'],
  billing: [
    'prices',
    'programmes',
    'budgets',
    'quotes',
    'charges',
    'payments',
    'ledger',
    'settlement-files',
    'reconciliations',
    'exceptions',
    'claims',
    'reports',
  ],
  notifications: ['deliveries', 'templates', 'preferences', 'webhook-endpoints'],
} as const;

export type ServiceName = keyof typeof SEGMENTS;
export const SERVICES = Object.keys(SEGMENTS) as ServiceName[];

const BY_SEGMENT = new Map(
  SERVICES.flatMap((service) =>
    SEGMENTS[service].map((segment): [string, ServiceName] => [segment, service]),
  ),
);

/** First segments whose POST bodies are files: streamed, never held in memory. */
const UPLOADS = new Set(['settlement-files']);

/** Paths with dot segments, empty segments or hidden slashes: no resource has one, and two readers may differ on it. */
const WINDING = /^[^?]*(\/\.{1,2}(\/|\?|$)|\/\/|\\|%2e|%2f|%5c|%00)/i;

export interface Target {
  service: ServiceName;
  upload: boolean;
}

/** Where a request goes, by its path's first segment under /v1; undefined when nowhere. */
export function targetOf(method: string, path: string): Target | undefined {
  if (WINDING.test(path)) return undefined;
  const segment = /^\/v1\/([^/?#]+)/.exec(path)?.[1];
  const service = segment && BY_SEGMENT.get(segment);
  if (!service) return undefined;
  return {
    service,
    upload: method === 'POST' && UPLOADS.has(segment) && /^\/v1\/[^/?#]+\/?(\?|$)/.test(path),
  };
}
