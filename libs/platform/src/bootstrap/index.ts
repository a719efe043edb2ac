export * from './each-alone';
export * from './periodic';
export * from './redis';
export * from './start-service';
export * from './periodic-runner';
