export * from './config';
export * from './context';
export * from './access';
export * from './http';
export * from './observability';
export * from './bootstrap';
export * from './platform.module';
