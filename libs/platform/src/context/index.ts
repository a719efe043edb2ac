export * from './actor';
export * from './context';
export * from './clock';
