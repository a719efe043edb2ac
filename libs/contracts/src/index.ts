export * from './billing';
export * from './bookings';
export * from './event';
export * from './facilities';
export * from './notifications';
export * from './operators';
export * from './topics';
export * from './vocabulary';
