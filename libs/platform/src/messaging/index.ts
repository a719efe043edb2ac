export * from './hooks';
export { OnEvents } from './on-events';
export type { Received } from './received';
export * from './stats';
