export * from './actors';
export * from './arbitraries';
export { eventually, type EventuallyOptions } from './eventually';
export { FixedClock } from './fixed-clock';
export { signTestIdentity, TEST_IDENTITY_PUBLIC_KEY } from './identity';
export { type StackAddress, testPassword, testStack, uniqueName } from './stack-address';
export { type Letter, type Posted, TestBroker } from './test-broker';
export { asSuperuser, createTestDatabase, type TestDatabase } from './test-database';
export { type Caller, startTestService, type TestService, type TestServiceOptions } from './test-service';
