export * from './permissions';
export * from './access.decorator';
export * from './access.guard';
export * from './identity';
export * from './identity-key';
export * from './revocations';
export * from './internal-api';
