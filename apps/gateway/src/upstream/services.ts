/**
 * The five services behind the gateway and first path segments under /v1 that each one serves. These are known even
 * while a service is away; segments that are not here are learnt from the services' API documents.
 */
export const SEGMENTS = {
  facilities: ['regions', 'kinds', 'sites', 'offerings', 'nearby'],
  operators: [
    'organisations',
    'people',
    'api-clients',
    'contracts',
    'staff',
    'licences',
    'licence-requirements',
    'audit-entries',
  ],
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

/** Paths with dot segments, empty segments or hidden slashes: no resource has one, and two readers may differ on it. */
const WINDING = /^[^?]*(\/\.{1,2}(\/|\?|$)|\/\/|\\|%2e|%2f|%5c|%00)/i;

/** The first segment of a path under /v1; undefined when there is none to be trusted. */
export function segmentOf(path: string): string | undefined {
  return WINDING.test(path) ? undefined : /^\/v1\/([^/?#]+)/.exec(path)?.[1];
}

export function ownerOf(segment: string): ServiceName | undefined {
  return BY_SEGMENT.get(segment);
}
