export * from './problem';
export * from './problem.filter';
export * from './postgres-problem';
export * from './validation';
export * from './pagination';
export * from './openapi';
