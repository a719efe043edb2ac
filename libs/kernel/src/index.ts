export * from './digest';
export * from './errors';
export * from './geo';
export * from './identifiers';
export * from './money';
export * from './period';
export * from './region-code';
export * from './transitions';
