/** The domain services, each with a database and roles of its own. */
export const SERVICES = ['facilities', 'operators', 'bookings', 'billing', 'notifications'] as const;
export type ServiceName = (typeof SERVICES)[number];
export type ProcessName = ServiceName | 'gateway';
export const PROCESSES: readonly ProcessName[] = [...SERVICES, 'gateway'];

/** FACILITIES_URL and the like, as the gateway's config names them. */
export const urlNameOf = (service: ServiceName): string => `${service.toUpperCase()}_URL`;
